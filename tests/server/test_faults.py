"""Faults and delays: the code under test meets them, reports name them, and nothing else changes."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pactmock import AsyncClient, Client, SyncMockServer
from pactmock.errors import InvalidParameter, NoSuchInteraction
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import Running, call, run, service

PACT = pact(interaction("slow", {"path": "/slow"}, body="slow"), interaction("quick", {"path": "/quick"}, body="quick"))
KINDS = ("CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK")


def test_what_is_given_a_provider_state_can_have_a_fault() -> None:
    given = interaction("slow", {"path": "/slow"}) | {"providerStates": [{"name": "it is there", "params": {"id": 1}}]}
    with SyncMockServer(pact(given)) as server:
        server.put_fault("slow", delay=0.01)
        with urllib.request.urlopen(f"{server.url}/slow", timeout=HANG) as answer:
            assert answer.status == 200
        assert server.matched, server.report()
        assert "delay" in server.report()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


@pytest.fixture
def server(running: Running) -> Iterator[Any]:
    made = Client(running.url).create(PACT)
    yield made
    if not made.has_ended:
        made.end()


def _received(port: int, path: str = "/slow") -> bytes:
    """Ask, and return all that comes until the connection ends.

    Raises:
        ConnectionResetError: when it is reset.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
        return b"".join(pieces)


@contextmanager
def _kept_back(server: Any, port: int = 0, path: str = "/slow") -> Iterator[Future[bytes]]:
    """Ask for what is answered late, in a thread; the request is noted when this gives what is to be received."""
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(_received, port or server.port, path)
        while not server.requests():
            pass  # it is noted before it is answered
        yield slow


def _took(port: int, path: str = "/slow") -> float:
    begin = time.monotonic()
    assert b"200 OK" in _received(port, path)
    return time.monotonic() - begin


def test_a_connection_is_reset(server: Any) -> None:
    server.put_fault("slow", fault="CONNECTION_RESET_BY_PEER")
    with pytest.raises(ConnectionResetError):
        _received(server.port)


def test_nothing_comes(server: Any) -> None:
    server.put_fault("slow", fault="EMPTY_RESPONSE")
    assert _received(server.port) == b""


def test_a_chunk_is_none(server: Any) -> None:
    server.put_fault("slow", fault="MALFORMED_RESPONSE_CHUNK")
    head, _, rest = _received(server.port).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Transfer-Encoding: chunked" in head
    with pytest.raises(ValueError, match="invalid literal"):
        int(rest.split(b"\r\n")[0], 16)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_for_the_next_requests_only_and_for_its_interaction(kind: str, server: Any) -> None:
    listed = server.put_fault("slow", fault=kind, times=2)
    assert (listed["fault"], listed["faultLeft"]) == (kind, 2)
    assert b"quick" in _received(server.port, "/quick")
    for _ in range(2):
        with pytest.raises((OSError, http.client.HTTPException)), urllib.request.urlopen(f"{server.url}/slow") as reply:
            reply.read()
    assert b"slow" in _received(server.port)
    assert ["fault" in item for item in server.interactions()] == [False, False]


def test_an_answer_is_kept_back_and_others_are_not(server: Any) -> None:
    server.put_fault("slow", delay=600)
    with _kept_back(server) as slow:
        for _ in range(5):
            assert b"200 OK" in _received(server.port, "/quick")
        assert not slow.done()
        server.end()


def test_a_delay_is_within_its_range(server: Any) -> None:
    server.put_fault("slow", delay=(0.05, 0.1))
    assert all(_took(server.port) >= 0.05 for _ in range(5))
    assert server.interactions()[0]["fault"] == "a delay of 0.05 to 0.1 s"


