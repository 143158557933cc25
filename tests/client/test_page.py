"""What docs/control-api.md shows of the clients works as it stands there, and what it lists is what there is."""

from __future__ import annotations

import asyncio
import json
import re
import textwrap
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pactmock
from pactmock.client.blocking import RemoteMockServer
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import service

_PAGE = (Path(__file__).parents[2] / "docs" / "control-api.md").read_text(encoding="utf-8")
_SECTION = _PAGE.partition("## From Python\n")[2].partition("\n## ")[0]
BLOCKING, ASYNCHRONOUS = re.findall(r"```python\n(.*?)```", _SECTION, re.DOTALL)


def _get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=HANG) as response:
        response.read()


def _run(source: str, call_my_code: Callable[[str], Any], url: str) -> dict[str, Any]:
    names: dict[str, Any] = {"call_my_code": call_my_code, "pactmock": pactmock}
    exec(compile(source.replace("http://localhost:8080", url), "control-api.md", "exec"), names)  # noqa: S102
    return names


@pytest.fixture
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "web-users-api.json").write_text(json.dumps(pact(interaction(), provider="users-api")))
    return tmp_path


def test_the_example_runs_and_the_file_is_written(in_a_project: Path) -> None:
    with service(in_a_project / "written") as running:
        _run(BLOCKING, _get, running.url)
        assert pactmock.Client(running.url).servers() == []
    assert (in_a_project / "written" / "web-users-api.json").exists()


def test_the_example_says_what_did_not_match(in_a_project: Path) -> None:
    with (
        service(in_a_project / "written") as running,
        pytest.raises(AssertionError, match="GET / was expected and never came"),
    ):
        _run(BLOCKING, lambda _: None, running.url)


async def test_the_asynchronous_example_runs(in_a_project: Path) -> None:
    with service(in_a_project / "written") as running:
        source = f"async def play():\n{textwrap.indent(ASYNCHRONOUS, '    ')}"
        await _run(source, lambda url: asyncio.to_thread(_get, url), running.url)["play"]()
        assert await pactmock.AsyncClient(running.url).servers() == []


def test_every_method_is_listed() -> None:
    listed = set(re.findall(r"(?:client|server)\.(\w+)\(", _SECTION))
    kinds = (pactmock.Client, RemoteMockServer)
    there = {name for kind in kinds for name in dir(kind) if callable(getattr(kind, name)) and name[0] != "_"}
    assert listed == there - {"perform"}
