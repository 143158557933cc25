"""Where a service and its mock servers are can be said before, and be found out afterwards."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.free_ports import free_port, free_ports
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND, Running, call, run, service

_EXITS_AMID_IMPORTS = """import os, sys
class Finder:
    def find_spec(self, name, *_):
        if name == 'aiohttp':
            sys.exit(os.path.exists({path!r}))
sys.meta_path.insert(0, Finder())
"""
PACT = pact(interaction("a", {"path": "/a"}))


@pytest.fixture
def ports() -> range:
    return free_ports(2)


@pytest.fixture
def running(tmp_path: Path, ports: range) -> Iterator[Running]:
    with service(tmp_path, "--port-range", f"{ports[0]}-{ports[-1]}") as started:
        yield started


def _created(running: Running, query: str = "") -> int:
    status, answer = call("POST", f"{running.url}/{query}", PACT)
    assert status == 200, answer
    port: int = answer["mockServer"]["port"]
    return port


def test_a_range_of_ports_is_used_up_and_freed_ports_are_used_again(running: Running, ports: range) -> None:
    assert [_created(running), _created(running)] == list(ports)
    status, refused = call("POST", f"{running.url}/", PACT)
    assert (status, refused["code"]) == (409, "port_unavailable")
    assert refused["error"].startswith(f"All ports from {ports[0]} to {ports[-1]} have a mock server already: DELETE")
    assert refused["error"].endswith("another --port-range")
    assert call("DELETE", f"{running.url}/mockserver/{ports[0]}")[0] == 204
    assert _created(running) == ports[0]


def test_a_port_of_the_range_that_somebody_else_has_is_left_out(running: Running, ports: range) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", ports[0]))
        other.listen()
        assert _created(running) == ports[1]
        status, refused = call("POST", f"{running.url}/", PACT)
        assert (status, refused["code"]) == (409, "port_unavailable")
        assert "in use" in refused["error"]


def test_a_port_beyond_the_range_is_refused_with_a_sentence(running: Running, ports: range) -> None:
    assert _created(running, f"?port={ports[1]}") == ports[1]
    for port in (ports[0] - 1, ports[-1] + 1):
        status, refused = call("POST", f"{running.url}/?port={port}", PACT)
        assert (status, refused["code"], refused["parameter"]) == (400, "invalid_parameter", "port")
        assert refused["error"].startswith(f"Port {port} is not one of --port-range {ports[0]}-{ports[-1]}: ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--port-range", "9020-9000"), "--port-range 9020-9000 is no range of ports"),
        (("--port-range", "0-10"), "--port-range 0-10 is no range of ports"),
        (("--port-range", "9000-65536"), "is no range of ports"),
        (("--port-range", "9000"), "'9000' is no range of ports: give the first and the last, as 9000-9020"),
        (("--port-range", "9000-9020", "--base-port", "9000"), "--base-port and --port-range both say"),
        (("--port-file", "/proc/port"), "The port cannot be written to /proc/port"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    refused = run("start", "--port", "0", "--output", str(tmp_path), *options)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_port_stands_in_a_file_while_the_service_listens(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "below" / "port"
    with service(tmp_path, "--port-file", str(path)) as running:
        assert path.read_text() == f"{running.port}\n"
        assert list(path.parent.iterdir()) == [path]
        running.process.send_signal(number)
        assert running.process.wait(HANG) == 0
        assert list(path.parent.iterdir()) == []


def test_what_a_service_left_that_was_killed_is_gone_before_the_next_one_listens(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.write_text("1\n")
    looks = _EXITS_AMID_IMPORTS.format(path=str(path))
    command = "from pactmock.cli import main; main(prog_name='pactmock')"
    options = ("start", "--port", "0", "--output", str(tmp_path), "--port-file", str(path))
    done = subprocess.run(
        [sys.executable, "-c", looks + command, *options], capture_output=True, timeout=HANG, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_file_that_another_service_has_written_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "port"
    with service(tmp_path, "--port-file", str(path)) as first, service(tmp_path, "--port-file", str(path)) as second:
        first.process.terminate()
        assert first.process.wait(HANG) == 0
        assert path.read_text() == f"{second.port}\n"


def test_health_waits_for_a_service_that_is_not_there_yet(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "health", "--port", str(port), "--wait", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with service(tmp_path, "--port", str(port)):
            output, _ = process.communicate(timeout=HANG)
            assert process.returncode == 0
            assert f"on 127.0.0.1:{port} is ok: 0 mock server(s)" in output
    finally:
        process.kill()
        process.wait(HANG)


def test_health_waits_no_longer_than_it_is_told() -> None:
    began = time.monotonic()
    gone = run("health", "--port", "1", "--wait", "0.5")
    assert time.monotonic() - began >= 0.3
    assert (gone.returncode, "No pactmock service answers on 127.0.0.1:1 " in gone.stderr) == (1, True)


def test_a_mock_server_of_a_file_has_the_name_of_the_file(tmp_path: Path) -> None:
    for place in ("users.json", "below/users.json", "7.json"):
        (tmp_path / "pacts" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pacts" / place).write_text(json.dumps(PACT))
    with service(tmp_path, "--pact", str(tmp_path / "pacts")) as running:
        assert call("GET", f"{running.url}/m/users/a")[0] == 200
        listed = call("GET", running.url)[1]["mockServers"]
        assert [server["name"] for server in listed] == [None, "users", None]
