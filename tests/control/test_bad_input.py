"""Whatever is sent to the control API, it answers 4xx with a sentence and a stable code, and serves on."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.pacts import USERS, interaction, pact

JSON = {"Content-Type": "application/json"}


def _ruled(rule: Any, path: str = "$.a") -> dict[str, Any]:
    return pact(interaction("x", {"body": {"a": 1}, "matchingRules": {"body": {path: {"matchers": [rule]}}}}))


@pytest.fixture(autouse=True)
async def _serves_on(service: Service, control: aiohttp.ClientSession) -> AsyncIterator[None]:
    """After every one of these tests the service has made nothing and can still play a pact."""
    yield
    assert len(service.mock_service.registry) == 0
    async with control.post("/", json=USERS) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"", 400, "invalid_parameter", "There is no pact in this request"),
        (b"   \n", 400, "invalid_parameter", "There is no pact in this request"),
        (b"{", 400, "not_json", "line 1 column"),
        (b"<pact/>", 400, "not_json", "This is not JSON"),
        ('{"consumer": {}}'.encode("utf-16"), 400, "not_json", "it is in UTF-16 or UTF-32, not in UTF-8: save it as"),
        ('{"consumer": {}}'.encode("utf-16-le"), 400, "not_json", "it is in UTF-16 or UTF-32, not in UTF-8"),
        ('{"consumer": {}}'.encode("utf-32-be"), 400, "not_json", "it is in UTF-16 or UTF-32, not in UTF-8"),
        ('{\n"a": "café"}'.encode("latin-1"), 400, "not_json", "perhaps in Latin-1, as the byte 0xe9 on line 2 shows"),
        (b"NaN", 400, "not_json", "This is not JSON"),
        (b"[]", 422, "invalid_pact", "this is a list"),
        (b'"text"', 422, "invalid_pact", "this is a text"),
        (b"null", 422, "invalid_pact", "this is null"),
        (b'{"interactions":[7]}', 422, "invalid_pact", "at /interactions/0"),
        (b"[" * 100_000, 400, "not_json", "This is not JSON"),
    ],
)
async def test_what_is_no_pact_is_refused(
    control: aiohttp.ClientSession, body: bytes, status: int, code: str, words: str
) -> None:
    async with control.post("/", data=body, headers=JSON) as response:
        answer = await response.json()
        assert (response.status, answer["code"]) == (status, code)
        assert words in answer["error"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (_ruled({"match": "regex", "regex": "(a"}), "/interactions/0/request/matchingRules/body/$.a/matchers/0"),
        (_ruled({"match": "min"}), "/interactions/0/request/matchingRules/body/$.a/matchers/0"),
        (_ruled({}), "/interactions/0/request/matchingRules/body/$.a/matchers/0"),
        (_ruled("type"), "/interactions/0/request/matchingRules/body/$.a/matchers/0"),
        (_ruled({"match": "date", "format": "bbb"}), "/interactions/0/request/matchingRules/body/$.a/matchers/0"),
        (_ruled({"match": "type"}, "$.a["), "/interactions/0/request/matchingRules/body/$.a["),
        (pact({"type": "Nope"}, version="4.0"), "/interactions/0/type"),
        (pact(interaction(status="200")), "/interactions/0/response/status"),
        (pact(interaction(headers={"X": "a\nb"})), "/interactions/0/response/headers/X"),
    ],
)
async def test_what_is_wrong_in_a_pact_is_pointed_at(
    control: aiohttp.ClientSession, document: Any, pointer: str
) -> None:
    async with control.post("/", json=document) as response:
        answer = await response.json()
        assert response.status == 422
        assert answer["code"] in {"invalid_pact", "invalid_rule"}
        assert answer["pointer"] == pointer
        assert pointer in answer["error"]


async def test_a_pact_that_is_nested_very_deep_is_refused(control: aiohttp.ClientSession) -> None:
    body = b'{"interactions":[{"request":{"body":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}]}"
    async with control.post("/", data=body, headers=JSON) as response:
        assert response.status in {400, 413, 422}
        assert "nested too deep" in (await response.json())["error"] or response.status == 400


async def test_a_text_that_is_nested_very_deep_is_refused(control: aiohttp.ClientSession) -> None:
    document = pact(interaction(request={"headers": JSON, "body": '{"a":' * 900 + "1" + "}" * 900}))
    async with control.post("/", json=document) as response:
        assert response.status == 422
        assert "nested too deep" in (await response.json())["error"]


@pytest.mark.parametrize("category", ["path", "query", "header"])
async def test_a_pattern_that_cannot_work_is_refused_before_anybody_asks(
    control: aiohttp.ClientSession, category: str
) -> None:
    rule = {"matchers": [{"match": "regex", "regex": "(a"}]}
    rules = {category: rule if category == "path" else {"q": rule}}
    async with control.post("/", json=pact(interaction(request={"matchingRules": rules}))) as response:
        assert response.status == 422
        assert (await response.json())["pointer"].startswith(f"/interactions/0/request/matchingRules/{category}")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "?"]
)
async def test_other_content_types_are_refused(control: aiohttp.ClientSession, kind: str) -> None:
    """A web page of another origin can send these without asking first."""
    async with control.post("/", data=b"{}", headers={"Content-Type": kind}) as response:
        assert (response.status, (await response.json())["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"port": "65536"}, "port"),
        ({"port": "-1"}, "port"),
        ({"port": "http"}, "port"),
        ({"cors": "perhaps"}, "cors"),
        ({"specification": "V5"}, "specification"),
        ({"ttl": "0"}, "ttl"),
        ({"ttl": "1e12"}, "ttl"),
        ({"ttl": "inf"}, "ttl"),
        ({"ttl": "nan"}, "ttl"),
        ({"prot": "1"}, "prot"),
        ({"name": "x" * 20_000}, "name"),
    ],
)
async def test_a_wrong_parameter_is_named(
    control: aiohttp.ClientSession, query: dict[str, str], parameter: str
) -> None:
    async with control.post("/", json=USERS, params=query) as response:
        answer = await response.json()
        assert (response.status, answer["code"], answer["parameter"]) == (400, "invalid_parameter", parameter)
        assert f"'{parameter}'" in answer["error"] or "V5" in answer["error"]
        assert len(answer["error"]) < 1000


async def test_a_port_in_use_is_refused(control: aiohttp.ClientSession) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with control.post("/", json=USERS, params={"port": port}) as response:
            answer = await response.json()
            assert (response.status, answer["code"], answer["port"]) == (409, "port_unavailable", port)


async def test_no_port_from_the_base_port_up_is_not_some_other_port(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, base_port=65535)) as last,
        aiohttp.ClientSession(last.url) as session,
    ):
        async with session.post("/", json=USERS) as response:
            first = (await response.json()).get("mockServer", {"port": 65535})
            assert first["port"] == 65535
        async with session.post("/", json=USERS) as response:
            assert (response.status, (await response.json())["code"]) == (409, "port_unavailable")


@pytest.mark.parametrize("host", ["a..b", "x" * 70, ".", "a\0b", "nowhere.invalid", "\udcff", "1.2.3.4.5", "[::1"])
async def test_a_host_that_is_none_is_refused(control: aiohttp.ClientSession, host: str) -> None:
    async with control.post(f"/?host={quote(host, errors='surrogateescape')}", json=USERS) as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalid_parameter")


async def test_a_host_that_is_not_here_is_refused(control: aiohttp.ClientSession) -> None:
    async with control.post("/?host=203.0.113.7", json=USERS) as response:
        assert (response.status, (await response.json())["code"]) == (409, "port_unavailable")


async def test_a_query_parameter_that_is_given_twice_is_refused(control: aiohttp.ClientSession) -> None:
    async with control.post("/?port=80&port=81", json=USERS) as response:
        answer = await response.json()
    assert (response.status, answer["code"], answer["parameter"]) == (400, "invalid_parameter", "port")
    assert answer["error"] == "Query parameter 'port' is given 2 times: give it once"


@pytest.mark.parametrize(
    "lines",
    [
        (b"GET /health HTTP/1.1", b"Host: localhost", b"Host: else"),
        (b"POST /health HTTP/1.1", b"Host: localhost", b"Content-Type: a/b", b"Content-Type: a/b"),
        (b"!# /health HTTP/1.1", b"Host: localhost"),
        (b"GET /health HTTP/1.1",),
    ],
)
async def test_what_aiohttp_cannot_read_is_refused_in_our_words(
    service: Service, lines: tuple[bytes, ...], caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(b"\r\n".join((*lines, b"", b"")))
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    assert head.split(b" ")[1] == b"400"
    assert b"application/json" in head
    assert b"aiohttp" not in head
    answer = json.loads(body)
    assert (answer["code"], answer["error"][:26]) == ("bad_request", "This call cannot be read: ")
    assert not caplog.records


@pytest.mark.parametrize("key", ["nope", "1", "65535", "65536", "99999999999999999999", "0", "-1", "a b", "a" * 5000])
@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/verify"),
        ("GET", "/matched"),
        ("GET", "/mismatches"),
        ("GET", "/requests"),
        ("DELETE", "/requests"),
        ("GET", "/wait"),
        ("GET", "/pact"),
        ("POST", "/pact"),
        ("GET", "/logs"),
    ],
)
async def test_a_server_that_is_not_there_is_404(
    control: aiohttp.ClientSession, method: str, rest: str, key: str
) -> None:
    async with control.request(method, f"/mockserver/{key}{rest}") as response:
        answer = await response.json()
        assert (response.status, answer["code"]) == (404, "no_such_mock_server")
        assert "GET / lists" in answer["error"]


async def test_calls_that_do_not_exist_say_where_they_are_listed(control: aiohttp.ClientSession) -> None:
    async with control.get("/nowhere") as response:
        answer = await response.json()
        assert (response.status, answer["code"]) == (404, "no_such_call")
        assert "/openapi.json" in answer["error"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/", "GET, HEAD, POST"), ("POST", "/health", "GET, HEAD"), ("GET", "/shutdown", "POST")],
)
async def test_a_wrong_method_is_405_with_the_right_ones(
    control: aiohttp.ClientSession, method: str, path: str, allowed: str
) -> None:
    async with control.request(method, path) as response:
        assert (response.status, (await response.json())["code"]) == (405, "method_not_allowed")
        assert response.headers["Allow"] == allowed


async def test_a_body_over_the_limit_is_refused(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, max_pact=1000)) as small,
        aiohttp.ClientSession(small.url) as session,
        session.post("/", data=b"x" * 5000, headers=JSON) as response,
    ):
        answer = await response.json()
        assert (response.status, answer["code"], answer["limit"]) == (413, "too_large", 1000)


async def test_more_servers_than_the_limit_are_refused(tmp_path: Path) -> None:
    async with (
        Service(ServiceSettings(port=0, output=tmp_path, max_mock_servers=1)) as small,
        aiohttp.ClientSession(small.url) as session,
    ):
        async with session.post("/", json=USERS) as response:
            assert response.status == 200
        async with session.post("/", json=USERS) as response:
            assert (response.status, (await response.json())["code"]) == (429, "limit_reached")


@pytest.mark.parametrize("directory", ["..", "../x", "/etc", "a/../../b", "\0"])
async def test_a_pact_is_not_written_outside_the_output_directory(
    service: Service, control: aiohttp.ClientSession, directory: str
) -> None:
    async with control.post("/", json=USERS) as response:
        server = (await response.json())["mockServer"]
    async with control.post(f"/mockserver/{server['id']}/pact", json={"directory": directory}) as response:
        answer = await response.json()
        assert response.status in {400, 403}
        assert answer["code"] in {"directory_not_allowed", "invalid_parameter"}
    assert not service.settings.output.exists()
    async with control.delete(f"/mockserver/{server['id']}"):
        pass


async def test_a_directory_that_leads_to_itself_is_refused(service: Service, control: aiohttp.ClientSession) -> None:
    service.settings.output.mkdir()
    (service.settings.output / "loop").symlink_to("loop")
    async with control.post("/", json=USERS) as response:
        server = (await response.json())["mockServer"]
    for directory in ("loop", "loop/x", "x" * 5000):
        async with control.post(f"/mockserver/{server['id']}/pact", json={"directory": directory}) as response:
            assert response.status in {400, 422}
            assert (await response.json())["code"] in {"invalid_parameter", "write_failed"}
    async with control.delete(f"/mockserver/{server['id']}"):
        pass


@pytest.mark.parametrize("name", ["../../etc/x", "/etc/passwd", "..", "a\0b", "c:\\x"])
async def test_a_name_does_not_lead_out_of_the_output_directory(
    service: Service, control: aiohttp.ClientSession, name: str
) -> None:
    async with control.post("/", json=pact(consumer=name, provider=name)) as response:
        server = (await response.json())["mockServer"]
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    (written,) = [path for path in service.settings.output.iterdir() if path.suffix == ".json"]
    assert written.is_file()
    async with control.delete(f"/mockserver/{server['id']}"):
        pass


async def test_a_pact_that_cannot_be_written_is_a_422_with_the_reason(
    service: Service, control: aiohttp.ClientSession
) -> None:
    service.settings.output.write_text("a file where the directory should be")
    async with control.post("/", json=pact()) as response:
        server = (await response.json())["mockServer"]
    for call in ("verify", "pact"):
        async with control.post(f"/mockserver/{server['id']}/{call}") as response:
            answer = await response.json()
            assert (response.status, answer["code"]) == (422, "write_failed")
    async with control.delete(f"/mockserver/{server['id']}"):
        pass


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"directory":7}', b'{"overwrite":"perhaps"}', b'{"surprise":1}', b'{"onConflict":"x"}']
)
async def test_a_wrong_body_is_400(control: aiohttp.ClientSession, body: bytes) -> None:
    async with control.post("/", json=pact()) as response:
        server = (await response.json())["mockServer"]
    async with control.post(f"/mockserver/{server['id']}/pact", data=body) as response:
        assert response.status == 400
        assert (await response.json())["code"] in {"not_json", "invalid_parameter"}
    async with control.delete(f"/mockserver/{server['id']}"):
        pass
