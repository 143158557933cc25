"""Every warning has a code that the documents explain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def _codes() -> Iterator[str]:
    """Yield the codes of all warnings that the program can make: a literal behind the text."""
    for path in sorted((_ROOT / "pactmock").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1:
                code = node.args[1]
                if node.func.id in {"PactWarning", "warn"} and isinstance(code, ast.Constant):
                    yield str(code.value)


def test_every_code_of_a_warning_has_its_row_in_the_documents() -> None:
    page = (_ROOT / "docs/control-api.md").read_text().partition("## Warnings")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(documented) == sorted(set(_codes()))