def test_a_fault_can_come_after_a_delay_and_be_taken_back(server: Any) -> None:
    server.put_fault("slow", delay=0.3, fault="EMPTY_RESPONSE")
    begin = time.monotonic()
    assert _received(server.port) == b""
    assert time.monotonic() - begin >= 0.3
    assert "fault" not in server.put_fault("slow")
    assert b"slow" in _received(server.port)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gateway_and_tls_have_faults_too(kind: str, running: Running) -> None:
    client = Client(running.url)
    made = client.create(PACT, tls=True)
    made.put_fault("slow", fault=kind)
    context = ssl.create_default_context(cadata=client.ca_pem().decode())
    for url in (f"{running.url}/m/{made.id}/slow", f"https://localhost:{made.port}/slow"):
        with pytest.raises((OSError, http.client.HTTPException)), urllib.request.urlopen(url, context=context) as reply:
            reply.read()
    assert made.matched() is False
    assert len(made.show()["warnings"]) == 1
    made.end()


def test_what_was_played_is_named_wherever_the_verdict_is_and_is_not_in_the_pact(server: Any, tmp_path: Path) -> None:
    server.put_fault("slow", fault="EMPTY_RESPONSE", times=2)
    for _ in range(3):
        _received(server.port)
    _received(server.port, "/quick")
    said = "'slow' was answered 2 times with EMPTY_RESPONSE, which the pact does not say"
    for name in ("text", "json", "junit", "markdown", "github", "html"):
        report = server.report(format=name)
        assert "EMPTY_RESPONSE, which the pact does not say" in report, name
    assert [item["warning"] for item in server.show()["warnings"]] == [said]
    assert [entry.get("fault") for entry in server.requests()] == ["EMPTY_RESPONSE", "EMPTY_RESPONSE", None, None]
    assert server.logs().count("-> 200, EMPTY_RESPONSE") == 2
    assert server.verify()
    assert "EMPTY" not in json.dumps(server.pact())


def test_a_reset_and_other_interactions_begin_without_faults_and_more_of_them_do_not(server: Any) -> None:
    server.put_fault("slow", fault="EMPTY_RESPONSE")
    server.expect([interaction("more", {"path": "/more"})])
    assert _received(server.port) == b""
    server.reset()
    assert b"slow" in _received(server.port)
    assert server.show()["warnings"] == []
    server.put_fault("slow", fault="EMPTY_RESPONSE")
    server.replace([interaction("slow", {"path": "/slow"})])
    assert b"200 OK" in _received(server.port)


def test_a_request_that_does_not_match_meets_no_fault(server: Any) -> None:
    server.put_fault("slow", fault="EMPTY_RESPONSE")
    assert b"500" in _received(server.port, "/slow?x=1")


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"fault": "OTHER"}, "Member 'fault' cannot be 'OTHER'"),
        ({"delay": {"min": 2, "max": 1}}, "'delay' is 2 to 1"),
        ({"delay": 601}, "'delay' is 601"),
        ({"times": 0}, "Member 'times' cannot be 0"),
        ({"times": 3}, "'times' says how often, and not what: give a delay or a fault"),
        ({"delay": -1}, "'delay' is -1: give seconds from 0 to 600"),
        ({"delay": {"min": 1}}, "Member 'delay.max' cannot be {'min': 1}: field required"),
        ({"delay": "soon"}, "Member 'delay' cannot be 'soon': input should be a valid number"),
        ({"fault": "X"}, "Member 'fault' cannot be 'X': input should be 'CONNECTION_RESET_BY_PEER', "),
        ({"delays": 1}, "Member 'delays' is not known here"),
    ],
)
def test_what_is_no_fault_is_refused(document: dict[str, Any], sentence: str, server: Any, running: Running) -> None:
    status, answer = call("PATCH", f"{running.url}/mockserver/{server.id}/interactions/slow", document)
    assert status == 400
    assert answer["error"].startswith(sentence)


def test_an_interaction_that_is_not_there_is_named(server: Any, running: Running) -> None:
    with pytest.raises(NoSuchInteraction, match="no interaction with the key or description 'other'"):
        server.put_fault("other", delay=1)
    done = run("fault", "other", "--port", str(running.port), "-i", server.id, "--delay", "1s")
    assert done.returncode == 1
    assert "There is no interaction with the key or description 'other'" in done.stderr


