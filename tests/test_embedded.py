"""Mock servers inside a Python program, asynchronous and not."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

import pactmock
from pactmock.cli.serving.event_loop import loop_factory as fastest_loop
from pactmock.contract import Pact, match
from pactmock.embedded.background import BACKGROUND, Background
from pactmock.errors import (
    Conflict,
    InvalidPact,
    InvalidParameter,
    NotRunning,
    PactmockError,
    PortUnavailable,
    WriteFailed,
)
from pactmock.server import workers
from tests.certificates import authority_file, client_of, trusting, written
from tests.free_ports import free_port
from tests.pacts import interaction, pact
from tests.patience import HANG

PACT = pact(interaction("a", {"path": "/a"}, body="hello"))


@pytest.fixture(autouse=True)
def no_loop_of_tests_before() -> None:
    """The loop waits half a second for the next server."""
    BACKGROUND.close()


async def test_a_server_plays_while_the_block_is_entered(tmp_path: Path) -> None:
    async with pactmock.MockServer(PACT) as server, aiohttp.ClientSession() as session:
        assert not server.matched
        assert [item["type"] for item in server.mismatches] == ["missing-request"]
        with pytest.raises(WriteFailed, match="1 thing"):
            await server.write_pact(tmp_path)
        async with session.get(f"{server.url}/a") as response:
            assert await response.text() == "hello"
        assert await server.wait(1)
        assert server.mismatches == []
        path = await server.write_pact(tmp_path)
        assert json.loads(path.read_text())["consumer"] == {"name": "web"}
        server.reset()
        assert len(server.mismatches) == 1


def test_the_same_without_asyncio(tmp_path: Path) -> None:
    with pactmock.SyncMockServer(PACT) as server:
        with urllib.request.urlopen(f"{server.url}/a") as response:
            assert response.read() == b"hello"
        assert server.wait(1)
        assert server.matched
        assert server.mismatches == []
        assert server.write_pact(tmp_path).exists()
        server.reset()
        assert len(server.mismatches) == 1
    _wait_until_closed(server.port)
    assert len(server.mismatches) == 1


def test_tls_without_asyncio() -> None:
    with pactmock.SyncMockServer(PACT, tls=True) as server:
        assert server.ca_pem is not None
        trusting = ssl.create_default_context(cadata=server.ca_pem.decode())
        with urllib.request.urlopen(f"{server.url}/a", context=trusting) as response:
            assert response.status == 200


@pytest.mark.parametrize("as_given", [Path, str])
def test_a_file_that_holds_no_pact_is_named(tmp_path: Path, as_given: Callable[[Path], Path | str]) -> None:
    path = tmp_path / "broken.json"
    for text in ("{none", "[]"):
        path.write_text(text)
        with pytest.raises(PactmockError) as refused:
            pactmock.SyncMockServer(as_given(path))
        assert refused.value.__notes__ == [f"This is about the file {path}"]
        with pytest.raises(PactmockError) as of_text:
            pactmock.SyncMockServer(text)
        assert not hasattr(of_text.value, "__notes__")


def test_tls_with_names_and_certificates_of_clients_in_a_program(tmp_path: Path) -> None:
    signer = trustme.CA()
    tls = pactmock.Tls(names=["api.test"], client_ca=authority_file(tmp_path, signer))
    with pactmock.SyncMockServer(PACT, tls=tls) as server:
        assert server.ca_pem is not None
        shown = trusting(server.ca_pem, client=client_of(signer))
        with urllib.request.urlopen(f"{server.url}/a", context=shown) as response:
            assert response.status == 200
        assert server.requests[0]["clientCertificate"]["subject"] == "CN=shop\\, client,OU=Tests,O=Example & Sons"
    certificate, key = written(tmp_path, signer.issue_cert("127.0.0.1"))
    with pactmock.SyncMockServer(PACT, tls=pactmock.Tls(certificate=certificate, key=key)) as server:
        assert server.ca_pem is None
        with urllib.request.urlopen(f"{server.url}/a", context=trusting(signer.cert_pem.bytes())) as response:
            assert response.status == 200


def test_tls_that_cannot_be_spoken_is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, trustme.CA().issue_cert("localhost"))
    clients: Any = "perhaps"
    for tls, said in (
        (pactmock.Tls(certificate=tmp_path / "no.pem"), "certificate .*no.pem cannot be read"),
        (pactmock.Tls(key=key), "is that of no certificate"),
        (pactmock.Tls(names=["a b"]), "cannot be a name in a certificate"),
        (pactmock.Tls(names=["a.test"], certificate=certificate, key=key), "has its own names"),
        (pactmock.Tls(client_ca=key), "client_ca .* holds no certificate"),
        (pactmock.Tls(clients=clients), "use required or optional"),
    ):
        with pytest.raises(InvalidParameter, match=said):
            pactmock.SyncMockServer(PACT, tls=tls)


def test_a_server_that_cannot_start_leaves_no_thread() -> None:
    with pactmock.SyncMockServer(PACT) as first:
        second = pactmock.SyncMockServer(PACT, port=first.port)
        with pytest.raises(PortUnavailable), second:
            pytest.fail("it started on a port that is taken")
    _wait_for_the_end_of_the_loop()


def test_all_servers_of_a_process_play_in_one_thread_which_ends_after_the_last() -> None:
    with pactmock.SyncMockServer(PACT) as first:
        with pactmock.SyncMockServer(PACT) as second:
            assert _names_of_threads().count("pactmock") == 1
            with urllib.request.urlopen(f"{second.url}/a"):
                assert (first.matched, second.matched) == (False, True)
        assert "pactmock" in _names_of_threads()
    _wait_for_the_end_of_the_loop()


def test_threads_that_worked_for_servers_end_after_the_last_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_IDLE_SECONDS", 600.0)  # those that nobody uses live on for so long otherwise
    with pactmock.SyncMockServer(PACT) as server, urllib.request.urlopen(f"{server.url}/a"):
        server.write_pact(tmp_path)
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("pactmock")]
    for thread in threads:
        thread.join(HANG)
    assert not any(thread.is_alive() for thread in threads)


def _names_of_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def _wait_for_the_end_of_the_loop() -> None:
    """Nobody ends it: it waits half a second for the next server, and then ends on its own."""
    until = time.monotonic() + HANG
    while "pactmock" in _names_of_threads() and time.monotonic() < until:
        time.sleep(0.01)
    assert "pactmock" not in _names_of_threads()


def test_many_threads_may_start_ask_and_end_servers_at_once() -> None:
    def live(_number: int) -> bool:
        with pactmock.SyncMockServer(PACT) as server, urllib.request.urlopen(f"{server.url}/a"):
            return server.matched

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(live, range(40)))
    _wait_for_the_end_of_the_loop()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not list what a process has open")
def test_nothing_stays_open() -> None:
    def play() -> set[str]:
        with pactmock.SyncMockServer(PACT) as server, urllib.request.urlopen(f"{server.url}/a") as response:
            response.read()
        _wait_for_the_end_of_the_loop()
        return {entry.name for entry in Path("/proc/self/fd").iterdir()}

    assert play() == play()


def test_before_its_block_a_server_has_no_port_and_says_so(tmp_path: Path) -> None:
    server = pactmock.SyncMockServer(PACT)
    with pytest.raises(NotRunning, match="no port yet"):
        server.url  # noqa: B018
    assert not server.matched
    assert not server.wait(60)
    assert [item["type"] for item in server.mismatches] == ["missing-request"]
    with pytest.raises(WriteFailed, match="1 thing"):
        server.write_pact(tmp_path)
    server.reset()


def test_after_its_block_a_server_can_be_asked_what_it_found(tmp_path: Path) -> None:
    with pactmock.SyncMockServer(PACT) as server, urllib.request.urlopen(f"{server.url}/a"):
        url = server.url
    assert (server.url, server.matched, server.mismatches) == (url, True, [])
    assert server.wait(60)
    assert server.write_pact(tmp_path).exists()
    server.reset()
    assert not server.wait(60)


def test_a_server_plays_once() -> None:
    server = pactmock.SyncMockServer(PACT)
    with server, pytest.raises(NotRunning, match="plays once"):
        server.__enter__()
    with pytest.raises(NotRunning, match="plays once"), server:
        pytest.fail("it started again")


def test_who_is_on_the_loop_of_the_servers_is_told_and_does_not_hang() -> None:
    with pactmock.SyncMockServer(PACT), pytest.raises(RuntimeError, match="from another one"):
        BACKGROUND.ask(lambda: BACKGROUND.ask(int))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of newer Pythons: threads and forks do not go together
def test_a_fork_plays_servers_of_its_own_and_leaves_those_of_its_parent_alone() -> None:
    with pactmock.SyncMockServer(PACT) as server:
        child = os.fork()
        if child == 0:
            os._exit(_as_a_fork(server))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with urllib.request.urlopen(f"{server.url}/a") as response:
            assert response.read() == b"hello"
        assert server.matched


def _as_a_fork(inherited: pactmock.SyncMockServer) -> int:
    """Play in a process that was forked; return its exit code, 0 when all is as it should be."""
    with pactmock.SyncMockServer(PACT) as own, urllib.request.urlopen(f"{own.url}/a"):
        is_own = own.matched
    try:
        inherited.wait(0)
    except NotRunning as error:
        inherited.__exit__()
        return 0 if is_own and "forked from" in error.message else 1
    return 2


@pytest.mark.parametrize("form", ["mapping", "text", "bytes", "path", "path text"])
async def test_a_pact_can_be_given_in_any_form(tmp_path: Path, form: str) -> None:
    text = json.dumps(PACT)
    path = tmp_path / "pact.json"
    path.write_text(text)
    forms: dict[str, Any] = {
        "mapping": PACT,
        "text": text,
        "bytes": text.encode(),
        "path": path,
        "path text": str(path),
    }
    async with pactmock.MockServer(forms[form]) as server:
        assert len(server.mismatches) == 1


def test_what_is_no_pact_is_refused_at_once() -> None:
    with pytest.raises(InvalidPact):
        pactmock.MockServer({"interactions": 1})


def test_the_public_face_is_what_it_says() -> None:
    assert all(hasattr(pactmock, name) for name in pactmock.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pactmock.nothing  # noqa: B018


def test_what_of_a_pact_will_disappoint_is_said_in_the_program_too(caplog: pytest.LogCaptureFixture) -> None:
    unknown = {"body": {"$.a": {"matchers": [{"match": "regx"}]}}}
    disappointing = pact(interaction("odd", body={"a": 1}, matchingRules=unknown))
    with pactmock.SyncMockServer(disappointing) as server:
        (warning,) = server.warnings
        assert warning.code == "unknown_rule"
        assert server.report().endswith(f"\n\nwarning: {warning}")
        assert f"web - api: {warning}" in caplog.text
    with pytest.raises(InvalidPact, match=r"'regx'.*warnings are refused here"):
        pactmock.SyncMockServer(disappointing, strict=True)
    assert pactmock.SyncMockServer(PACT, strict=True).warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "pact.json"
    file.write_text(json.dumps(pact(interaction("größe")), ensure_ascii=False), encoding)
    assert pactmock.SyncMockServer(file).warnings == ()


@pytest.mark.parametrize(("encoding", "says"), [("utf-16", "in UTF-16 or UTF-32"), ("latin-1", "perhaps in Latin-1")])
def test_a_file_in_another_encoding_is_told_so(tmp_path: Path, encoding: str, says: str) -> None:
    file = tmp_path / "pact.json"
    file.write_text(json.dumps(pact(interaction("größe")), ensure_ascii=False), encoding)
    with pytest.raises(pactmock.PactmockError, match=f"{says}.*: save it as UTF-8"):
        pactmock.SyncMockServer(file)


def test_the_loop_stays_for_the_next_server_and_then_ends() -> None:
    background = Background()
    with background as loop:
        pass
    for _ in range(50):
        with background as again:
            assert again is loop
    background.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon_threadsafe(int)
    with background as another:
        assert another is not loop
    _wait_for_the_end_of_the_loop()


CONTRACT = {
    "consumer": "web",
    "provider": "api",
    "interactions": [
        {
            "description": "a",
            "request": {
                "method": "POST",
                "path": "/a",
                "contents": {"body": {"n": {"pact:matcher:type": "integer", "value": 1}}},
            },
            "response": {"status": 200},
        }
    ],
}
B = pact(interaction("b", {"path": "/b"}))


def get(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        content: bytes = response.read()
        return content


def a_contract() -> Pact:
    written = Pact("web", "api")
    written.upon_receiving("a").with_request("GET", match.regex("/a", regex="/[ab]")).will_respond_with(200)
    return written


def test_a_contract_that_is_written_in_python_can_be_played() -> None:
    with pactmock.SyncMockServer(a_contract()) as server:
        get(f"{server.url}/b")
        assert server.matched


@pytest.mark.parametrize("form", [CONTRACT, json.dumps(CONTRACT), json.dumps(CONTRACT).encode()])
def test_a_contract_is_told_from_a_pact(form: Any) -> None:
    with pactmock.SyncMockServer(form) as server:
        request = {"method": "POST", "path": "/a", "headers": {"Content-Type": "application/json"}, "body": {"n": 7}}
        assert server.explain(request)["matched"]
        assert not server.explain({**request, "body": {"n": "7"}})["matched"]
        assert server.requests == []


@pytest.mark.parametrize("more", [B, B["interactions"], json.dumps(B)])
def test_more_is_expected_and_what_was_received_stays(more: Any) -> None:
    with pactmock.SyncMockServer(PACT) as server:
        get(f"{server.url}/a")
        server.expect(more)
        assert [item["path"] for item in server.mismatches] == ["/b"]
        get(f"{server.url}/b")
        assert server.matched
        assert [entry["request"]["path"] for entry in server.requests] == ["/a", "/b"]
        assert "interaction(s) added" in server.logs


def test_interactions_are_replaced_and_what_was_received_is_forgotten() -> None:
    with pactmock.SyncMockServer(PACT) as server:
        get(f"{server.url}/a")
        server.replace(a_contract())
        assert (server.matched, server.requests) == (False, [])


async def test_asynchronous_code_has_the_same_calls() -> None:
    async with pactmock.MockServer(PACT) as server, aiohttp.ClientSession() as session:
        await server.expect(B)
        assert (await server.explain({"path": "/b"}))["interaction"]["description"] == "b"
        async with session.get(f"{server.url}/b"):
            assert [entry["matched"] for entry in server.requests] == [True]
        await server.replace(PACT)
        assert [item["path"] for item in server.mismatches] == ["/a"]
        assert "replaced" in server.logs


def test_before_and_after_its_block_all_can_be_asked() -> None:
    server = pactmock.SyncMockServer(PACT)
    server.expect(B)
    assert server.explain({"path": "/b"})["matched"]
    assert (server.requests, len(server.mismatches)) == ([], 2)
    with server:
        get(f"{server.url}/a")
    server.replace(B)
    assert server.requests == []
    assert "replaced" in server.logs


def test_a_conflict_with_the_file_is_refused_when_asked(tmp_path: Path) -> None:
    for path in ("/a", "/b"):
        with pactmock.SyncMockServer(pact(interaction("a", {"path": path}))) as server:
            get(server.url + path)
            if path == "/b":
                with pytest.raises(Conflict, match="request path"):
                    server.write_pact(tmp_path, on_conflict="refuse")
            server.write_pact(tmp_path)


def test_a_server_that_is_never_entered_leaves_nothing_and_warns_of_nothing() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pactmock.MockServer(PACT)
        pactmock.SyncMockServer(PACT)
        gc.collect()
    assert caught == []
    assert "pactmock" not in _names_of_threads()


EVENT = {
    "type": "Asynchronous/Messages",
    "description": "an event",
    "key": "event",
    "contents": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
}
QUESTION = {
    "type": "Synchronous/Messages",
    "description": "a question",
    "key": "question",
    "request": {"contents": {"content": "how many?", "contentType": "text/plain"}},
    "response": [{"contents": {"content": {"count": 1}, "contentType": "application/json"}}],
}
WITH_MESSAGES = pact(EVENT, QUESTION, version="4.0")


async def test_messages_are_handed_out_and_have_to_be_handled() -> None:
    async with pactmock.MockServer(WITH_MESSAGES) as server:
        event = await server.hand_out("event")
        assert json.loads(event.contents) == {"id": 1}
        assert event.metadata == {"contentType": "application/json"}
        assert await server.settle(event)
        assert [item["type"] for item in server.mismatches] == ["missing-message"]
        question = await server.hand_out("question")
        assert await server.settle(question, replies=[{"count": 1}])
        assert server.matched
        assert [(item.name.key, item.asked, item.handled) for item in server.messages] == [
            ("event", 1, 1),
            ("question", 1, 1),
        ]


def test_messages_without_asyncio_say_what_the_error_was() -> None:
    with pactmock.SyncMockServer(WITH_MESSAGES) as server:
        assert not server.settle(server.hand_out("event"), error=ValueError("no id"))
        assert not server.settle(server.hand_out("question"), replies=["some"])
        assert not server.matched
        report = server.report()
        assert "1) the message 'an event' was not handled" in report
        assert "ValueError('no id')" in report
        assert "2) the reply to the message 'a question' did not match" in report


def test_a_report_can_have_any_format() -> None:
    with pactmock.SyncMockServer(pact(interaction("it", {"path": "/a"}))) as server:
        assert "<failure" in server.report("junit")
        assert server.report(format="html").startswith("<!DOCTYPE html>")
        with pytest.raises(InvalidParameter, match="use text, json, junit"):
            server.report("sarif")


def test_a_server_with_http_interactions_says_how_many_messages_were_not_tested() -> None:
    mixed = pact(interaction("a", {"path": "/a"}), EVENT, version="4.0")
    with pactmock.SyncMockServer(mixed) as server:
        assert "not tested: 1 message of this pact" in server.report()
        assert len(server.mismatches) == 1
    with pactmock.SyncMockServer(mixed, messages=True) as server:
        assert "not tested" not in server.report()
        assert len(server.mismatches) == 2


@pytest.mark.parametrize("options", [{"port": -1}, {"port": 70000}, {"port": "80"}, {"port": True}, {"count": "bytes"}])
def test_an_option_that_cannot_be_used_is_refused_in_a_sentence(options: Any) -> None:
    (name, wrong), *_ = options.items()
    with pytest.raises(InvalidParameter, match=f"^{wrong!r} .*: use ") as caught:
        pactmock.SyncMockServer(PACT, **options)
    assert caught.value.to_json()["parameter"] == name


async def test_who_comes_when_the_block_has_ended_is_refused_and_noted(caplog: pytest.LogCaptureFixture) -> None:
    async with pactmock.MockServer(pact(interaction())) as server:
        await asyncio.to_thread(get, server.url)
        assert server.matched
    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(get, f"{server.url}/later?x=1")
    assert refused.value.code == 503
    assert "after this mock server had ended" in refused.value.read().decode()
    assert server.matched, "it changes no verdict"
    (warning,) = server.warnings
    assert warning.text.startswith("GET /later came ")
    assert [record.message for record in caplog.records if "GET /later came" in record.message]


def test_who_comes_when_the_block_has_ended_is_refused_without_asyncio_too() -> None:
    with pactmock.SyncMockServer(pact(interaction()), late=0.2) as server:
        get(server.url)
    with pytest.raises(urllib.error.HTTPError):
        get(server.url)
    assert [entry["outcome"] for entry in server.requests] == ["Request-Matched", "Refused"]
    _wait_until_closed(server.port)


def test_a_port_of_ones_own_is_free_at_once() -> None:
    port = free_port()
    for _ in range(2):
        with pactmock.SyncMockServer(pact(interaction()), port=port) as server:
            get(server.url)


async def test_a_loop_that_ends_ends_it() -> None:
    """Else the sockets were left to the garbage collector, which warns of them."""

    async def play() -> int:
        async with pactmock.MockServer(pact(interaction()), late=60.0) as server:
            return server.port

    _wait_until_closed(await asyncio.to_thread(asyncio.run, play()))


@pytest.mark.parametrize("make_loop", [asyncio.new_event_loop, fastest_loop() or asyncio.new_event_loop])
def test_a_loop_that_is_closed_without_a_look_at_its_tasks_ends_it_too(
    make_loop: Callable[[], asyncio.AbstractEventLoop], caplog: pytest.LogCaptureFixture
) -> None:
    """Else the port was open for ever, and who came late waited for an answer there."""

    async def play() -> int:
        async with pactmock.MockServer(pact(interaction()), late=60.0) as server:
            return server.port

    loop = make_loop()
    port = loop.run_until_complete(play())
    loop.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    gc.collect()
    assert [record.getMessage() for record in caplog.records] == [], "no task was pending"


def test_a_loop_that_ends_closes_no_file_of_others() -> None:
    """Closed twice, a number of a file may be that of somebody else's; once it was that of another loop, which hung."""
    closed_by_others: list[int] = []
    is_over = threading.Event()

    def open_files() -> None:
        while not is_over.is_set():
            file = os.open(os.devnull, os.O_RDONLY)
            time.sleep(0)
            try:
                os.close(file)
            except OSError:
                closed_by_others.append(file)

    async def play() -> None:
        async with pactmock.MockServer(pact(interaction()), late=60.0):
            pass

    opening = threading.Thread(target=open_files)
    opening.start()
    try:
        for _ in range(100):
            with asyncio.Runner(loop_factory=fastest_loop()) as runner:
                runner.run(play())
    finally:
        is_over.set()
        opening.join()
    assert closed_by_others == []


def test_a_loop_that_ends_ends_the_connections_of_who_comes_late() -> None:
    async def play() -> socket.socket:
        async with pactmock.MockServer(pact(interaction()), late=60.0) as server:
            pass
        late = socket.create_connection(("127.0.0.1", server.port), timeout=HANG)
        late.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        await asyncio.to_thread(late.recv, 1, socket.MSG_PEEK)  # until it is answered
        return late

    with asyncio.run(play()) as late:
        assert late.recv(65536).startswith(b"HTTP/1.1 503")
        assert late.recv(1) == b""
    gc.collect()


def _wait_until_closed(port: int) -> None:
    deadline = time.monotonic() + HANG
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.01)
    pytest.fail(f"port {port} is still open")


def test_a_program_that_ends_with_its_block_says_nothing() -> None:
    """The doors for who is late are open then, and end with the program, also the last one, which stays on."""
    program = f"""
import pactmock, time
for _ in range(50):
    with pactmock.SyncMockServer({PACT!r}, late=0.02):
        pass
    time.sleep(0.001)
with pactmock.SyncMockServer({PACT!r}, late=60):
    pass
"""
    shown = ["-W", "always::ResourceWarning"]
    command = [sys.executable, *shown, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
