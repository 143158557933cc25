"""What the pages about adding things say is all that it takes: their edits are made in a copy, and their tests pass."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANG

ROOT = Path(__file__).parents[1]
PAGES = ("adding-a-rule", "adding-a-generator", "adding-a-call")
_EDIT = re.compile(r"^```diff\n\+\+\+ (?P<file>\S+)\n(?P<changes>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ python (?P<arguments>-m pytest .+)$", re.MULTILINE)


def _edit(file: Path, changes: str) -> None:
    """Make each change where its lines, but for those that it adds, stand in a file."""
    text = file.read_text(encoding="utf-8")
    for change in changes.split("@@\n")[1:]:
        lines = change.splitlines()
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[:1] != mark) for mark in "+-")
        assert text.count(old) == 1, f"{file.name} has not once:\n{old}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def _copy(target: Path) -> None:
    for folder in ("pactmock", "docs", "tests"):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)


@pytest.mark.parametrize("page", PAGES)
def test_a_thing_is_added_by_at_most_four_edits(page: str, tmp_path: Path) -> None:
    _copy(tmp_path)
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    edits = list(_EDIT.finditer(text))
    assert 1 <= len(edits) <= 4
    for edit in edits:
        _edit(tmp_path / edit["file"], edit["changes"])
    command = _COMMAND.search(text)
    assert command
    ran = subprocess.run(
        [sys.executable, *shlex.split(command["arguments"]), "-q", "-p", "no:cacheprovider", "-n", "0"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
