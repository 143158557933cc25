"""Long lists come in pages, and what is cut short in a list is there as a whole."""

from __future__ import annotations

from typing import Any

import aiohttp

from pactmock.control.running import Service
from pactmock.pact.documents import reading
from tests.pacts import interaction, pact
from tests.raw_http import exchange


async def _create(control: aiohttp.ClientSession, *interactions: dict[str, Any]) -> dict[str, Any]:
    async with control.post("/", json=pact(*interactions)) as response:
        return dict((await response.json())["mockServer"])


async def _get(control: aiohttp.ClientSession, path: str) -> Any:
    async with control.get(path) as response:
        return await response.json()


async def test_interactions_are_listed_with_what_was_asked_for(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    states = [{"name": "there is one"}]
    first = interaction("first", {"path": "/a"}) | {"providerStates": states}
    server = await _create(control, first, interaction("second", {"path": "/b"}), interaction("third", {"path": "/c"}))
    for path in ("/a", "/a", "/b?more=1"):
        await (await http.get(server["url"] + path)).read()
    listed = await _get(control, f"/mockserver/{server['id']}/interactions")
    assert [(item["description"], item["received"], item["served"]) for item in listed["interactions"]] == [
        ("first", True, 2),
        ("second", True, 0),
        ("third", False, 0),
    ]
    assert listed["interactions"][0]["providerStates"] == states
    assert len({item["key"] for item in listed["interactions"]}) == listed["total"] == 3
    page = await _get(control, f"/mockserver/{server['id']}/interactions?offset=1&limit=1")
    assert [item["description"] for item in page["interactions"]] == ["second"]


async def test_a_request_that_is_cut_short_in_the_list_can_be_had_whole(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, interaction(request={"method": "POST"}))
    content = "é".encode() * 1000
    await (await http.post(server["url"], data=content)).read()
    here = f"/mockserver/{server['id']}/requests"
    (listed,) = (await _get(control, here))["requests"]
    assert listed["request"]["body"] == {"content": "é" * 512, "encoded": False, "size": 2000, "shown": 1024}
    whole = await _get(control, f"{here}/{listed['number']}")
    assert whole["request"]["body"] == {"content": "é" * 1000, "encoded": False, "size": 2000}
    async with control.get(f"{here}/{listed['number']}/body") as response:
        assert await response.read() == content
        assert response.content_type == "application/octet-stream"
    cut = await _get(control, f"{here}/{listed['number']}?most=10")
    assert cut["request"]["body"] == {"content": "é" * 5, "encoded": False, "size": 2000, "shown": 10}
    for number in ("0", "99", "x", "-1", "9" * 30):
        async with control.get(f"{here}/{number}") as response:
            assert (response.status, (await response.json())["code"]) == (404, "no_such_request")


async def test_a_page_of_the_journal_says_where_the_next_one_begins(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, interaction())
    for number in range(120):
        await (await http.get(f"{server['url']}/{'p' * 40_000}{number}")).read()
    numbers: list[int] = []
    since: int | None = 0
    while since is not None:
        page = await _get(control, f"/mockserver/{server['id']}/requests?since={since}")
        numbers += [item["number"] for item in page["requests"]]
        since = page["next"]
    assert numbers == list(range(1, 121))


async def test_missing_interactions_are_listed_page_by_page(control: aiohttp.ClientSession, service: Service) -> None:
    server = await _create(control, *(interaction(f"{number}", {"path": f"/{number}"}) for number in range(2500)))
    here = f"/mockserver/{server['id']}/mismatches"
    async with control.get(f"{here}?limit=600") as response:
        assert len(await response.json()) == 600
        assert response.headers["X-Pactmock-Dropped"] == "1500"
        assert "offset=600" in response.headers["Link"]
    async with control.get(f"{here}?offset=600&limit=600") as response:
        assert [item["path"] for item in await response.json()] == [f"/{number}" for number in range(600, 1000)]
        assert "Link" not in response.headers
    assert reading.read_pact(await _get(control, f"/mockserver/{server['id']}/pact")).interactions
    assert not service.mock_service.registry.servers[0].matched


async def test_a_brief_list_has_a_line_for_each_request_also_for_what_could_not_be_read(
    service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, interaction("first", {"path": "/a"}))
    for path in ("/a", "/a?more=1"):
        await (await http.get(server["url"] + path)).read()
    await exchange(server["port"], b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
    await exchange(server["port"], b"nothing\r\n\r\n")
    listed = await _get(control, f"/mockserver/{server['id']}/requests?brief=true")
    assert [(item["number"], item["outcome"], item["status"]) for item in listed["requests"]] == [
        (1, "Request-Matched", 200),
        (2, "Request-Mismatch", 500),
        (3, "Refused", 400),
        (4, "Refused", 400),
    ]
    assert [(item["method"], item["path"], item["query"]) for item in listed["requests"][:2]] == [
        ("GET", "/a", None),
        ("GET", "/a", "more=1"),
    ]
    assert listed["requests"][1]["interaction"] == {
        "description": "first",
        "key": listed["requests"][0]["interaction"]["key"],
    }
    assert "request" not in listed["requests"][0]
    shown = await _get(control, f"/mockserver/{server['id']}")
    assert (shown["failed"], shown["missing"]) == (2, 0)


async def test_one_interaction_is_shown_whole_with_what_it_expects_and_answers(control: aiohttp.ClientSession) -> None:
    rule = {"$.n": {"matchers": [{"match": "integer"}], "combine": "AND"}}
    request = {
        "method": "POST",
        "path": "/a",
        "query": {"q": ["1", "2"]},
        "headers": {"X-A": "b"},
        "body": {"n": 1.0, "text": "é" * 1000},
        "matchingRules": {"body": rule},
    }
    server = await _create(control, interaction("first", request, status=201, body="made"), interaction("other"))
    here = f"/mockserver/{server['id']}/interactions"
    (listed, _) = (await _get(control, here))["interactions"]
    whole = await _get(control, f"{here}/{listed['key']}?most=8")
    assert {name: whole[name] for name in listed} == listed
    assert whole["request"] == {
        "method": "POST",
        "path": "/a",
        "query": {"q": ["1", "2"]},
        "headers": {"X-A": ["b"]},
        "body": {"content": '{"n":1.0', "encoded": False, "size": 2019, "shown": 8},
        "matchingRules": {"body": rule},
    }
    assert whole["response"] == {
        "status": 201,
        "headers": {},
        "body": {"content": "made", "encoded": False, "size": 4},
    }
    assert (await _get(control, f"{here}/first"))["key"] == listed["key"]
    async with control.get(f"{here}/nothing") as response:
        assert (response.status, (await response.json())["code"]) == (404, "no_such_interaction")


async def test_it_is_counted_what_failed_and_what_is_missing(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, *(interaction(f"no. {n}", {"path": f"/{n}"}) for n in range(3)))

    async def counted() -> tuple[int, int]:
        shown = await _get(control, f"/mockserver/{server['id']}")
        return shown["failed"], shown["missing"]

    assert await counted() == (0, 3)
    await (await http.get(server["url"] + "/1")).read()
    assert await counted() == (0, 2)
    for _ in range(2):
        await (await http.get(server["url"] + "/2?no=1")).read()
    assert await counted() == (2, 1)
