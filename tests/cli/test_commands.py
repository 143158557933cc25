"""The command line has the words and the exit codes of the Rust client."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pactmock import __version__
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import Running, call, run, service


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with service(tmp_path / "pacts") as started:
        yield started


@pytest.fixture
def pact_file(tmp_path: Path) -> str:
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(pact(interaction("the only one", {"path": "/a"}))))
    return str(path)


def test_the_whole_way_on_the_command_line(running: Running, pact_file: str, tmp_path: Path) -> None:
    at = ("--port", str(running.port))
    empty = run("list", *at)
    assert (empty.returncode, empty.stdout) == (0, "No mock servers are running.\n")

    created = run("create", *at, "--file", pact_file)
    assert created.returncode == 0, created.stderr
    words = created.stdout.split()
    assert words[:2] == ["Mock", "server"]
    assert words[3:6] == ["started", "on", "port"]
    key, port = words[2], words[6]

    listed = run("list", *at)
    title, row = (re.split("  +", line) for line in listed.stdout.splitlines())
    assert title[:4] == ["Mock Server Id", "Port", "Provider", "Consumer"]
    assert dict(zip(title, row, strict=True)) == {
        "Mock Server Id": key,
        "Port": port,
        "Provider": "api",
        "Consumer": "web",
        "Name": "-",
        "State": "-",
        "Age": row[6],
        "Requests": "0",
        "Verification State": "error",
    }

    call("GET", f"http://127.0.0.1:{port}/b")
    failed = run("verify", *at, "--mock-server-port", port)
    assert failed.returncode == 2
    assert failed.stdout.splitlines() == [
        f"Mock server {port} failed verification with 2 problem(s):",
        "",
        "1) GET /b was not expected",
        "   nearest: the only one",
        "   matched: method, query, headers, body",
        "   - path: Expected '/b' to be equal to '/a'",
        "       expected                             | actual",
        "       /a                                   | /b",
        "",
        "2) GET /a was expected and never came",
        "   interaction: the only one",
    ]

    call("DELETE", f"{running.url}/mockserver/{port}/requests")
    assert call("GET", f"http://127.0.0.1:{port}/a")[0] == 200
    verified = run("verify", *at, "--mock-server-id", key)
    assert (verified.returncode, verified.stdout) == (0, f"Mock server {key} verified ok\n")
    assert (tmp_path / "pacts" / "web-api.json").exists()

    ended = run("shutdown", *at, "-m", port)
    assert (ended.returncode, ended.stdout) == (0, f"Mock server {port} shutdown ok\n")
    for command in ("verify", "shutdown"):
        gone = run(command, *at, "-m", port)
        assert gone.returncode == 3
        assert "pactmock list" in gone.stderr


def test_what_a_pact_says_forges_no_line(running: Running, tmp_path: Path) -> None:
    at = ("--port", str(running.port))
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(pact(interaction("x\nforged"), consumer="web\nforged", provider="api\x1b[2K")))
    port = run("create", *at, "--file", str(path)).stdout.split()[-1]
    listed = run("list", *at).stdout.splitlines()
    assert len(listed) == 2
    assert "web\\nforged" in listed[1]
    assert "api\\u{1b}[2K" in listed[1]
    assert not any(line.startswith("forged") for line in run("verify", *at, "-m", port).stdout.splitlines())
    path.write_text(json.dumps(pact({"description": "x", "request": {"method": 1}, "response": {"status": "a\nb"}})))
    assert len(run("create", *at, "--file", str(path)).stderr.splitlines()) == 1


def test_the_master_ends_for_who_knows_its_key(running: Running) -> None:
    at = ("--port", str(running.port))
    refused = run("shutdown-master", *at, "--server-key", "wrong")
    assert refused.returncode not in {0, 2, 3}
    assert "Invalid server key" in refused.stderr
    ended = run("shutdown-master", *at, "--server-key", str(running.key), "--period", "10")
    assert ended.returncode == 0, ended.stderr
    assert running.process.wait(HANG) == 0


def test_health_is_asked_of_the_service_that_the_environment_names(running: Running) -> None:
    healthy = run("health", PACTMOCK_PORT=str(running.port), PACTMOCK_HOST="0.0.0.0")  # noqa: S104
    assert healthy.returncode == 0
    assert healthy.stdout.startswith(f"pactmock {__version__} on 127.0.0.1:{running.port} is ok: 0 mock server(s)")
    running.process.kill()
    running.process.wait(HANG)
    gone = run("health", "--port", str(running.port))
    assert gone.returncode == 1
    assert "No pactmock service answers" in gone.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_in_good_order(running: Running, pact_file: str, number: signal.Signals) -> None:
    run("create", "--port", str(running.port), "--file", pact_file)
    running.process.send_signal(number)
    _, errors = running.process.communicate(timeout=HANG)
    assert running.process.returncode == 0
    assert [line.split(" ")[2:4] for line in errors.splitlines()] == [
        ["INFO", "server.started:"],
        ["INFO", "server.stopped:"],
    ]


def test_every_option_can_come_from_the_environment(tmp_path: Path, pact_file: str) -> None:
    token = {"PACTMOCK_TOKEN": "t"}
    with service(tmp_path, PACTMOCK_SERVER_KEY="k", PACTMOCK_BASE_PORT="23450", **token) as running:
        assert call("GET", running.url)[0] == 401
        created = run("create", "--port", str(running.port), PACTMOCK_FILE=pact_file, **token)
        assert int(created.stdout.split()[-1]) >= 23450
        ended = run("shutdown-master", PACTMOCK_PORT=str(running.port), PACTMOCK_SERVER_KEY="k")
        assert ended.returncode == 0, ended.stderr


def test_mock_servers_get_ports_from_the_base_port_up(tmp_path: Path, pact_file: str) -> None:
    with service(tmp_path, "--base-port", "23500") as running:
        ports = [run("create", "--port", str(running.port), "-f", pact_file).stdout.split()[-1] for _ in range(2)]
    assert 23500 <= int(ports[0]) < int(ports[1])


def test_a_fixed_port_can_be_asked_for(running: Running, pact_file: str) -> None:
    first = run("create", "--port", str(running.port), "-f", pact_file).stdout.split()[-1]
    taken = run("create", "--port", str(running.port), "-f", pact_file, "--mock-port", first)
    assert taken.returncode == 1
    assert f"Port {first} on 127.0.0.1 is already in use" in taken.stderr


def test_a_provider_state_can_be_chosen_and_each_interaction_be_counted(running: Running, tmp_path: Path) -> None:
    one, other = (interaction(state, status=status) | {"providerState": state} for state, status in STATES)
    path = tmp_path / "states.json"
    path.write_text(json.dumps(pact(one, other)))
    at = ("--port", str(running.port))
    port = run("create", *at, "-f", str(path), "--state", "it is not", "--count", "interaction").stdout.split()[-1]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")
    verified = run("verify", *at, "--mock-server-port", port)
    assert verified.returncode == 2
    assert "interaction: it is (given it is)" in verified.stdout
    refused = run("create", *at, "-f", str(path), "--state", "it isnt")
    assert "'it isnt': 'it is not' may be meant" in refused.stderr


STATES = (("it is", 200), ("it is not", 404))


def test_messages_that_are_not_tested_are_told_or_counted(running: Running, tmp_path: Path) -> None:
    event = {"type": "Asynchronous/Messages", "description": "an event", "contents": {"content": 1}}
    path = tmp_path / "pact.json"
    path.write_text(json.dumps(pact(interaction("the only one", {"path": "/a"}), event, version="4.0")))
    at = ("--port", str(running.port))
    for options, code, said in (
        ((), 0, "not tested: 1 message of this pact"),
        (("--messages",), 2, "1) the message 'an event' was never handled"),
    ):
        port = run("create", *at, "--file", str(path), *options).stdout.split()[6]
        call("GET", f"http://127.0.0.1:{port}/a")
        verified = run("verify", *at, "--mock-server-port", port)
        assert (verified.returncode, said in verified.stdout) == (code, True), verified.stdout


def test_a_port_in_use_is_a_sentence_and_not_a_traceback(running: Running, tmp_path: Path) -> None:
    second = run("start", "--port", str(running.port), "--output", str(tmp_path))
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Port {running.port} on 127.0.0.1 is already in use")
    assert "or any that is free (--port 0" in second.stderr


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--token", ""), {}),
        (("--token", " "), {}),
        ((), {"PACTMOCK_TOKEN": ""}),
        ((), {"PACTMOCK_TOKEN": "  "}),
        (("--server-key", ""), {}),
    ],
)
def test_an_empty_token_does_not_open_the_service(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    refused = run("start", "--port", "0", *arguments, **environment)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: --")
    assert "is empty" in refused.stderr


def test_a_secret_header_that_is_none_is_refused() -> None:
    refused = run("start", "--port", "0", "--redact-header", "X Secret")
    assert (refused.returncode, "'x secret' is no name of a header" in refused.stderr) == (1, True)


def test_a_directory_that_cannot_be_written_to_is_found_out_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    for place in (tmp_path / "file" / "below", Path("/proc/pacts")):
        refused = run("start", "--port", "0", "--output", str(place))
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"Error: No pact can be written to {place}")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_directory_that_nobody_named_need_not_be_writable() -> None:
    """Who only asks whether all matched runs it anywhere."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pactmock", "start", "--port", "0"],
        cwd="/proc/self",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "listening" in process.stdout.readline()
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=HANG)
    assert "WARNING pactmock: No pact can be written to" in errors


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify",), "--mock-server-id or with --mock-server-port"),
        (("create", "--file", "/nowhere/pact.json"), "pact.json"),
        (("list", "--port", "1"), "No pactmock service answers"),
        (("list", "--host", "a b"), "'http://a b:8080' is no URL of a service"),
        (("list", "--host", "x" * 64), "No pactmock service answers"),
        (("list", "--token", "a\nb"), "no header can have"),
        (("nonsense",), "No such command"),
        (("start", "--port", "65536"), "65536"),
    ],
)
def test_wrong_use_is_a_sentence_and_not_a_traceback(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pact_that_is_refused_says_why(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("[1]")
    refused = run("create", "--port", str(running.port), "-f", str(path))
    assert refused.returncode == 1
    assert "broken.json was refused: A pact is a JSON object" in refused.stderr


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"pactmock, version {__version__}\n"


def test_health_starts_without_loading_a_web_server() -> None:
    """HEALTHCHECK runs it every few seconds."""
    heavy = "{'aiohttp', 'pydantic', 'lxml', 'orjson', 'asyncio'}"
    program = f"import sys, pactmock.cli.asking.health, pactmock.client.blocking; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_list_of_commands_says_of_each_what_its_own_help_says_first() -> None:
    listed = run("--help").stdout.partition("Commands:")[2].partition("Example")[0]
    summaries = dict(re.findall(r"^  (\S+) +((?:.|\n {10,})+)", listed, re.MULTILINE))
    assert {"start", "create", "list", "verify", "health"} <= summaries.keys()
    for name, summary in summaries.items():
        own = " ".join(run(name, "--help").stdout.split("\n\n")[1].split())
        assert own.startswith(" ".join(summary.split()))


def test_warnings_are_shown_apart_from_what_a_command_answers(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "pact.json"
    unknown = {"body": {"$.a": {"matchers": [{"match": "regx"}]}}}
    path.write_text(json.dumps(pact(interaction("odd", {"path": "/a"}, body={"a": 1}, matchingRules=unknown))))
    at = ("--port", str(running.port))

    refused = run("create", *at, "--file", str(path), "--strict")
    assert refused.returncode == 1
    assert "'regx'" in refused.stderr

    created = run("create", *at, "--file", str(path))
    port = created.stdout.split()[6]
    assert created.stderr.startswith("Warning: Nothing knows the matching rule 'regx'")
    warning = created.stderr.removeprefix("Warning: ")

    failed = run("verify", *at, "--mock-server-port", port)
    assert failed.stdout.endswith(f"\nwarning: {warning}")
    assert call("GET", f"http://127.0.0.1:{port}/a")[0] == 200
    verified = run("verify", *at, "--mock-server-port", port)
    assert (verified.returncode, verified.stderr) == (0, f"Warning: {warning}")


def test_a_contract_is_created_as_a_pact_is_and_its_messages_are_named_where_nobody_tested_them(
    running: Running, tmp_path: Path
) -> None:
    path = tmp_path / "contract.json"
    interactions = [
        {"description": "x", "request": {"path": {"pact:matcher:type": "regex", "regex": "/x+", "value": "/x"}}},
        {"description": "an event", "type": "core/interaction/message", "message": {"contents": {"body": "x"}}},
    ]
    path.write_text(json.dumps({"consumer": "web", "provider": "api", "interactions": interactions}))
    at = ("--port", str(running.port))
    port = run("create", *at, "--file", str(path)).stdout.split()[-1]
    assert call("GET", f"http://127.0.0.1:{port}/xx")[0] == 200
    verified = run("verify", *at, "--mock-server-port", port)
    assert verified.stdout.splitlines() == [
        f"Mock server {port} verified ok",
        "not tested: 1 message of this pact, as nobody asked for one here",
    ]
