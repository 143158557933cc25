"""What the commands for a running service say and do, apart from those that the Rust client has too."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.pacts import USERS, interaction, pact
from tests.patience import HANG
from tests.process import COMMAND, Running, call, run, service


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with service(tmp_path / "pacts") as started:
        yield started


@pytest.fixture
def at(running: Running) -> tuple[str, str]:
    return "--port", str(running.port)


@pytest.fixture
def pact_file(tmp_path: Path) -> str:
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(USERS))
    return str(path)


@pytest.fixture
def url(running: Running) -> str:
    """Where a mock server for the pact of users is: the only one."""
    return str(call("POST", running.url, USERS)[1]["mockServer"]["url"])


def get(url: str) -> None:
    call("GET", url, headers={"Accept": "application/json"})


@contextmanager
def following(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=HANG)


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


class TestCreate:
    def test_the_answer_is_a_sentence_or_the_port_alone_or_all_of_it(self, at: tuple[str, str], pact_file: str) -> None:
        port = run("create", *at, "-f", pact_file, "-q").stdout
        assert port == f"{int(port)}\n"
        wanted = ("--name", "users", "--ttl", "60", "--seed", "7", "--json")
        server = json.loads(run("create", *at, "-f", pact_file, *wanted).stdout)
        assert (server["name"], server["provider"], server["expires"] is not None) == ("users", "api", True)
        assert run("create", *at, "-f", pact_file, "-q", "--json").returncode == 1

    def test_a_seed_makes_values_that_can_be_had_again(self, at: tuple[str, str], tmp_path: Path) -> None:
        generated: Any = {"generators": {"body": {"$.id": {"type": "Uuid"}}}}
        path = tmp_path / "random.json"
        path.write_text(json.dumps(pact(interaction(body={"id": "x"}, **generated))))
        ports = [run("create", *at, "-q", "-f", str(path), "--seed", "7").stdout.strip() for _ in range(2)]
        first, second = (call("GET", f"http://127.0.0.1:{port}/")[1] for port in ports)
        assert first == second != {"id": "x"}

    def test_a_pact_may_come_from_the_standard_input(self, at: tuple[str, str]) -> None:
        given = json.dumps(USERS).encode()
        command = [*COMMAND, "create", *at, "--file", "-"]
        done = subprocess.run(command, input=given, capture_output=True, timeout=HANG, check=True)
        assert done.stdout.startswith(b"Mock server ")
        refused = subprocess.run(command, input=b"[]", capture_output=True, timeout=HANG, check=False)
        assert b"The standard input was refused: A pact is a JSON object" in refused.stderr

    def test_a_contract_is_taken_as_one_and_a_pact_is_not(
        self, at: tuple[str, str], tmp_path: Path, pact_file: str
    ) -> None:
        path = tmp_path / "contract.json"
        path.write_text(
            json.dumps({"consumer": "web", "provider": "api", "interactions": [{"description": "x", "request": {}}]})
        )
        created = run("create", *at, "--contract", str(path), "--json")
        assert json.loads(created.stdout)["consumer"] == "web", created.stderr
        refused = run("create", *at, "--contract", pact_file)
        assert (refused.returncode, "pact.json was refused" in refused.stderr) == (1, True)

    def test_a_pact_is_not_blamed_for_a_port_that_is_taken(self, at: tuple[str, str], pact_file: str) -> None:
        refused = run("create", *at, "--file", pact_file, "--mock-port", at[1])
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"Error: Port {at[1]} ")


class TestList:
    def test_name_state_and_age_are_shown_and_json_has_all(self, running: Running, at: tuple[str, str]) -> None:
        document = pact(interaction() | {"providerState": "it is"})
        server = call("POST", f"{running.url}/?name=users&state=it%20is", document)[1]["mockServer"]
        title, row = run("list", *at).stdout.splitlines()
        columns = [title.index(name) for name in ("Name", "State", "Age", "Requests")]
        cells = [row[start:end].strip() for start, end in pairwise(columns)]
        assert cells[:2] == ["users", "it is"]
        assert cells[2].endswith(" s")
        (listed,) = json.loads(run("list", *at, "--json").stdout)
        assert (listed["id"], listed["name"]) == (server["id"], "users")


class TestRequests:
    def test_each_is_a_line_and_says_why_it_failed(self, at: tuple[str, str], url: str) -> None:
        assert run("requests", *at).stdout == "No request was received.\n"
        get(f"{url}/users/1")
        get(f"{url}/users/2?a=%1b")
        matched, failed, why = run("requests", *at).stdout.splitlines()
        assert matched.split()[1:] == ["1", "ok", "GET", "/users/1", "->", "200"]
        assert failed.split()[1:] == ["2", "failed", "GET", "/users/2?a=%1b", "->", "500"]
        assert why.startswith("  GET /users/2 was not expected; the nearest interaction is 'a request for a user'")
        assert run("requests", *at, "--failed").stdout.splitlines() == [failed, why]
        assert run("requests", *at, "--limit", "1").stdout.splitlines() == [failed, why]
        assert [item["number"] for item in json.loads(run("requests", *at, "--json").stdout)] == [1, 2]

    def test_they_are_followed_until_the_mock_server_ends(
        self, running: Running, at: tuple[str, str], url: str
    ) -> None:
        get(f"{url}/users/1")
        with following("requests", "--follow", *at) as process:
            assert line_of(process).split()[1:3] == ["1", "ok"]
            get(f"{url}/users/2")
            assert line_of(process).split()[1:3] == ["2", "failed"]
            assert line_of(process).startswith("  GET /users/2 was not expected")
            call("DELETE", f"{running.url}/mockserver/{url.rpartition(':')[2]}/requests")
            get(f"{url}/users/1")
            assert line_of(process).split()[1:3] == ["3", "ok"]
            call("DELETE", f"{running.url}/mockserver/{url.rpartition(':')[2]}")
            output, errors = process.communicate(timeout=HANG)
            assert (process.returncode, output, errors) == (0, "", "The mock server has ended.\n")

    def test_ctrl_c_ends_following_in_peace(self, at: tuple[str, str], url: str) -> None:
        get(f"{url}/users/2")
        with following("requests", "--follow", "--failed", "--json", *at) as process:
            assert json.loads(line_of(process))["matched"] is False
            process.send_signal(signal.SIGINT)
            assert (process.communicate(timeout=HANG), process.returncode) == (("", ""), 0)


class TestEvents:
    def test_what_happens_is_followed_until_the_service_ends(self, tmp_path: Path) -> None:
        with service(tmp_path) as running, following("events", "--url", running.url) as process:
            assert process.stderr is not None
            assert process.stderr.readline() == f"Following {running.url}; Ctrl-C ends that.\n"
            server = call("POST", running.url, USERS)[1]["mockServer"]
            started = line_of(process).split()
            assert started[1:] == [server["id"], "server.started", "web", "-", "api", server["url"]]
            call("POST", f"{server['url']}/users?a=%1b%0a", {})
            asked = line_of(process).split()
            assert asked[1:] == [server["id"], "request.mismatched", "POST", "/users?a=%1b%0a", "->", "500"]
            assert line_of(process).startswith("  POST /users does not match 'a request to add a user'")
            call("POST", f"{running.url}/mockserver/{server['id']}/verify")
            assert line_of(process).split()[2:] == ["verdict.given", "2", "problem(s)"]
            running.process.terminate()
            output, errors = process.communicate(timeout=HANG)
            assert (process.returncode, output, errors) == (0, "", "Nothing more comes: it has ended.\n")

    def test_a_request_that_came_late_says_by_how_much_and_stands_in_the_columns_of_the_others(
        self, tmp_path: Path
    ) -> None:
        with service(tmp_path) as running, following("events", "--url", running.url) as process:
            assert process.stderr is not None
            process.stderr.readline()  # it follows from here on
            server = call("POST", running.url, pact(interaction()))[1]["mockServer"]
            call("GET", server["url"])
            call("POST", f"{running.url}/mockserver/{server['id']}/verify")
            call("GET", f"{server['url']}/late?by=a-little")
            lines = [line_of(process) for _ in range(5)]
            names = ["server.started", "request.matched", "verdict.given", "pact.written", "request.late"]
            assert [line.split()[2] for line in lines] == names
            assert re.search(
                r"GET /late\?by=a-little -> 500  late: 0\.\d{3} seconds after the verdict$", lines[-1].rstrip()
            )
            assert len({re.match(r"\S+  \S+  \S+ +", line).end() for line in lines}) == 1  # type: ignore[union-attr]

    def test_those_of_one_mock_server_are_documents_a_line(self, at: tuple[str, str], url: str) -> None:
        port = url.rpartition(":")[2]
        with following("events", "--json", "-m", port, *at) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Following http://")
            get(f"{url}/users/1")
            assert json.loads(line_of(process))["event"] == "request.matched"
            process.send_signal(signal.SIGINT)
            assert (process.communicate(timeout=HANG), process.returncode) == (("", ""), 0)
        assert run("events", "-i", "nope", *at).returncode == 3


class TestLogs:
    def test_the_log_is_shown_and_followed(self, running: Running, at: tuple[str, str], url: str) -> None:
        get(f"{url}/users/1")
        shown = run("logs", *at).stdout
        port = url.rpartition(":")[2]
        assert shown.encode() == _raw(f"{running.url}/mockserver/{port}/logs")
        with following("logs", "--follow", *at) as process:
            assert "".join(line_of(process) for _ in shown.splitlines()) == shown
            get(f"{url}/users/1")
            get(f"{url}/users/2")
            assert "GET /users/1 matched" in line_of(process)
            assert "GET /users/2 was not expected" in line_of(process)


def _raw(url: str) -> bytes:
    import urllib.request

    with urllib.request.urlopen(url, timeout=HANG) as response:
        return bytes(response.read())


class TestExplain:
    def test_a_request_that_was_received_is_explained_by_its_number(self, at: tuple[str, str], url: str) -> None:
        get(f"{url}/users/2")
        failed = run("explain", "1", *at)
        assert failed.returncode == 2
        assert failed.stdout.splitlines()[:4] == [
            "GET /users/2 was not expected",
            "   nearest: a request for a user",
            "   matched: method, query, headers, body",
            "   - path: Expected '/users/2' to be equal to '/users/1'",
        ]
        assert "   less near: a request to add a user, which differs in method, path" in failed.stdout
        get(f"{url}/users/1")
        assert run("explain", "2", *at).stdout == "GET /users/1 matched 'a request for a user'\n"
        assert "There is no request 9" in run("explain", "9", *at).stderr

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (("GET", "/users/1", "-H", "Accept: application/json"), 0, "GET /users/1 matched"),
            (("GET", "/users/1?a=1", "-H", "Accept: application/json"), 2, "- query a: Unexpected query parameter"),
            (("POST", "/users", "-d", '{"name": "Ada", "age": 40}'), 0, "POST /users matched"),
            (("POST", "/users", "-d", '{"name": "Ada", "age": "40"}'), 2, "- body $.age: Expected '40' (String)"),
            (("POST", "/users", "-d", "a text"), 2, "- body: Expected a body of 'application/json'"),
        ],
    )
    def test_a_request_that_nobody_sent_is_explained(
        self, at: tuple[str, str], url: str, arguments: tuple[str, ...], code: int, said: str
    ) -> None:
        done = run("explain", *arguments, *at)
        assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
        assert json.loads(run("explain", *arguments, "--json", *at).stdout)["matched"] is (code == 0)
        assert run("requests", *at).stdout == "No request was received.\n"

    @pytest.mark.parametrize("version", ["2.0.0", "4.0"])
    def test_a_body_in_a_file_and_a_query_are_those_of_the_request(
        self, at: tuple[str, str], running: Running, tmp_path: Path, version: str
    ) -> None:
        query: Any = {"a": ["1", "2"]} if version == "4.0" else "a=1&a=2"
        body: Any = {"content": "ä", "contentType": "text/plain"} if version == "4.0" else "ä"
        request = {"method": "PUT", "path": "/a%20b", "query": query, "headers": {"Content-Type": "text/plain"}}
        call("POST", running.url, pact(interaction("x", request | {"body": body}), version=version))
        path = tmp_path / "body"
        path.write_bytes("ä".encode())
        done = run("explain", *at, "PUT", "/a%20b?a=1&a=2", "-d", f"@{path}")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        path.write_text("[" * 100_000)
        deep = run("explain", *at, "PUT", "/", "-d", f"@{path}")
        assert (deep.returncode, deep.stderr) == (2, "")
        assert "cannot be read" in run("explain", *at, "PUT", "/", "-d", "@/nowhere").stderr
        assert "write it as 'Name: value'" in run("explain", *at, "PUT", "/", "-H", "x").stderr


class TestWait:
    def test_it_says_what_is_missing_when_the_time_is_up_and_is_content_when_all_came(
        self, at: tuple[str, str], url: str
    ) -> None:
        get(f"{url}/users/1")
        late = run("wait", *at, "--timeout", "0.1")
        assert (late.returncode, late.stdout.splitlines()) == (
            2,
            ["After 0.1 seconds this was not received:", "  POST /users: a request to add a user"],
        )
        call("POST", f"{url}/users", {"name": "Ada", "age": 1})
        there = run("wait", *at)
        assert (there.returncode, there.stdout) == (0, "All that is expected was received.\n")


class TestMessages:
    def test_one_is_listed_handed_out_and_said_to_be_handled(self, running: Running, at: tuple[str, str]) -> None:
        event = {"type": "Asynchronous/Messages", "description": "an event", "contents": {"content": {"id": 1}}}
        call("POST", running.url, pact(event, version="4.0"))
        (listed,) = json.loads(run("messages", *at, "--json").stdout)
        key = listed["key"]
        assert json.loads(run("messages", *at, "--hand-out", key).stdout)["contents"]["content"] == {"id": 1}
        failed = run("messages", *at, "--handled", key, "--error", "no such user")
        assert failed.returncode == 2
        assert failed.stdout.startswith("the message 'an event' was not handled\n")
        assert "no such user" in failed.stdout
        assert run("messages", *at, "--hand-out", key).returncode == 0
        handled = run("messages", *at, "--handled", key)
        assert handled.stdout == f"The message {key} was handled as is expected.\n"
        title, row = run("messages", *at).stdout.splitlines()
        assert title.split() == ["Key", "Message", "Asked", "Handled", "Failed"]
        assert row.split() == [key, "an", "event", "2", "1", "1"]
        assert run("messages", *at, "--handled", key, "--reply", "{").returncode == 1
        deep = run("messages", *at, "--handled", key, "--reply", "[" * 100_000)
        assert deep.stderr == "Error: --reply is nested more deeply than can be read: make it flatter\n"
        assert run("messages", *at, "--handled", key, "--hand-out", key).returncode == 1

    def test_a_pact_without_any_says_so(self, at: tuple[str, str], url: str) -> None:
        assert run("messages", *at).stdout == "The pact has no messages.\n"


class TestPact:
    def test_it_is_shown_as_it_would_be_written(self, at: tuple[str, str], url: str) -> None:
        shown = json.loads(run("pact", *at).stdout)
        assert [item["description"] for item in shown["interactions"]] == [
            item["description"] for item in USERS["interactions"]
        ]

    def test_it_is_written_where_the_service_may(self, at: tuple[str, str], url: str, tmp_path: Path) -> None:
        path = tmp_path / "pacts" / "sub" / "web-api.json"
        assert run("pact", *at, "--directory", "sub").stdout == f"{path}: 2 interaction(s)\n"
        assert run("pact", *at, "--directory", "sub").stdout.endswith(" 2 interaction(s), merged with what was there\n")
        assert run("pact", *at, "--directory", "sub", "--overwrite").stdout == f"{path}: 2 interaction(s)\n"
        assert json.loads(path.read_text())["consumer"] == {"name": "web"}
        assert run("pact", *at, "--directory", "..").returncode == 1


class TestPacts:
    def test_what_was_written_is_listed_and_shown(self, at: tuple[str, str], url: str, tmp_path: Path) -> None:
        assert run("pacts", *at).stdout == "No pacts were written.\n"
        run("pact", *at, "--write")
        (tmp_path / "pacts" / "other\x1b.json").write_text("{}")
        title, row, unread = run("pacts", *at).stdout.splitlines()
        assert title.split() == ["Consumer", "Provider", "Specification", "Interactions", "Messages", "Written", "File"]
        assert re.fullmatch(r"web +api +V3 +2 +0 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +web-api\.json", row)
        assert unread == r"other\u{1b}.json cannot be read: it names no consumer, so it is no pact"
        assert json.loads(run("pacts", *at, "--json").stdout)["pacts"][0]["file"] == "web-api.json"
        written = json.loads((tmp_path / "pacts" / "web-api.json").read_text())
        assert json.loads(run("pacts", "web", "api", *at).stdout) == written
        typed = json.loads(run("pacts", "web", "api", *at, "--specification", "V4").stdout)
        assert typed["interactions"][0]["type"] == "Synchronous/HTTP"

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("web", "nobody"), "There is no pact of 'web' and 'nobody'"),
            (("web",), "Name the provider too"),
            (("--specification", "V4"), "Name the pact that is to be shown"),
            (("web", "api", "--specification", "V9"), "'V9' is not a version"),
        ],
    )
    def test_what_cannot_be_shown_is_said(self, at: tuple[str, str], arguments: tuple[str, ...], words: str) -> None:
        run("pact", *at, "--write")
        done = run("pacts", *arguments, *at)
        assert done.returncode == 1
        assert words in done.stderr


class TestShutdown:
    def test_all_are_ended_at_once(self, running: Running, at: tuple[str, str]) -> None:
        ids = [call("POST", running.url, USERS)[1]["mockServer"]["id"] for _ in range(2)]
        assert run("shutdown", "--all", *at).stdout.splitlines() == [f"Mock server {each} shutdown ok" for each in ids]
        assert run("shutdown", "--all", *at).stdout == "No mock servers are running.\n"
        assert call("GET", running.url)[1]["mockServers"] == []


class TestWhichMockServer:
    def test_the_only_one_need_not_be_named_and_one_of_several_has_to_be(
        self, running: Running, at: tuple[str, str]
    ) -> None:
        none = run("requests", *at)
        assert (none.returncode, "`pactmock create` makes one" in none.stderr) == (3, True)
        first, second = (call("POST", running.url, USERS)[1]["mockServer"] for _ in range(2))
        several = run("logs", *at)
        assert several.returncode == 1
        assert "2 mock servers are running: name one with --mock-server-id or with --mock-server-port" in several.stderr
        get(f"{second['url']}/users/1")
        assert run("requests", *at, "-i", first["id"]).stdout == "No request was received.\n"
        assert "/users/1" in run("requests", *at, "-m", str(second["port"])).stdout
        assert run("requests", *at, "-i", first["id"], "-m", "1").returncode == 1
        gone = run("requests", *at, "-i", "none")
        assert (gone.returncode, "'none': `pactmock list` shows" in gone.stderr) == (3, True)


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a command writes on a terminal."""
    ours, its = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", "COLUMNS": "200", **environment}
    process = subprocess.Popen([*COMMAND, *arguments], stdout=its, stderr=its, stdin=its, env=variables)
    os.close(its)
    written = b""
    try:
        while chunk := os.read(ours, 4096):
            written += chunk
    except OSError:  # nobody has the terminal open any more
        pass
    finally:
        os.close(ours)
        process.wait(HANG)
    return written.decode()


