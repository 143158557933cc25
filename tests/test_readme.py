"""What the README shows works as it stands there."""

from __future__ import annotations

import asyncio
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

from tests.process import service

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PYTHON, ASYNCHRONOUS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
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
    names: dict[str, Any] = {"call_my_code": call_my_code}
    exec(compile(source, "README.md", "exec"), names)  # noqa: S102  our own page
    return names


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _run(PYTHON, lambda url: _get(f"{url}/users/1"))
    assert (tmp_path / "pacts" / "web-users-api.json").exists()


def test_the_python_example_says_what_did_not_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError, match=r"1\) GET /users/2 was not expected\n   nearest: a request for a user"):
        _run(PYTHON, lambda url: _get(f"{url}/users/2"))
    assert not (tmp_path / "pacts").exists()


async def test_the_asynchronous_example_runs_with_a_client_that_blocks_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = PYTHON[: PYTHON.index("with pactmock")]
    source = f"{head}\nasync def play():\n{textwrap.indent(ASYNCHRONOUS, '    ')}"
    await _run(source, lambda url: asyncio.to_thread(_get, f"{url}/users/1"))["play"]()
    assert (tmp_path / "pacts" / "web-users-api.json").exists()


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
                timeout=60,
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
