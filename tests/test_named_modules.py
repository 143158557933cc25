"""What a page or a docstring calls a module is one: who moves a module is told where it is named as it was."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("pactmock", "tests", "docs", "parity", "attacks", "benchmarks", "examples", "docker", "deploy")
MODULES = [path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.suffix in {".py", ".js"}]
PAGES = [*(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"), *(ROOT / "docs").glob("*.md")]
PATHS = {f"/{path.relative_to(ROOT).as_posix()}" for path in MODULES}
ELSEWHERE = frozenset({"click.py"})
"""A file that somebody else may have."""


def _is_a_file(name: str) -> bool:
    """Tell whether a file is there; a text may leave out the folders that it speaks of."""
    return name in ELSEWHERE or any(path.endswith(f"/{name}") for path in PATHS)


def _is_a_name(name: str) -> bool:
    """Tell whether there is a module of this name, or something of this name in one."""
    steps = name.split(".")
    end = next(end for end in range(1, len(steps) + 1) if end == len(steps) or not _is_module(steps[: end + 1]))
    found: object = import_module(".".join(steps[:end]))
    for step in steps[end:]:
        if not hasattr(found, step):
            return False
        found = getattr(found, step)
    return True


def _is_module(steps: list[str]) -> bool:
    try:
        return find_spec(".".join(steps)) is not None
    except ModuleNotFoundError:
        return False


def test_every_module_that_is_named_by_its_path_is_there() -> None:
    named = [(path, name) for path in (*PAGES, *MODULES) for name in _named(path, r"`([\w./-]+\.(?:py|js))`")]
    assert len(named) > 150
    assert [f"{path.relative_to(ROOT)} names {name}" for path, name in named if not _is_a_file(name)] == []


def test_every_module_that_is_named_as_it_is_imported_is_there() -> None:
    ours = (path for path in MODULES if path.is_relative_to(ROOT / "pactmock"))
    named = [(path, name) for path in ours for name in _named(path, r"`(pactmock(?:\.\w+)+)`")]
    assert len(named) > 30
    assert [f"{path.relative_to(ROOT)} names {name}" for path, name in named if not _is_a_name(name)] == []


def _named(path: Path, pattern: str) -> list[str]:
    return re.findall(pattern, path.read_text(encoding="utf-8"))
