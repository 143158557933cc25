"""What is installed is all of the package: what `.gitignore` names is left out of a wheel, without a word."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pactmock"
MODULES = [path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts]


def test_no_module_is_ignored() -> None:
    ignored = [line for line in (ROOT / ".gitignore").read_text().split() if not line.startswith("/")]
    assert ignored
    lost = {
        str(path): pattern
        for path in MODULES
        for part in path.relative_to(ROOT).parts
        for pattern in ignored
        if fnmatch(part, pattern.rstrip("/"))
    }
    assert not lost


def test_each_folder_of_modules_is_a_package() -> None:
    assert not [path.parent for path in MODULES if not (path.parent / "__init__.py").exists()]
