"""What the README shows works as it stands there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pactmock
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import service

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PYTEST, PYTHON, ASYNCHRONOUS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
(CONSOLE,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
STEPS = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
PORT, SERVICE_PORT = "44799", "8080"
"""The ports in what the page shows; others in truth."""


def _get(url: str) -> None:
    try:
        with urllib.request.urlopen(url) as response:
            response.read()
    except urllib.error.HTTPError as error:
        error.close()


def _run(source: str, call_my_code: Callable[[str], Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"call_my_code": call_my_code, "pactmock": pactmock}
    exec(compile(source, "README.md", "exec"), names)  # noqa: S102  our own page
    return names


@pytest.fixture
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    user = interaction("a request for a user", {"path": "/users/1"}, body={"name": "Ada"})
    (tmp_path / "web-users-api.json").write_text(json.dumps(pact(user, provider="users-api")))
    return tmp_path


@pytest.mark.parametrize(("path", "outcome"), [("/users/1", "1 passed"), ("/users/2", "1 failed")])
def test_the_example_for_pytest_runs(in_a_project: Path, path: str, outcome: str) -> None:
    client = f"""
import json, urllib.request
def call_my_code(url):
    with urllib.request.urlopen(url + "{path}") as answer:
        return json.load(answer)["name"]
"""
    (in_a_project / "test_users.py").write_text(PYTEST + client)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pactmock.pytest_plugin"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert outcome in done.stdout, done.stdout
    assert ("GET /users/2 was not expected" in done.stdout) == ("failed" in outcome)
    assert Path("pacts/web-users-api.json").exists() == ("passed" in outcome)


@pytest.mark.parametrize(("path", "exit_code"), [("/users/1", 0), ("/users/2", 2)])
def test_the_command_for_ci_runs(in_a_project: Path, path: str, exit_code: int) -> None:
    (command,) = re.findall(r"`pactmock (run [^`]+)`", README)
    client = f"import os, urllib.request; urllib.request.urlopen(os.environ['PACTMOCK_USERS_API_URL'] + '{path}')"
    (in_a_project / "test.sh").write_text(f'{sys.executable} -c "{client}" 2> errors; true')
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", "pactmock", *command.split()]
    done = subprocess.run(arguments, env=environment, timeout=HANG, check=False)
    assert done.returncode == exit_code


def test_the_python_example_runs(in_a_project: Path) -> None:
    _run(PYTHON, lambda url: _get(f"{url}/users/1"))
    assert (in_a_project / "pacts" / "web-users-api.json").exists()


def test_the_python_example_says_what_did_not_match(in_a_project: Path) -> None:
    with pytest.raises(AssertionError, match=r"1\) GET /users/2 was not expected\n   nearest: a request for a user"):
        _run(PYTHON, lambda url: _get(f"{url}/users/2"))
    assert not (in_a_project / "pacts").exists()


async def _play(source: str) -> None:
    source = f"async def play():\n{textwrap.indent(source, '    ')}"
    await _run(source, lambda url: asyncio.to_thread(_get, f"{url}/users/1"))["play"]()


async def test_the_asynchronous_example_runs_with_a_client_that_blocks_in_a_thread(in_a_project: Path) -> None:
    await _play(ASYNCHRONOUS)
    assert (in_a_project / "pacts" / "web-users-api.json").exists()


async def test_an_await_that_is_forgotten_in_it_is_told(in_a_project: Path) -> None:
    with pytest.warns(RuntimeWarning, match=r"\.write_pact' was never awaited"):
        await _play(ASYNCHRONOUS.replace("await server.write_pact", "server.write_pact"))
    with pytest.raises(TypeError, match="context manager"):
        await _play(ASYNCHRONOUS.replace("async with", "with"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page calls curl, and there is none")
def test_the_console_shows_what_is_said(tmp_path: Path) -> None:
    """Three dots stand for what is left out; ports and ids are others."""
    assert len(STEPS) == 4
    with service(tmp_path) as running:
        ports = {SERVICE_PORT: str(running.port)}
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        for command, shown in STEPS:
            done = subprocess.run(
                ["sh", "-c", _with(command, ports)],  # noqa: S607  the page's commands are a shell's
                env={**os.environ, "PATH": path, "PACTMOCK_PORT": str(running.port)},
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=HANG,
                check=False,
            )
            if PORT not in ports:
                (ports[PORT],) = re.findall(r'"port":(\d+)', done.stdout)
            assert re.fullmatch(_pattern(_with(shown, ports)), done.stdout.strip()), done.stdout + done.stderr


def _with(text: str, ports: dict[str, str]) -> str:
    for shown, real in ports.items():
        text = text.replace(shown, real)
    return text


def _pattern(shown: str) -> str:
    parts = re.split(r"\.\.\.|(?<=\"id\":\")\w+", shown.strip())
    return "(?s:.*)".join(map(re.escape, parts))


def test_the_pages_name_the_make_targets_that_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    contributing = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text()))
    assert contributing >= targets - {"help"}
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) | contributing <= targets


def test_it_stays_short() -> None:
    assert len(README.splitlines()) < 150


def test_every_page_that_it_links_is_there() -> None:
    for page in (*ROOT.glob("*.md"), ROOT / "docker" / "README.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links {link}"


def test_every_file_that_the_architecture_page_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    house = ROOT / "pactmock"
    names = [name for name in re.findall(r"`(\w+(?:/\w+)*(?:\.py|/))[`,]", page) if "/" in name]
    assert len(names) > 80
    assert [name for name in names if not (house / name).exists()] == []