class TestTerminal:
    @pytest.mark.parametrize("command", ["list", "requests", "verify --all"])
    def test_there_is_colour_on_a_terminal_unless_somebody_wants_none(
        self, at: tuple[str, str], url: str, command: str
    ) -> None:
        get(f"{url}/users/1")
        get(f"{url}/users/2")
        words = [*command.split(), *at]
        assert "\x1b[31m" in on_a_terminal(*words)
        for arguments, variables in (
            ([*words, "--no-color"], {}),
            (["--no-color", *words], {}),
            (words, {"NO_COLOR": "1"}),
            (words, {"PACTMOCK_NO_COLOR": "true"}),
        ):
            shown = on_a_terminal(*arguments, **variables)
            assert "\x1b[3" not in shown
            assert "api" in shown or "failed" in shown
        assert "\x1b" not in run(*words).stdout

    def test_a_verdict_that_is_good_is_green(self, at: tuple[str, str], url: str) -> None:
        get(f"{url}/users/1")
        call("POST", f"{url}/users", {"name": "Ada", "age": 1})
        assert "\x1b[32mMock server" in on_a_terminal("verify", "-m", url.rpartition(":")[2], *at)

    def test_who_waits_at_a_terminal_is_told_after_a_second_what_for(self, at: tuple[str, str], url: str) -> None:
        shown = on_a_terminal("wait", "--timeout", "1.5", *at)
        assert f"Waiting for the service on 127.0.0.1:{at[1]}: 1 s" in shown
        assert "Waiting" not in run("wait", "--timeout", "1.5", *at).stderr
