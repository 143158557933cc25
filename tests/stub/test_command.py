"""`pactmock stub` as a command: what it is told, how it ends, and that it follows its files."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.stub.pacts import write
from tests.stub.stubs import Stub, run, stub


@pytest.fixture
def pacts(tmp_path: Path) -> Path:
    return write(tmp_path / "pacts", a=pact(interaction("a", {"path": "/a"}, body="one")))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say where the pacts are"),
        (("DIR", "-e", ""), "it is empty"),
        (("FILE", "-e", "json"), "--extension needs a directory"),
        (("DIR", "--cors-referer"), "--cors-referer does nothing without --cors"),
        (("DIR", "--empty-provider-state"), "--empty-provider-state needs"),
        (("DIR", "-s", "("), "is not a valid regular expression"),
        (("DIR", "-s", ""), "it is empty"),
        (("DIR", "--provider-state-header-name", "a b"), "is no name of a header"),
        (("DIR", "--consumer-name", "a"), "are for the pacts of --broker-url"),
        (("DIR", "-u", "http://host/a", "--user", "a:b", "--token", "c"), "--user and --token exclude each other"),
        (("DIR", "-p", "65536"), "65536"),
        (("DIR", "-l", "INFO"), "INFO"),
        (("DIR", "--retries", "256"), "256"),
        (("DIR", "--loud", "info"), "No such option"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], sentence: str, pacts: Path) -> None:
    given = {"DIR": str(pacts), "FILE": str(pacts / "a.json")}
    ended = run(*(given.get(argument, argument) for argument in arguments))
    assert ended.returncode == 2
    assert sentence in ended.stderr


@pytest.mark.parametrize("spelling", [("-p0",), ("-p=0",), ("-p", "0"), ("--port=0",)])
def test_short_options_are_spelled_as_with_the_reference(spelling: tuple[str, ...], pacts: Path) -> None:
    with stub(f"-d={pacts}", *spelling, "-ow") as server:
        assert server.ask("GET", "/a").body == b"one"
        server.output.wait_for(f'Watching for changes in: "{pacts}"')


@pytest.mark.parametrize("option", ["-v", "--version", "-h", "--help"])
def test_help_and_version_need_no_pacts(option: str) -> None:
    ended = run(option)
    assert ended.returncode == 0
    assert "pactmock stub" in ended.stdout


def test_the_port_is_told_whatever_the_level(pacts: Path) -> None:
    with stub(str(pacts), "-l", "none") as server:
        server.ask("GET", "/nothing")
        assert server.output.lines == ["Loaded 1 pacts (1 total interactions)", f"Server started on port {server.port}"]
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=HANG)
        server.log.close()
        assert server.log.text == ""


def test_a_port_that_is_taken_is_exit_code_1(pacts: Path) -> None:
    with stub(str(pacts)) as server:
        ended = run(str(pacts), "-p", str(server.port))
        assert ended.returncode == 1
        assert f"Port {server.port} on 127.0.0.1 is already in use" in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(number: signal.Signals, pacts: Path) -> None:
    with stub(str(pacts), "--watch") as server:
        assert server.ask("GET", "/a").status == 200
        server.process.send_signal(number)
        assert server.process.wait(timeout=HANG) == 0


def _replace(path: Path, body: str) -> None:
    """Replace a file as editors do: by another one under its name."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(pact(interaction("a", {"path": "/a"}, body=body))))
    new.rename(path)


def _changed(server: Stub, times: int, what: str) -> None:
    server.log.wait_for_count(what, times)


def test_it_follows_its_files_and_keeps_what_it_has_when_one_is_broken(pacts: Path) -> None:
    file, other = pacts / "a.json", pacts / "b.json"
    with stub(str(pacts), "--watch") as server:
        for times, body in enumerate(("two", "three"), start=1):
            _replace(file, body)
            _changed(server, times, "the pacts have changed: Loaded 1 pacts")
            assert server.ask("GET", "/a").body == body.encode()
        other.write_text("{")
        broken = server.log.wait_for("the pacts have changed, and those before are still played: (.*)")
        assert broken[1].endswith(f" - {other}")
        assert server.ask("GET", "/a").body == b"three"
        other.write_text(json.dumps(pact(interaction("b", {"path": "/b"}, body="b"))))
        server.log.wait_for(r"the pacts have changed: Loaded 2 pacts \(2 total interactions\)")
        assert server.ask("GET", "/b").body == b"b"
        file.unlink()
        _changed(server, 3, "the pacts have changed: Loaded 1 pacts")
        assert server.ask("GET", "/a").status == 404
        assert len([line for line in server.log.lines if "the pacts have changed" in line]) == 5


def test_a_file_that_is_no_pact_is_played_and_warned_of(tmp_path: Path) -> None:
    with stub(str(write(tmp_path, hello={"hello": 1}))) as server:
        assert "Loaded 1 pacts (0 total interactions)" in server.output.lines
        server.log.wait_for(f"{tmp_path / 'hello.json'} has no interactions: is it a pact?")
        assert server.ask("GET", "/").json["error"] == "GET / was not expected: no pact has an interaction over HTTP"
