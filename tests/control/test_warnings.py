"""What of a pact will disappoint somebody is said wherever the verdict is, and refused where that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.pacts import interaction, pact, rules

_PLACE = "/interactions/0/response/matchingRules/body/$.a/matchers/0"


def _disappointing(path: str = "/a", rule: str = "regx") -> dict[str, Any]:
    """An interaction whose response has a rule that nobody knows."""
    return interaction(path, {"path": path}, body={"a": "b"}, matchingRules=rules(**{"$.a": {"match": rule}}))


async def _create(control: aiohttp.ClientSession, *interactions: dict[str, Any]) -> dict[str, Any]:
    async with control.post("/", json=pact(*interactions)) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def test_a_warning_says_what_is_wrong_and_where_wherever_the_mock_server_is_described(
    control: aiohttp.ClientSession,
) -> None:
    server = await _create(control, _disappointing())
    (warning,) = server["warnings"]
    assert (warning["code"], warning["pointer"]) == ("unknown_rule", _PLACE)
    assert "'regx'" in warning["warning"]
    assert "'regex' may be meant" in warning["warning"]
    async with control.get(f"/mockserver/{server['id']}") as response:
        assert (await response.json())["warnings"] == [warning]
    async with control.get("/") as response:
        assert (await response.json())["mockServers"][0]["warnings"] == [warning]
    async with control.get(f"/mockserver/{server['id']}/logs") as response:
        assert f"warning: {warning['warning']} (at {_PLACE})" in await response.text()


async def test_verifying_says_the_warnings_in_headers_whether_all_matched_or_not(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, _disappointing("/a"), _disappointing("/b", "ja\n\u00fc"))
    verify = f"/mockserver/{server['id']}/verify"
    async with control.post(verify) as response:
        assert response.status == 422
        failed = response.headers.getall("X-Pactmock-Warning")
        assert (await response.json())["mockServer"]["warnings"] == server["warnings"]
    for path in ("/a", "/b"):
        async with http.get(server["url"] + path) as response:
            assert response.status == 200
    async with control.post(verify) as response:
        assert (response.status, response.headers.getall("X-Pactmock-Warning")) == (204, failed)
    assert failed[0].endswith(f"(at {_PLACE})")
    assert "'ja\\n\\xfc'" in failed[1]


async def test_a_pact_with_warnings_is_refused_where_warnings_are(
    service: Service, control: aiohttp.ClientSession
) -> None:
    posted = pact(_disappointing("/a"), _disappointing("/b"))
    async with control.post("/", params={"strict": "true"}, json=posted) as response:
        refused = await response.json()
        assert (response.status, refused["code"], refused["pointer"]) == (422, "unknown_rule", _PLACE)
        assert refused["more"] == 1
        assert refused["error"].endswith(f"warnings are refused here, and there are 1 more (at {_PLACE})")
    assert service.mock_service.servers == ()
    async with control.post("/", params={"strict": "true"}, json=pact(interaction())) as response:
        assert response.status == 200


async def test_more_interactions_with_warnings_are_refused_and_all_is_as_it_was(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, _disappointing("/a"))
    here = f"/mockserver/{server['id']}/interactions"
    for call in (control.post, control.put):
        async with call(here, params={"strict": "true"}, json=[_disappointing("/b")]) as response:
            assert (response.status, (await response.json())["code"]) == (422, "unknown_rule")
    async with http.get(server["url"] + "/b") as response:
        assert response.status == 500
    # What was there before is no reason to refuse what is added.
    async with control.post(here, params={"strict": "true"}, json=[interaction("c", {"path": "/c"})]) as response:
        assert (await response.json())["warnings"] == server["warnings"]
    async with control.post(here, json=[_disappointing("/b")]) as response:
        assert len((await response.json())["warnings"]) == 2
    async with control.put(here, json=[interaction("c", {"path": "/c"})]) as response:
        assert (await response.json())["warnings"] == []


async def test_a_strict_service_refuses_warnings_unless_a_call_says_otherwise(tmp_path: Path) -> None:
    posted = pact(_disappointing())
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, strict=True)) as strict,
        aiohttp.ClientSession(strict.url) as control,
    ):
        async with control.post("/", json=posted) as response:
            assert (response.status, (await response.json())["code"]) == (422, "unknown_rule")
        async with control.post("/", params={"strict": "false"}, json=posted) as response:
            assert response.status == 200


async def test_of_many_warnings_a_hundred_are_listed_and_twenty_are_headers(control: aiohttp.ClientSession) -> None:
    server = await _create(control, *(_disappointing(f"/{number}") for number in range(150)))
    assert len(server["warnings"]) == 101
    assert server["warnings"][-1]["warning"] == "There are 50 more warnings: mend these first"
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert len(response.headers.getall("X-Pactmock-Warning")) == 20


async def test_a_warning_that_quotes_a_long_text_is_short_itself(control: aiohttp.ClientSession) -> None:
    server = await _create(control, interaction(headers={"Content-Encoding": "gzip," * 20_000}))
    (text,) = (item["warning"] for item in server["warnings"])
    assert len(text) < 3000
    assert text.startswith("The provider's verification does not code bodies")
    assert text.endswith("leave it out")


async def test_a_pact_without_interactions_is_taken_with_a_warning(control: aiohttp.ClientSession) -> None:
    (warning,) = (await _create(control))["warnings"]
    assert (warning["code"], warning["pointer"]) == ("no_interactions", "")


async def test_what_is_expected_later_is_taken_as_strictly_as_the_pact_was(control: aiohttp.ClientSession) -> None:
    for strict, statuses in (("true", (422, 200)), ("false", (200, 200))):
        async with control.post("/", params={"strict": strict}, json=pact(interaction())) as response:
            here = f"/mockserver/{(await response.json())['mockServer']['id']}/interactions"
        for call in (control.post, control.put):
            async with call(here, json=[_disappointing("/b")]) as response:
                assert response.status == statuses[0]
            async with call(here, params={"strict": "false"}, json=[_disappointing("/b")]) as response:
                assert response.status == statuses[1]
