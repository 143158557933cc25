"""Clients of the Ruby service as their registries have them drive pactmock: what passes, fails and is written.

`make ruby-clients` installs them where PACTMOCK_RUBY_CLIENTS says; nothing of them is changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import chromium  # noqa: F401  a fixture
from tests.free_ports import free_port
from tests.http_servers import web
from tests.patience import HANG
from tests.ruby_api.processes import run, started

PROGRAMS = Path(__file__).with_name("clients")
ROOT = Path(__file__).parents[2]
CLIENTS = Path(os.environ.get("PACTMOCK_RUBY_CLIENTS") or "/nowhere")
_MODULES = CLIENTS / "node" / "node_modules"

pytestmark = pytest.mark.skipif(
    not CLIENTS.is_dir(),
    reason="No clients of the Ruby service are installed: PACTMOCK_RUBY_CLIENTS=DIRECTORY make ruby-clients installs"
    " them, and the same variable has the tests use them",
)

WRITTEN = {
    "description": "a new name for user 7",
    "providerState": "user 7 exists",
    "request": {
        "method": "PUT",
        "path": "/users/7",
        "query": "dry=yes",
        "headers": {"Content-Type": "application/json"},
        "body": {"name": "Ada", "tags": ["a"]},
        "matchingRules": {
            "$.path": {"match": "regex", "regex": r"^\/users\/\d+$"},
            "$.body.name": {"match": "type"},
            "$.body.tags": {"min": 1},
            "$.body.tags[*].*": {"match": "type"},
        },
    },
    "response": {
        "status": 200,
        "headers": {},
        "body": {"id": 7},
        "matchingRules": {"$.body.id": {"match": "type"}},
    },
}
"""What the programs expect, as a pact has it; each library says it in its own way."""


@pytest.fixture
def executables(tmp_path: Path) -> Path:
    """A directory for PATH with our `pact-mock-service`."""
    said = run("install", str(tmp_path / "bin"))
    assert said.returncode == 0, said.stderr
    return tmp_path / "bin"


def _needs(place: Path) -> Path:
    if not place.exists():
        pytest.skip(f"There is no {place}: make ruby-clients installs what is missing")
    return place


def _play(directory: Path, *command: object, **environment: str) -> str:
    """Run a program to its end; return what it and its library say."""
    ended = subprocess.run(
        list(map(str, command)),
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def _play_go(directory: Path, executables: Path, todo: str) -> str:
    path = f"{executables}:{os.environ['PATH']}"
    program = _needs(CLIENTS / "go" / "client")
    return _play(directory, program, todo, PATH=path, PACT_DISABLE_TOOL_VALIDITY_CHECK="true")


def _play_python(directory: Path, executables: Path, todo: str) -> str:
    python, program = _needs(CLIENTS / "python" / "bin" / "python"), PROGRAMS / "old_pact_python.py"
    path = f"{executables}:{os.environ['PATH']}"
    return _play(directory, python, program, todo, free_port(), PATH=path, PACT_USE_SYSTEM_BINS="YES")


def _play_js(directory: Path, executables: Path, todo: str) -> str:
    node = _needs(_MODULES / "@pact-foundation" / "pact-node")
    folder = node / "standalone" / "linux-x64-2.4.1" / "pact" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(executables / "pact-mock-service", folder / f"new.{os.getpid()}")
    (folder / f"new.{os.getpid()}").replace(folder / "pact-mock-service")
    return _play(directory, "node", PROGRAMS / "pact_js.js", todo, NODE_PATH=str(_MODULES))


PLAYERS = {"pact-go": _play_go, "pact-python": _play_python, "pact-js": _play_js}
"""Those that start the executable themselves."""

_WITHOUT_HEADERS = {
    **WRITTEN,
    "request": {name: item for name, item in WRITTEN["request"].items() if name != "headers"},  # type: ignore[attr-defined]
}
EXPECTED: Mapping[str, Mapping[str, Any]] = {
    "pact-go": WRITTEN,
    "pact-python": {**_WITHOUT_HEADERS, "request": {**_WITHOUT_HEADERS["request"], "method": "put"}},  # type: ignore[dict-item]
    "pact-js": WRITTEN,
}


def _pact(directory: Path) -> Any:
    (file,) = (directory / "pacts").glob("*.json")
    return json.loads(file.read_text())


@pytest.mark.parametrize("client", PLAYERS)
def test_a_test_that_passes_passes(client: str, tmp_path: Path, executables: Path) -> None:
    assert "passed" in PLAYERS[client](tmp_path, executables, "pass").splitlines()


@pytest.mark.parametrize("client", PLAYERS)
def test_a_test_that_fails_is_told_why(client: str, tmp_path: Path, executables: Path) -> None:
    said = PLAYERS[client](tmp_path, executables, "fail")
    assert "failed: " in said
    assert "PUT /users/8?dry=yes (request body did not match)" in said
    assert "$.body.name" in said


@pytest.mark.parametrize("client", PLAYERS)
def test_a_pact_is_written(client: str, tmp_path: Path, executables: Path) -> None:
    assert "passed" in PLAYERS[client](tmp_path, executables, "write").splitlines()
    pact = _pact(tmp_path)
    assert pact["provider"] == {"name": "Users"}
    assert pact["interactions"] == [EXPECTED[client]]
    assert pact["metadata"] == {"pactSpecification": {"version": "2.0.0"}}


# pact-web, which drives a service that runs.


def _in_a_page(todo: str, port: int) -> str:
    _needs(_MODULES / "jsdom")
    return _play(PROGRAMS, "node", PROGRAMS / "pact_web.js", todo, port, NODE_PATH=str(_MODULES))


@pytest.mark.parametrize("todo", ["pass", "fail", "write"])
def test_a_page_of_jsdom_drives_it(todo: str, tmp_path: Path) -> None:
    with started("--cors", "-d", "pacts", cwd=tmp_path) as service:
        said = _in_a_page(todo, service.port)
    _check_page(said, todo, tmp_path)


@pytest.mark.parametrize("todo", ["pass", "fail", "write"])
def test_a_page_of_a_browser_drives_it(todo: str, chromium: Browser, tmp_path: Path) -> None:  # noqa: F811
    library = _needs(_MODULES / "@pact-foundation" / "pact-web" / "pact-web.js")
    (tmp_path / "index.html").write_text("<!doctype html><title>A page</title>")
    with (
        web(tmp_path) as elsewhere,
        started("--cors", "-d", "pacts", cwd=tmp_path) as service,
        chromium.new_context() as context,
    ):
        page = context.new_page()
        page.goto(elsewhere)
        page.add_script_tag(path=library)
        page.add_script_tag(path=PROGRAMS / "pact_web.js")
        page.evaluate(
            f"void play(window.Pact, {service.port}, '{todo}').then((said) => (window.said = said),"
            " (error) => (window.said = `failed: ${error.message || error}`))"
        )
        said = page.wait_for_function("window.said").json_value()
    _check_page(said, todo, tmp_path)


def _check_page(said: str, todo: str, directory: Path) -> None:
    if todo == "fail":
        assert "failed: " in said
        assert "PUT /users/8?dry=yes (request body did not match)" in said
        return
    assert "passed" in said.splitlines()
    if todo == "write":
        (item,) = _pact(directory)["interactions"]
        assert item["request"] == WRITTEN["request"]
