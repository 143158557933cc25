"""What docs/cli.md shows is what the commands print.

`PACTMOCK_WRITE_PAGES=1 python -m pytest tests/test_cli_page.py` writes into the page what they print now.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from pactmock.cli import main
from tests.pacts import pact
from tests.patience import HANG
from tests.process import COMMAND, Running, call, run, service

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "cli.md"
_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
_ID, _PORT, _KEY = "QUVS4MS1", "44799", "5d41402abc4b2a76"
"""What stands in the page for what is another one each time."""

ADA = {"name": "Ada", "age": 36, "languages": ["Python"]}


class Session:
    """Plays the page: commands as it has them, and between them what the code under test does."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._port = self._id = self._key = ""

    def play(self, command: str) -> str:
        """Run a command of the page; return what it prints, as the page has it."""
        words = shlex.split(command.replace(_PORT, self._port or _PORT).replace(_KEY, self._key or _KEY))
        assert words[0] == "pactmock"
        if "--follow" in words:
            return self._as_shown(self._followed(words[1:]))
        done = run(*words[1:], PACTMOCK_URL=self._running.url)
        assert done.stderr == ""
        if words[1] == "create":
            self._id, self._port = re.findall(r"server (\w+) started on port (\d+)", done.stdout)[0]
            listed = call("GET", f"{self.control}/messages")[1]["messages"]
            self._key = listed[0]["key"] if listed else ""
        return self._as_shown(done.stdout)

    @property
    def control(self) -> str:
        return f"{self._running.url}/mockserver/{self._port}"

    def ask(self, path: str) -> None:
        call("GET", f"http://127.0.0.1:{self._port}{path}", headers={"Accept": "application/json"})

    def add(self, user: object) -> None:
        call("POST", f"http://127.0.0.1:{self._port}/users", user)

    def _followed(self, arguments: list[str]) -> str:
        """Follow what is asked, and end that by Ctrl-C when all of it was told."""
        environment = {**os.environ, "PACTMOCK_URL": self._running.url}
        process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True, env=environment)
        try:
            assert process.stdout is not None
            self.ask("/users/7")
            first = process.stdout.readline()
            self.add(ADA | {"age": "36"})
            lines = [first, process.stdout.readline(), process.stdout.readline()]
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=HANG)[0] == ""
        finally:
            process.kill()
            process.communicate(timeout=HANG)
        return "".join(lines)

    def _as_shown(self, text: str) -> str:
        for own, shown in ((self._id, _ID), (self._port, _PORT), (self._key, _KEY)):
            text = text.replace(own, shown) if own else text
        text = re.sub(r"\d\d:\d\d:\d\d", "10:15:07", text)
        return re.sub(r"\b(Age|\d+ s) +(Requests|\d+ )", lambda found: f"{_age(found[1]):5}{found[2]}", text)


def _age(cell: str) -> str:
    return cell if cell == "Age" else "4 s"


def _mend(session: Session) -> None:
    call("DELETE", f"{session.control}/requests")
    session.ask("/users/7")
    session.add(ADA)


BEFORE: dict[int, Callable[[Session], None]] = {2: _mend}
"""What the code under test does before the commands of a block."""


def _played(page: str, session: Session) -> Iterator[str]:
    for number, block in enumerate(_BLOCK.findall(page)):
        if number in BEFORE:
            BEFORE[number](session)
        commands = [line for line in block.splitlines() if line.startswith("$ ")]
        yield "".join(f"{command}\n{session.play(command[2:])}" for command in commands)


@pytest.fixture
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "web-users-api.json", tmp_path)
    event = {
        "type": "Asynchronous/Messages",
        "description": "an order was paid",
        "contents": {"content": {"id": 7}, "contentType": "application/json", "encoded": False},
    }
    document = pact(event, version="4.0", consumer="shipping", provider="orders")
    (tmp_path / "events.json").write_text(json.dumps(document))


@pytest.mark.usefixtures("in_a_project")
def test_the_page_shows_what_the_commands_print() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with service(Path("pacts")) as running:
        blocks = iter(list(_played(page, Session(running))))
    played = _BLOCK.sub(lambda _: next(blocks), page)
    if os.environ.get("PACTMOCK_WRITE_PAGES"):
        PAGE.write_text(played, encoding="utf-8")
    assert played == page


def test_the_page_names_every_command() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| exit code |")[0]
    named = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
    assert named == set(main.list_commands(click.Context(main)))


_SHELLS = re.findall(
    r"^\| (\w+) \| .*? \| `(.*_source pactmock.*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("shell", "line"), _SHELLS)
def test_each_line_for_a_shell_makes_a_script_for_that_shell(shell: str, line: str) -> None:
    variable, value = re.findall(r"(_PACTMOCK_COMPLETE)=(\w+)", line)[0]
    done = run(**{variable: value})
    assert "_PACTMOCK_COMPLETE" in done.stdout
    assert f"{shell}_complete" in done.stdout, done.stderr
