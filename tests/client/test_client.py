"""Both clients drive a real service, and do the same."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from inspect import isawaitable
from pathlib import Path
from typing import Any, TypeVar

import pytest

import pactmock
from pactmock import errors
from pactmock.contract import Pact, match
from tests.pacts import USERS, interaction, pact, rules
from tests.patience import HANG
from tests.process import Running, call, service

T = TypeVar("T")


async def got(answer: T | Awaitable[T]) -> T:
    """Return what either client answers."""
    return await answer if isawaitable(answer) else answer


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


@pytest.fixture(params=[pactmock.Client, pactmock.AsyncClient])
def client(request: pytest.FixtureRequest, running: Running) -> Any:
    return request.param(running.url)


def get(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=HANG) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def _file(path: str) -> Any:
    return json.loads(Path(path).read_text())


async def test_the_whole_way_of_a_test(client: Any, running: Running) -> None:
    server = await got(client.create(USERS, name="mine"))
    assert server.description["name"] == "mine"
    assert server.gateway_url == f"{running.url}/m/{server.id}"
    assert await got(server.matched()) is False
    assert get(f"{server.url}/users/1", Accept="application/json")[0] == 200
    assert await got(server.wait(0.01)) is False
    assert call("POST", f"{server.gateway_url}/users", {"name": "Ada", "age": 4})[0] == 201
    assert await got(server.wait()) is True
    assert await got(server.mismatches()) == []
    assert await got(server.verify()) == {"warnings": [], "notTested": 0}
    assert (await got(server.show()))["status"] == "ok"
    written = await got(server.write_pact("elsewhere", overwrite=True))
    assert _file(written["path"])["consumer"] == {"name": "web"}
    assert (await got(server.pact()))["interactions"][0]["description"] == "a request for a user"
    assert "GET /users/1" in await got(server.logs())
    await got(server.end())
    with pytest.raises(errors.NoSuchMockServer):
        await got(server.matched())


async def test_what_was_received_is_listed_shown_whole_and_forgotten(client: Any) -> None:
    by_type = rules(**{"$.name": {"match": "type"}, "$.age": {"match": "integer"}})
    posted = {"method": "POST", "path": "/users", "body": {"name": "Ada", "age": 36}, "matchingRules": by_type}
    server = await got(client.create(pact(interaction("a user", posted, status=201), interaction("other"))))
    long = "x" * 3000
    for status, body in ((201, {"name": long, "age": 1}), (500, {"name": long, "age": "1"})):
        assert call("POST", f"{server.url}/users", body)[0] == status
    first, second = await got(server.requests())
    assert (first["matched"], second["outcome"]) == (True, "Request-Mismatch")
    assert first["request"]["body"]["shown"] == 1024
    assert long in (await got(server.request(first["number"])))["request"]["body"]["content"]
    assert json.loads(await got(server.request_body(1))) == {"name": long, "age": 1}
    assert [entry["number"] for entry in await got(server.requests(matched=False))] == [2]
    assert [entry["number"] for entry in await got(server.requests(limit=1))] == [2]
    assert [entry["number"] for entry in await got(server.requests(since=1))] == [2]
    listed = await got(server.interactions())
    assert [(item["description"], item["served"]) for item in listed] == [
        ("a user", 1),
        ("other", 0),
    ]
    whole = await got(server.interaction("a user"))
    assert (whole["served"], whole["request"]["body"]["content"]) == (1, '{"age":36,"name":"Ada"}')
    with pytest.raises(errors.NoSuchInteraction):
        await got(server.interaction("none"))
    expected = await got(server.request_as_interaction(2))
    assert (expected["description"], expected["request"]["body"]["age"]) == ("a user", "1")
    await got(server.reset())
    assert await got(server.requests()) == []
    with pytest.raises(errors.NoSuchRequest, match="There is no request 1 "):
        await got(server.request(1))
    await got(server.end())


async def test_lists_of_several_pages_are_whole(client: Any) -> None:
    server = await got(client.create(pact(*(interaction(f"no. {n}", {"path": f"/{n}"}) for n in range(1100)))))
    assert len(await got(server.interactions())) == 1100
    big = "&".join(f"{name}={'y' * 1000}" for name in "abcdef")
    for _ in range(500):
        get(f"{server.url}/1?{big}")
    assert [item["number"] for item in await got(server.requests())] == list(range(1, 501))
    assert [item["number"] for item in await got(server.requests(limit=450))] == list(range(51, 501))
    assert len(await got(server.mismatches())) == 1500
    assert (await got(server.report())).endswith("\nand 99 more that the service counted and did not list")
    await got(server.end())


async def test_a_server_is_told_what_to_expect_besides_and_instead(client: Any) -> None:
    server = await got(client.create(pact(interaction("a", {"path": "/a"}))))
    assert (await got(server.expect([interaction("b", {"path": "/b"})])))["interactions"] == 2
    with_matcher = {"pact:matcher:type": "regex", "regex": "/c+", "value": "/c"}
    contract = [{"description": "c", "request": {"method": "GET", "path": with_matcher}, "response": {"status": 200}}]
    assert (await got(server.replace(contract)))["interactions"] == 1
    assert server.description["interactions"] == 1
    assert get(f"{server.url}/ccc")[0] == 200
    assert await got(server.matched())
    await got(server.end())


async def test_a_request_can_be_explained_that_nobody_sent(client: Any) -> None:
    server = await got(client.create(USERS))
    explained = await got(server.explain({"method": "GET", "path": "/users/2"}))
    assert (explained["matched"], explained["nearMisses"][0]["expected"]["path"]) == (False, "/users/1")
    assert await got(server.requests()) == []
    await got(server.end())


async def test_messages_are_handed_out_and_what_became_of_them_is_said(client: Any) -> None:
    contract = Pact("web", "api")
    contract.upon_receiving("an event", "Async").with_body({"id": match.int(7)})
    contract.upon_receiving("a question", "Sync").with_body("?").will_respond_with().with_body({"a": match.int(1)})
    contract.upon_receiving("x").with_request("GET", "/").will_respond_with(200)
    server = await got(client.create(contract))
    get(server.url + "/")
    assert (await got(server.verify()))["notTested"] == 2
    assert (await got(server.report())).endswith("not tested: 2 messages of this pact, as nobody asked for one here")
    event, question = await got(server.messages())
    handed = await got(server.hand_out(event["key"]))
    assert (handed["contents"]["content"], handed["delivery"]) == ({"id": 7}, 1)
    assert (await got(server.settle(event["key"])))["matched"]
    delivery = (await got(server.hand_out(question["key"])))["delivery"]
    settled = await got(server.settle(question["key"], replies=[{"a": "b"}], delivery=delivery))
    assert settled["mismatch"]["type"] == "message-mismatch"
    failed = await got(server.settle(event["key"], error="no such user"))
    assert failed["mismatch"]["error"] == "no such user"
    assert [(item["handled"], item["failed"]) for item in await got(server.messages())] == [(1, 1), (0, 1)]
    with pytest.raises(errors.NotMatched, match="no such user"):
        await got(server.verify())
    with pytest.raises(errors.NoSuchMessage):
        await got(server.hand_out("none"))
    await got(server.end())


async def test_a_state_is_chosen(client: Any) -> None:
    states = [interaction(name, status=status) | {"providerState": name} for name, status in (("a", 200), ("b", 404))]
    server = await got(client.create(pact(*states), state="b"))
    assert (server.state, get(server.url + "/")[0]) == ("b", 404)
    await got(server.choose_state("a"))
    assert (server.state, get(server.url + "/")[0]) == ("a", 200)
    with pytest.raises(errors.NoSuchState):
        await got(server.choose_state("c"))
    await got(server.choose_state(None))
    assert server.state is None
    await got(server.end())


async def test_a_report_comes_in_any_format_and_with_the_verification_whatever_that_is(client: Any) -> None:
    server = await got(client.create(pact(interaction("it", {"path": "/a"}), consumer="me")))
    assert "<failure" in await got(server.report("junit"))
    assert await got(server.report_verified()) == await got(server.report())
    get(f"{server.url}/a")
    (reported,) = json.loads(await got(server.report_verified(format="json")))["servers"]
    assert (reported["passed"], _file(reported["pact"])["consumer"]) == (True, {"name": "me"})
    with pytest.raises(errors.InvalidParameter, match="use text, json, junit"):
        await got(server.report("sarif"))
    await got(server.end())
    with pytest.raises(errors.NoSuchMockServer):
        await got(server.report_verified())


async def test_a_verification_that_fails_is_an_assertion_with_the_report(client: Any) -> None:
    server = await got(client.create(USERS))
    get(f"{server.url}/user/1", Accept="application/json")
    with pytest.raises(errors.NotMatched) as caught:
        await got(server.verify())
    assert isinstance(caught.value, AssertionError)
    assert str(caught.value).startswith(
        f"Mock server {server.id} failed verification with 3 problem(s):\n\n1) GET /user/1 was not expected\n"
        "   nearest: a request for a user\n"
    )
    assert [item["type"] for item in caught.value.mismatches] == [
        "request-not-found",
        "missing-request",
        "missing-request",
    ]
    assert str(caught.value).partition("\n")[2] == (await got(server.report())).partition("\n")[2]
    await got(server.end())


async def test_servers_are_listed_and_found_by_id_and_by_port(client: Any) -> None:
    server = await got(client.create(USERS))
    assert server.id in [item.id for item in await got(client.servers())]
    assert (await got(client.find(server.port))).id == server.id
    assert (await got(client.find(server.id))).port == server.port
    await got(client.end(server.port))
    with pytest.raises(errors.NoSuchMockServer, match=f"'{server.id}'"):
        await got(client.find(server.id))


async def test_the_service_says_how_it_is_and_what_it_can(client: Any) -> None:
    assert (await got(client.health()))["version"] == pactmock.__version__
    assert await got(client.ready()) == {"status": "ready"}
    assert (await got(client.ca_pem())).startswith(b"-----BEGIN CERTIFICATE")
    assert "/mockserver/{id}/verify" in (await got(client.openapi()))["paths"]


def _written_in_python() -> Pact:
    contract = Pact("web", "api")
    contract.upon_receiving("x").with_request("GET", match.regex("/x", regex="/x+")).will_respond_with(204)
    return contract


_CONTRACT = _written_in_python().to_contract()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda _: _written_in_python(), id="Pact"),
        pytest.param(lambda _: _CONTRACT, id="a contract"),
        pytest.param(lambda _: json.dumps(_CONTRACT), id="its text"),
        pytest.param(lambda _: _written_in_python().to_pact(), id="a pact as a value"),
        pytest.param(lambda _: pact(interaction("x", {"path": "/xx"}, status=204)), id="a pact"),
        pytest.param(lambda _: json.dumps(pact(interaction("x", {"path": "/xx"}, status=204))).encode(), id="bytes"),
        pytest.param(lambda path: path, id="the path of a contract"),
        pytest.param(str, id="the path as a text"),
    ],
)
async def test_what_is_to_be_played_comes_in_every_form(
    client: Any, source: Callable[[Path], Any], tmp_path: Path
) -> None:
    (tmp_path / "contract.json").write_text(json.dumps(_CONTRACT))
    server = await got(client.create(source(tmp_path / "contract.json")))
    assert get(f"{server.url}/xx")[0] == 204
    assert await got(server.matched())
    await got(server.end())


def test_a_block_ends_its_server_also_when_it_fails(running: Running) -> None:
    with pytest.raises(ZeroDivisionError), pactmock.Client(running.url).mock_server(USERS) as server:
        raise ZeroDivisionError
    with pytest.raises(errors.NoSuchMockServer):
        pactmock.Client(running.url).find(server.id)


def test_a_block_may_end_its_server_itself(running: Running) -> None:
    with pactmock.Client(running.url).mock_server(USERS) as server:
        server.end()
    assert server.has_ended


def test_what_keeps_a_server_from_ending_is_told_and_hides_nothing(running: Running) -> None:
    client = pactmock.Client(running.url)
    with pytest.raises(errors.NoSuchMockServer), client.mock_server(USERS) as server:
        client.end(server.id)
    with pytest.raises(ZeroDivisionError) as caught, client.mock_server(USERS) as server:
        _fail_without(client, server.id)
    assert "was not ended: There is no mock server" in caught.value.__notes__[0]


async def test_an_asynchronous_block_hides_nothing_either(running: Running) -> None:
    client = pactmock.Client(running.url)
    with pytest.raises(ZeroDivisionError) as caught:
        async with pactmock.AsyncClient(running.url).mock_server(USERS) as server:
            _fail_without(client, server.id)
    assert "was not ended: There is no mock server" in caught.value.__notes__[0]
    async with pactmock.AsyncClient(running.url).mock_server(USERS) as server:
        await server.end()


def _fail_without(client: pactmock.Client, key: str) -> None:
    client.end(key)
    raise ZeroDivisionError


async def test_an_asynchronous_block_ends_its_server(running: Running) -> None:
    client = pactmock.AsyncClient(running.url)
    async with client.mock_server(USERS) as server:
        assert get(f"{server.url}/users/1", Accept="application/json")[0] == 200
    with pytest.raises(errors.NoSuchMockServer):
        await client.find(server.id)


@pytest.mark.parametrize(
    ("source", "options", "kind", "fields"),
    [
        (b"{", {}, errors.NotJson, {}),
        ([1], {}, errors.InvalidPact, {"pointer": ""}),
        ({"consumer": {"name": "a"}, "provider": {"name": ""}, "interactions": 1}, {}, errors.InvalidPact, None),
        (USERS, {"ttl": -1}, errors.InvalidParameter, {"parameter": "ttl"}),
        (USERS, {"nonsense": 1}, errors.InvalidParameter, {"parameter": "nonsense"}),
        (USERS, {"state": "none"}, errors.NoSuchState, None),
        (USERS, {"specification": "V9"}, errors.InvalidParameter, None),
        ({"specification": "V4", "plugins": ["none"], "consumer": "a", "provider": "b", "interactions": []}, {},
         errors.NoSuchPlugin, None),
    ],
)  # fmt: skip
async def test_an_error_is_that_of_the_tree(
    client: Any, source: Any, options: dict[str, Any], kind: type[errors.PactmockError], fields: Any
) -> None:
    with pytest.raises(kind) as caught:
        await got(client.create(source, **options))
    assert type(caught.value) is kind
    assert caught.value.code == kind.code
    assert fields is None or caught.value.fields == fields


async def test_a_taken_port_and_a_refused_warning_keep_what_they_say(client: Any) -> None:
    server = await got(client.create(USERS))
    with pytest.raises(errors.PortUnavailable) as taken:
        await got(client.create(USERS, port=server.port))
    assert taken.value.fields["port"] == server.port
    unknown = {"body": {"$.a": {"matchers": [{"match": "regx"}]}}}
    odd = pact(interaction("odd", {"path": "/a"}, body={"a": 1}, matchingRules=unknown))
    with pytest.raises(errors.Warned) as warned:
        await got(client.create(odd, strict=True))
    assert (warned.value.code, warned.value.pointer[:15]) == ("unknown_rule", "/interactions/0")
    assert str(warned.value).count(f"(at {warned.value.pointer})") == 1
    await got(server.end())


async def test_a_directory_outside_is_not_allowed(client: Any) -> None:
    server = await got(client.create(USERS))
    with pytest.raises(errors.DirectoryNotAllowed) as caught:
        await got(server.write_pact("../outside"))
    assert caught.value.status == 403
    await got(server.write_pact("kept"))
    changed = pact(interaction("a request for a user", {"path": "/users/9"}))
    await got(server.replace(changed))
    with pytest.raises(errors.Conflict):
        await got(server.write_pact("kept", on_conflict="refuse"))
    assert (await got(server.write_pact("kept")))["replaced"][0]["field"] == "request path"
    await got(server.end())


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
async def test_a_token_opens_a_service_and_the_key_ends_it(kind: Any, tmp_path: Path) -> None:
    with service(tmp_path, "--token", "the töken") as running:
        assert (await got(kind(running.url).health()))["status"] == "ok"
        for wrong in (None, "another"):
            with pytest.raises(errors.NotAuthenticated):
                await got(kind(running.url, token=wrong).servers())
        client = kind(running.url, token="the töken")  # noqa: S106
        assert await got(client.servers()) == []
        with pytest.raises(errors.NotAllowed):
            await got(client.shutdown("wrong"))
        await got(client.shutdown(str(running.key), period=1))
        assert running.process.wait(HANG) == 0
        with pytest.raises(errors.ServiceUnreachable, match=f"No pactmock service answers on 127.0.0.1:{running.port}"):
            await got(client.health())


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://x", "http://", "http://a:b@x", "http://x:99999", "http://x/?a"]
)
def test_what_is_no_url_is_refused_when_the_client_is_made(kind: Any, url: str) -> None:
    with pytest.raises(errors.InvalidParameter, match="is no URL of a service"):
        kind(url)


class Lone:
    """A server of a few bytes: it answers each connection with the same, or not at all, and counts them."""

    def __init__(self, answer: bytes) -> None:
        self.received: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._kept: list[socket.socket] = []

    def __enter__(self) -> Lone:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for each in (self._socket, *self._kept):
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.received.append(connection.recv(65536))
            if self._answer == b"nothing":
                self._kept.append(connection)
                continue
            connection.sendall(self._answer)
            connection.close()


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
async def test_a_call_that_is_not_answered_in_time_is_an_error_and_is_made_once(kind: Any) -> None:
    with Lone(b"nothing") as lone:
        with pytest.raises(errors.ServiceUnreachable, match=r"not answered for 0\.2 seconds"):
            await got(kind(lone.url, timeout=0.2).servers())
        while not lone.received:  # noqa: ASYNC110  it may come to that only now
            await asyncio.sleep(0.01)
        assert len(lone.received) == 1


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"SSH-2.0\r\n\r\n"])
async def test_an_answer_that_breaks_off_is_an_error_and_nothing_is_made_again(kind: Any, answer: bytes) -> None:
    with Lone(answer) as lone:
        with pytest.raises(errors.ServiceUnreachable):
            await got(kind(lone.url).servers())
        assert len(lone.received) == 1


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", "<html>"),
        ("200 OK", "[]"),
        ("200 OK", '{"mockServers": [{}]}'),
        ("302 Found", ""),
        ("502 Bad Gateway", "<html>"),
        ("500 Internal Server Error", '{"error": 1, "code": 2}'),
    ],
)
async def test_what_is_no_service_of_ours_is_told_apart(kind: Any, status: str, body: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nLocation: /\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    with Lone(answer) as lone:
        with pytest.raises(errors.UnexpectedAnswer, match="is no pactmock service"):
            await got(kind(lone.url).servers())
        assert len(lone.received) == 1


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
async def test_an_error_of_a_newer_service_keeps_its_code(kind: Any) -> None:
    body = '{"error": "Not on a Monday", "code": "monday", "day": 1}'
    with Lone(f"HTTP/1.1 418 x\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()) as lone:
        with pytest.raises(errors.PactmockError) as caught:
            await got(kind(lone.url + "/below/").find("a/b ?"))
        assert lone.received[0].startswith(b"GET /below/mockserver/a%2Fb%20%3F HTTP/1.1\r\n")
    assert (caught.value.code, caught.value.status, caught.value.fields) == ("monday", 418, {"day": 1})


async def test_pacts_that_were_written_are_listed_and_fetched_by_any_name(client: Any) -> None:
    for provider in ("a/b", "..", "{x} %2F"):
        server = await got(client.create(pact(interaction(), consumer="listed", provider=provider)))
        await got(server.write_pact())
        await got(server.end())
        assert (await got(client.pact("listed", provider)))["provider"]["name"] == provider
    listed = await got(client.pacts())
    assert {item["provider"] for item in listed["pacts"] if item["consumer"] == "listed"} == {"a/b", "..", "{x} %2F"}
    typed = await got(client.pact("listed", "a/b", specification="V4"))
    assert typed["interactions"][0]["type"] == "Synchronous/HTTP"
    with pytest.raises(errors.NoSuchPact, match="There is no pact of 'listed' and 'none'"):
        await got(client.pact("listed", "none"))