def test_a_description_that_several_interactions_have_in_other_states_is_refused_with_their_keys(
    running: Running,
) -> None:
    twice = [
        {**interaction("user", {"path": "/user"}, body=state), "providerStates": [{"name": state}]}
        for state in ("ada is there", "nobody is there")
    ]
    made = Client(running.url).create(pact(*twice))
    first, second = (each["key"] for each in made.interactions())
    with pytest.raises(InvalidParameter, match=f"There are 2 interactions .* of {first}, {second}$"):
        made.put_fault("user", delay=1)
    made.put_fault(second, fault="EMPTY_RESPONSE")
    assert [each.get("fault") for each in made.interactions()] == [None, "EMPTY_RESPONSE"]
    done = run("fault", "user", "--port", str(running.port), "-i", made.id, "--delay", "1s")
    assert done.returncode == 1
    assert "say by its key which one is meant" in done.stderr
    made.end()


def test_an_interaction_is_named_by_a_description_of_any_characters(running: Running) -> None:
    description = "a/b?c=d#e%2F é.."
    made = Client(running.url).create(pact(interaction(description, {"path": "/"})))
    assert made.put_fault(description, delay=1)["fault"] == "a delay of 1 s"
    made.end()


def test_the_command_line_sets_and_takes_back(server: Any, running: Running) -> None:
    options = ("--port", str(running.port), "-i", server.id)
    key = server.interactions()[0]["key"]
    done = run("fault", key, *options, "--delay", "10ms-0.2s", "--fault", "EMPTY_RESPONSE", "--times", "3")
    assert done.stdout == "'slow' is answered with a delay of 0.01 to 0.2 s, then EMPTY_RESPONSE for 3 request(s)\n"
    assert run("fault", "slow", *options).stdout == "'slow' is answered as the pact says\n"
    done = run("fault", "slow", *options, "--delay", "soon")
    assert done.returncode == 1
    assert "'soon' is no delay: write it like 200ms, 1.5s or 100ms-2s" in done.stderr


def test_a_delay_ends_with_its_mock_server(running: Running) -> None:
    made = Client(running.url).create(PACT)
    made.put_fault("slow", delay=600)
    with _kept_back(made) as slow:
        made.end()
        assert b"200 OK" in slow.result()


def test_the_service_ends_in_time_whatever_is_kept_back(tmp_path: Path) -> None:
    with service(tmp_path) as started:
        made = Client(started.url).create(PACT)
        made.put_fault("slow", delay=600)
        with _kept_back(made) as slow:
            started.process.send_signal(signal.SIGTERM)
            assert started.process.wait(timeout=HANG) == 0
            assert b"200 OK" in slow.result()


def test_what_is_kept_back_behind_the_gateway_is_sent_when_the_service_ends(tmp_path: Path) -> None:
    with service(tmp_path) as started:
        made = Client(started.url).create(PACT)
        made.put_fault("slow", delay=600)
        with _kept_back(made, started.port, f"/m/{made.id}/slow") as slow:
            started.process.send_signal(signal.SIGTERM)
            assert started.process.wait(timeout=HANG) == 0
            assert b"200 OK" in slow.result()


def test_mock_servers_inside_a_program_have_faults() -> None:
    with SyncMockServer(PACT) as made:
        made.put_fault("slow", fault="EMPTY_RESPONSE", times=1)
        assert _received(made.port) == b""
        assert b"slow" in _received(made.port)
        with pytest.raises(InvalidParameter, match="There is no fault 'OTHER': use one of CONNECTION_RESET_BY_PEER"):
            made.put_fault("slow", fault="OTHER")
        assert [warning.code for warning in made.warnings] == ["played_fault"]


async def test_the_client_that_waits_for_nothing_sets_faults(running: Running) -> None:
    made = await AsyncClient(running.url).create(PACT)
    listed = await made.put_fault("slow", delay=(0.1, 0.2), times=1)
    assert listed["fault"] == "a delay of 0.1 to 0.2 s"
    assert await asyncio.to_thread(_took, made.port) >= 0.1
    await made.end()
