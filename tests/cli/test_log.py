"""The log says what happens once, as text or as JSON, and nobody who sends something can forge a line of it."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import pactmock
from pactmock.cli.output.log_formats import JsonFormatter, LineFormatter
from pactmock.cli.output.log_thread import LogThread
from pactmock.server.records import events
from pactmock.service import event_log
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND, Running, call, run, service

FORGED = "2026-01-01 00:00:00,000 INFO pactmock: all is well"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
TRACED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _ended(running: Running) -> str:
    """End a service in good order, and return all of its log."""
    running.process.terminate()
    return running.process.communicate(timeout=HANG)[1]


def _send(port: int, *requests: bytes) -> None:
    """Send bytes, each on a connection of its own, and read until the server has answered and closed it."""
    for request in requests:
        with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


def test_what_happens_is_said_once_under_the_names_of_the_events(tmp_path: Path) -> None:
    with service(tmp_path, "--log-level", "debug") as running:
        created = call("POST", f"{running.url}/?name=users", pact(interaction("a")))[1]["mockServer"]
        here, url = f"{running.url}/mockserver/users", f"http://127.0.0.1:{created['port']}"
        call("GET", f"{url}/nowhere")
        call("POST", f"{here}/verify")
        call("DELETE", f"{here}/requests")
        call("GET", url)
        call("POST", f"{here}/verify")
        call("DELETE", here)
        said = [line.split(" ", 2)[2] for line in _ended(running).splitlines() if " pactmock.control: " not in line]
    name = created["id"]
    why = "was not expected; the nearest interaction is 'a': Expected '/nowhere' to be equal to '/'"
    assert said == [
        f"INFO server.started: {name} started on {url} for 1 interaction of web - api (users)",
        f"INFO request.mismatched: {name} GET /nowhere {why} -> 500",
        f"INFO verdict.given: {name} did not match: 2 problems",
        f"DEBUG request.matched: {name} GET / matched 'a' -> 200",
        f"INFO verdict.given: {name} all matched",
        f"INFO pact.written: {name} wrote {tmp_path}/web-api.json with 1 interaction",
        f"INFO server.stopped: {name} stopped",
    ]


def test_what_is_about_a_scope_names_it(tmp_path: Path) -> None:
    with service(tmp_path, "--log-level", "debug") as running:
        name = call("POST", running.url, pact(interaction("a")))[1]["mockServer"]["id"]
        call("GET", f"{running.url}/m/{name}~checkout/")
        call("POST", f"{running.url}/mockserver/{name}/scopes/checkout/verify")
        said = [line.split(" ", 2)[2] for line in _ended(running).splitlines() if " pactmock.control: " not in line]
    assert said[1:4] == [
        f"DEBUG request.matched: {name} GET / matched 'a' -> 200, scope checkout",
        f"INFO verdict.given: {name} all matched, scope checkout",
        f"INFO pact.written: {name} wrote {tmp_path}/web-api.json with 1 interaction, scope checkout",
    ]


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("info", ["server.started", "request.mismatched", "server.stopped"]),
        ("warn", []),
    ],
)
def test_a_level_leaves_out_what_is_less_important(tmp_path: Path, level: str, said: list[str]) -> None:
    with service(tmp_path, "--log-level", level) as running:
        url = call("POST", running.url, pact(interaction("a")))[1]["mockServer"]["gatewayUrl"]
        call("GET", url)
        call("OPTIONS", url)
        call("GET", f"{url}/nowhere")
        log = _ended(running)
    assert [line.split(" ")[3].rstrip(":") for line in log.splitlines()] == said


def test_calls_of_the_api_are_said_at_debug_with_what_became_of_them(tmp_path: Path) -> None:
    with service(tmp_path, "--log-level", "debug", "--token", "t") as running:
        call("GET", running.url)
        call("POST", running.url, [], {"Authorization": "Bearer t"})
        log = _ended(running)
    assert [line.partition(" DEBUG pactmock.control: ")[2] for line in log.splitlines()] == [
        "GET / -> 401",
        "POST / -> 422",
    ]


def test_who_calls_after_the_verdict_is_a_warning(tmp_path: Path) -> None:
    with service(tmp_path, "--log-level", "warn", "--log-format", "json") as running:
        server = call("POST", running.url, pact(interaction("a")))[1]["mockServer"]
        for _ in range(2):
            call("GET", server["gatewayUrl"])
            call("POST", f"{running.url}/mockserver/{server['id']}/verify")
        (line,) = _parsed(_ended(running))
    assert (line["event"], line["level"], line["number"], line["matched"]) == ("request.late", "warning", 2, True)
    assert re.fullmatch(r"late, .* after the verdict: GET / matched 'a' -> 200", line["message"])
    assert line["afterVerdict"] > 0


def test_what_was_sent_stays_within_its_line(tmp_path: Path) -> None:
    with service(tmp_path / "pacts") as running:
        for ending in ("\n", "\r", "\u2028", "\x1b[2K"):
            document = pact(interaction(), consumer=f"web{ending}{FORGED}")
            status, created = call("POST", f"{running.url}/?ttl=0.05", document)
            assert status == 200, created
        while call("GET", running.url)[1]["mockServers"]:  # listing is no touch, so they are stopped one by one
            pass
        errors = _ended(running)
    started, expired = (
        [line for line in errors.splitlines() if f" {name}: " in line]
        for name in ("INFO server.started", "WARNING server.expired")
    )
    assert len(started) == len(expired) == 4
    assert len(errors.splitlines()) == 8, "why it stopped is said, and not again that it did"


def _head(*lines: bytes, target: bytes = b"/") -> bytes:
    return b"\r\n".join([b"GET " + target + b" HTTP/1.1", b"Host: a", b"Connection: close", *lines, b"", b""])


ATTACKS = (
    _head(target=b"/" + quote(f"\n{FORGED}").encode()),
    _head(target=b"/\xff\xfe\x80"),
    _head(target=b"/%ff%00%0d%0a%e2%80%a8%c2%85%1b[2J%e2%80%ae"),
    _head(target=b'/"}{"level":"info"'),
    _head(b"X-A: \xff\xfe", b"X-A: \x1b[2K"),
    _head(b"X-Large: " + b"a" * 60_000),
    _head(*(b"X-%d: %s" % (number, b"\xe2\x80\xa8" * 60) for number in range(900))),
    _head(*(b"X-%d: 1" % number for number in range(1500))),
    _head(b"traceparent: " + TRACED.encode() + b"\x00"),
    _head(b"traceparent: 00-" + b"\xff" * 32 + b"-b7ad6b7169203331-01"),
    b"GET / HTTP/1.1\r\nHost: a\r\n\x00: 1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b'{"level": "info"}\n{"level": "info"}\n',
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\n\xff",
)


def _parsed(log: str) -> list[dict[str, Any]]:
    """Parse a log line by line, where a line ends at a new line and nowhere else."""
    assert log.isascii()
    assert log.endswith("\n")
    return [json.loads(line) for line in log[:-1].split("\n")]


def _texts(item: Any) -> Iterable[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        for name, value in item.items():
            yield from (name, *_texts(value))
    elif isinstance(item, list):
        for value in item:
            yield from _texts(value)


def test_as_json_the_log_parses_line_by_line_whatever_is_sent(tmp_path: Path) -> None:
    names = ("\n" + FORGED, '"}\r{"level": "info"}', "\u2028\x1b[2K\u202e\x00", "x" * 100_000)
    with service(tmp_path, "--log-format", "json", "--log-level", "debug") as running:
        for name in names:
            document = pact(interaction(name, {"path": f"/{name[:9]}"}), consumer=name, provider=name)
            status, created = call("POST", running.url, document | {"unknown\n": FORGED})
            assert status == 200, created
            _send(created["mockServer"]["port"], *ATTACKS)
            gateway = b"/m/" + created["mockServer"]["id"].encode()
            _send(running.port, *(attack.replace(b"GET /", b"GET " + gateway + b"/", 1) for attack in ATTACKS))
        _send(running.port, *ATTACKS)
        lines = _parsed(_ended(running))
    for line in lines:
        assert {"time", "level", "event", "server", "message"} <= set(line)
        assert datetime.fromisoformat(line["time"]).tzinfo is not None
        assert line["level"] in {"debug", "info", "warning"}, line
        assert (line["event"] in events.NAMES) is ("logger" not in line)
        assert not any(CONTROL.search(text) for text in _texts(line)), line
        assert "traceparent" not in line
        assert len(json.dumps(line)) < 60_000
    counted = {name: sum(line["event"] == name for line in lines) for name in events.NAMES}
    assert counted["server.started"] == counted["server.stopped"] == len(names)
    assert counted["request.mismatched"] + counted["request.refused"] >= 8 * len(names)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([TRACED], TRACED),
        ([f"01{TRACED[2:]}"], f"01{TRACED[2:]}"),
        ([], None),
        ([TRACED, TRACED], None),
        ([f"ff{TRACED[2:]}"], None),
        ([TRACED.upper()], None),
        ([TRACED + "-x"], None),
        ([TRACED.replace("0af7651916cd43dd8448eb211c80319c", "0" * 32)], None),
        ([TRACED.replace("b7ad6b7169203331", "0" * 16)], None),
        ([f"{TRACED},{TRACED}"], None),
    ],
)
def test_a_request_is_told_with_its_traceparent_if_that_is_one(
    running_json: tuple[Running, str], lines: list[str], told: str | None
) -> None:
    running, port = running_json
    _send(int(port), _head(*(f"traceparent: {line}".encode() for line in lines), target=b"/nowhere"))
    assert running.process.stderr is not None
    line = json.loads(running.process.stderr.readline())
    assert (line["event"], line["method"], line["path"], line["status"]) == (
        "request.mismatched",
        "GET",
        "/nowhere",
        500,
    )
    assert line["interaction"]["description"] == "a"
    assert line.get("traceparent") == told


@pytest.fixture(scope="module")
def running_json(tmp_path_factory: pytest.TempPathFactory) -> Iterable[tuple[Running, str]]:
    """A service whose log is JSON, and the port of its mock server."""
    with service(tmp_path_factory.mktemp("pacts"), PACTMOCK_LOG_FORMAT="json") as running:
        port = call("POST", running.url, pact(interaction("a")))[1]["mockServer"]["port"]
        assert running.process.stderr is not None
        assert json.loads(running.process.stderr.readline())["event"] == "server.started"
        yield running, port


def test_who_does_not_read_the_log_holds_up_nobody(tmp_path: Path) -> None:
    with service(tmp_path) as running:
        port = call("POST", running.url, pact(interaction("a" * 500)))[1]["mockServer"]["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
            answers = connection.makefile("rb")
            for _ in range(500):  # a pipe takes 64 kB, and each is a line of more than a kB
                connection.sendall(b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
                assert answers.readline().startswith(b"HTTP/1.1 500 ")
                while (line := answers.readline()) != b"\r\n":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                answers.read(length)
        log = _ended(running)
    assert log.count(" request.mismatched: ") == 500


def test_a_line_stays_whole_where_writing_does_not_wait() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    handler = LogThread(writing)
    for number in range(4_000):
        handler.handle(logging.LogRecord("a", logging.INFO, "", 0, "%s", (f"{number:0999d}",), None))
    with os.fdopen(reading) as reader:
        assert [int(reader.readline()) for _ in range(4_000)] == list(range(4_000))
    handler.flush()
    os.close(writing)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes it")
def test_a_service_without_a_standard_error_serves(tmp_path: Path) -> None:
    file = tmp_path / "port"
    command = [*COMMAND, "start", "--port", "0", "--port-file", str(file), "--output", str(tmp_path)]
    process = subprocess.Popen(["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *command], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"pactmock ")
        server = call("POST", f"http://127.0.0.1:{file.read_text().strip()}", pact(interaction("a")))[1]["mockServer"]
        assert call("GET", f"{server['url']}/nowhere")[0] == 500
    finally:
        process.kill()
        process.communicate(timeout=HANG)


def test_what_nobody_reads_is_lost_and_counted_where_it_is_missing() -> None:
    reading, writing = os.pipe()
    handler = LogThread(writing, most=200_000)
    handler.setFormatter(LineFormatter("%(message)s"))
    for number in range(10_000):
        handler.handle(logging.LogRecord("a", logging.INFO, "", 0, "%s", (f"{number:099d}",), None))
    number = gaps = 0
    with os.fdopen(reading) as reader:
        while number < 10_000:
            count, told, _ = reader.readline().partition(" line(s) of the log are lost here")
            gaps += bool(told)
            if told:
                number += int(count)
            else:
                assert int(count) == number
                number += 1
    os.close(writing)
    assert number == 10_000
    assert gaps


JSON = ("--log-level", "info", "--log-format", "json")
ASKS = "import os, urllib.request as r; r.urlopen(os.environ['PACTMOCK_API_URL'])"


def test_a_command_that_is_run_can_have_the_log_too(tmp_path: Path) -> None:
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(pact(interaction("a"))))
    done = run("run", "--pact", str(path), "--output", str(tmp_path), *JSON, "--", sys.executable, "-c", ASKS)
    assert done.returncode == 0, done.stderr
    assert [line["event"] for line in _parsed(done.stderr)] == [
        "server.started",
        "verdict.given",
        "pact.written",
        "server.stopped",
    ]


def test_mock_servers_inside_a_program_are_not_told_of_in_its_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pactmock.SyncMockServer(pact(interaction("a"))) as server:
        assert call("GET", f"{server.url}/nowhere")[0] == 500
    assert not [record for record in caplog.records if record.name.startswith("pactmock") or hasattr(record, "told")]


def test_every_event_has_its_line_and_its_row() -> None:
    of_requests = {name for name in events.NAMES if name.startswith("request.")}
    assert set(event_log.TEXTS) == set(events.NAMES) - of_requests
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = "".join(line for line in page.partition("## Logs")[2].partition("\n## ")[0].splitlines() if line[:1] == "|")
    assert {name for name in events.NAMES if f"`{name}`" not in rows} == set()


@pytest.mark.parametrize("kind", [LineFormatter, JsonFormatter])
def test_a_traceback_forges_no_line(kind: type[logging.Formatter]) -> None:
    def fail() -> None:
        raise ValueError(f"no\n{FORGED}")

    try:
        fail()
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a\nb", logging.ERROR, "", 0, "it %s", (f"failed\n{FORGED}",), info)
    if kind is JsonFormatter:
        (line,) = _parsed(kind().format(record) + "\n")
        assert (line["message"], line["logger"]) == (f"it failed\\n{FORGED}", "a\\nb")
        assert line["exception"][-2:] == ["ValueError: no", FORGED]
        return
    first, *others = kind("%(levelname)s %(name)s: %(message)s").format(record).splitlines()
    assert first == f"ERROR a\\nb: it failed\\n{FORGED}"
    assert others
    assert all(line.startswith("    | ") for line in others)
