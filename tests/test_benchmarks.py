"""The measurements: what they are measured beside answers the same, and what they print can be pasted into the docs."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from benchmarks import load, table
from benchmarks.exchange import Answered, Connection, Script, play
from benchmarks.lifecycles import LIFECYCLES
from benchmarks.peers import BareHttptools, Pactmock, Peer, call, running
from benchmarks.workload import Workload, get, pact_of
from benchmarks.workloads import WORKLOADS
from tests.patience import HANG

ROOT = Path(__file__).parents[1]
REQUEST = b"GET /resources/0 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def answer_of(peer: Peer) -> bytes:
    port = int(peer.create(pact_of(get(0))).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
        connection.sendall(REQUEST)
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(65536)
        return answer


def test_the_bare_protocol_sends_what_a_mock_server_sends() -> None:
    with running([Pactmock, BareHttptools]) as peers:
        ours, bare = map(answer_of, peers)
    assert bare == ours


def test_a_table_says_how_many_times_better_the_first_is_in_the_median_of_the_rounds() -> None:
    workloads = [
        Workload("requests", "requests/s", lambda *_: 0.0),
        Workload("memory", "kB", lambda *_: 0.0, more_is_better=False),
    ]
    results = {
        "requests": {
            "we": [20_000.0, 30_000.0, 10.0],
            "one": [10_000.0, 10_000.0, 10_000.0],
            "two": [50.0, 40.0, 60.0],
        },
        "memory": {"we": [4.0], "two": [1.0]},
    }
    assert [" ".join(line.split()) for line in table.lines(workloads, results, ["we", "one", "two"])] == [
        "| workload | we | one | ratio | others |",
        "| -------- | -------- | -------- | ----- | ----------------- |",
        "| requests | 20,000/s | 10,000/s | 2.00 | two 50.0/s (400) |",
        "| memory | 4.0 kB | | | two 1.0 kB (0.25) |",
    ]


@pytest.mark.skipif(not load.available(), reason="wrk is not installed")
def test_one_workload_is_measured_beside_one_peer(tmp_path: Path) -> None:
    arguments = ["--only", "GET, 1 ", "--beside", "bare httptools", "--rounds", "1", "--seconds", "0.2"]
    done = measure(*arguments, "--keep-in", str(tmp_path))
    assert done.returncode == 0, done.stderr
    head, _, row = done.stdout.splitlines()[:3]
    assert [cell.strip() for cell in head.split("|")[1:-1]] == ["workload", "pactmock", "bare httptools", "ratio"]
    assert row.startswith("| GET, 1 interaction(s) |")
    (kept,) = tmp_path.glob("*.json")
    assert json.loads(kept.read_text())["figures"]["GET, 1 interaction(s)"].keys() == {"pactmock", "bare httptools"}
    assert kept.with_suffix(".md").read_text().splitlines() == done.stdout.splitlines()[:3]


def test_a_peer_that_is_not_there_is_refused_by_name() -> None:
    done = measure("--beside", "nobody")
    assert done.returncode == 1
    assert "there is no peer 'nobody' here" in done.stderr


def measure(*arguments: str, of: str = "benchmarks") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", of, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANG, check=False)


@pytest.mark.skipif(not load.available(), reason="wrk is not installed")
def test_one_process_is_measured_beside_two() -> None:
    done = measure(
        "--rounds", "1", "--seconds", "0.2", "--servers", "2", "--connections", "4", of="benchmarks.processes"
    )
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in done.stdout.splitlines() if line[0] == "|"]
    assert [number for _, number in rows[2:]] == ["1", "2", "1", "2"]
    assert done.stdout.count("two processes do ") == 2


def test_lifecycles_are_played_to_their_end_on_who_is_measured() -> None:
    with running([Pactmock]) as peers:
        for workload in LIFECYCLES[:4]:
            assert workload.measure(peers[0], 0.2) > 0
        assert call("GET", peers[0].control + "/") == {"mockServers": []}
        assert {path.name for path in Path(peers[0].directory.name).iterdir()}


def _play(script: Callable[[Connection], Script], serve: Callable[[socket.socket], object]) -> None:
    """Play a script on a connection to one who serves it, and closes it then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            client, _ = listener.accept()
            with client:
                serve(client)

        serving = Thread(target=accept)
        serving.start()
        connection = Connection(listener.getsockname()[1])
        play([script(connection)])
        serving.join()
        connection.close()


def test_an_answer_is_read_to_its_end_however_it_is_cut() -> None:
    answers = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello", b"HTTP/1.1 204 No Content\r\n\r\n"
    found: list[Answered] = []

    def script(connection: Connection) -> Script:
        first = yield connection, b"any"
        second = yield connection, b"any"
        found.extend((first, second))

    def serve(client: socket.socket) -> None:
        for answer in answers:
            client.recv(100)
            for number in range(len(answer)):
                client.sendall(answer[number : number + 1])

    _play(script, serve)
    assert found == [(200, b"hello"), (204, b"")]


def test_who_is_not_answered_hears_of_it() -> None:
    heard: list[str] = []

    def script(connection: Connection) -> Script:
        try:
            yield connection, b"any"
        except ConnectionError as error:
            heard.append(str(error))

    _play(script, lambda client: client.recv(100))
    assert heard == ["the connection was closed without an answer"]


def test_creations_are_timed_whatever_their_size() -> None:
    with running([Pactmock]) as peers:
        for workload in WORKLOADS:
            if workload.name.startswith("create a pact"):
                assert workload.measure(peers[0], 0) > 0
        assert call("GET", peers[0].control + "/") == {"mockServers": []}
