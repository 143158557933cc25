"""`pactmock start --pact` has a mock server for each pact when it listens; with `--watch` also for what they become."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.http_servers import web
from tests.pacts import interaction, pact
from tests.process import Running, call, run, service


def _write(path: Path, document: Any) -> None:
    """Write a file as an editor does: it is there as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document))
    new.replace(path)


def _ports(running: Running) -> dict[str, int]:
    """Return the ports of the mock servers by their providers."""
    return {server["provider"]: server["port"] for server in call("GET", running.url)[1]["mockServers"]}


def _one(provider: str, path: str) -> dict[str, Any]:
    return pact(interaction(path, {"path": path}), provider=provider)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _write(tmp_path / "pacts" / "a.json", _one("a", "/a"))
    _write(tmp_path / "pacts" / "below" / "b.json", _one("b", "/b"))
    return tmp_path


def test_each_pact_of_files_directories_and_urls_is_played_when_the_service_listens(folder: Path) -> None:
    _write(folder / "elsewhere" / "c.json", _one("c", "/c"))
    contract = {"consumer": "w", "provider": "d", "interactions": [{"description": "d", "request": {"path": "/d"}}]}
    _write(folder / "d.json", contract)
    with web(folder / "elsewhere") as url:
        given = [f"--pact={place}" for place in (folder / "pacts", folder / "d.json", f"{url}/c.json")]
        with service(folder / "out", *given) as running:
            ports = _ports(running)
            assert set(ports) == {"a", "b", "c", "d"}
            assert all(call("GET", f"http://127.0.0.1:{port}/{name}")[0] == 200 for name, port in ports.items())
            assert running.process.stdout is not None
            lines = [running.process.stdout.readline() for _ in range(4)]
    places = [re.sub(r"Mock server \w{8} started on port \d+ for ", "", line).strip() for line in lines]
    assert places == [
        str(folder / "d.json"),
        *(str(folder / "pacts" / name) for name in ("a.json", "below/b.json")),
        f"{url}/c.json",
    ]


def test_what_cannot_be_played_is_told_and_nothing_is_started(folder: Path) -> None:
    (folder / "pacts" / "c.json").write_text("[1]")
    with web(folder) as url:
        refused = run("start", "--port", "0", "--pact", str(folder / "pacts"), "--pact", f"{url}/nothing")
    assert (refused.returncode, refused.stdout) == (1, "")
    fetched, read = refused.stderr.splitlines()[-2:]
    assert fetched.startswith(f"Error: {url}/nothing was refused: It answers 404")
    assert read.startswith(f"{folder}/pacts/c.json was refused: A pact is a JSON object")


def test_to_watch_nothing_is_refused() -> None:
    refused = run("start", "--port", "0", "--watch")
    assert refused.returncode != 0
    assert "--watch looks after the files of --pact" in refused.stderr


def _wait_for(running: Running, words: str) -> str:
    """Read the log of the service up to a line with some words."""
    assert running.process.stderr is not None
    for line in running.process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the log never said {words!r}")


def test_a_file_that_changes_is_played_anew_on_its_port_and_the_old_verdict_is_told(folder: Path) -> None:
    with service(folder / "out", "--pact", str(folder / "pacts"), "--watch") as running:
        before = _ports(running)
        assert call("GET", f"http://127.0.0.1:{before['a']}/a")[0] == 200
        _write(folder / "pacts" / "a.json", _one("a", "/anew"))
        line = _wait_for(running, "pacts/a.json has changed: mock server ")
        assert " plays it; all had matched until then (mock server " in line
        assert _ports(running) == before
        assert call("GET", f"http://127.0.0.1:{before['a']}/anew")[0] == 200

        _write(folder / "pacts" / "below" / "b.json", _one("b2", "/b"))
        assert "; until then there was 1 problem" in _wait_for(running, "below/b.json has changed")
        assert _ports(running) == {"a": before["a"], "b2": before["b"]}


def test_files_that_come_and_go_have_mock_servers_that_come_and_go(folder: Path) -> None:
    with service(folder / "out", "--pact", str(folder / "pacts"), "--watch") as running:
        _write(folder / "pacts" / "c.json", _one("c", "/c"))
        _wait_for(running, "pacts/c.json is new")
        assert set(_ports(running)) == {"a", "b", "c"}
        (folder / "pacts" / "below" / "b.json").unlink()
        assert "until then there was 1 problem" in _wait_for(running, "below/b.json is gone")
        assert set(_ports(running)) == {"a", "c"}


def test_what_cannot_be_played_leaves_what_is_played(folder: Path) -> None:
    with service(folder / "out", "--pact", str(folder / "pacts"), "--watch") as running:
        before = call("GET", running.url)[1]
        for broken in ([1], pact(interaction("x") | {"response": {"status": "x"}})):
            _write(folder / "pacts" / "a.json", broken)
            assert "what was played before goes on" in _wait_for(running, "pacts/a.json was refused")
        assert call("GET", running.url)[1] == before
        _write(folder / "pacts" / "a.json", _one("a", "/mended"))
        _wait_for(running, "pacts/a.json has changed")
        assert set(_ports(running)) == {"a", "b"}


def test_one_that_was_ended_is_played_again_when_its_file_changes(folder: Path) -> None:
    with service(folder / "out", "--pact", str(folder / "pacts"), "--watch") as running:
        assert call("DELETE", f"{running.url}/mockserver/{_ports(running)['a']}")[0] == 204
        _write(folder / "pacts" / "a.json", _one("a", "/mended"))
        _wait_for(running, "pacts/a.json has changed: mock server ")
        assert set(_ports(running)) == {"a", "b"}
