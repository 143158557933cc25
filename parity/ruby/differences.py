"""Where ours answers otherwise than the Ruby service on purpose: one file says it, for people and for the comparison.

docs/ruby-differences.toml is the file. `python -m parity.ruby.differences` (`make differences`) writes the table of
docs/ruby.md from it, and the steps of the scenarios name its differences.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from parity.differences import DOCS, with_table

FILE = DOCS / "ruby-differences.toml"
PAGE = DOCS / "ruby.md"


@dataclass(frozen=True, slots=True)
class DecidedDifference:
    """One of them; `name` is what steps call it."""

    name: str
    ruby: str
    pactmock: str
    because: str
    not_played: str | None = None
    """Why no step shows it: None where one does."""


def differences() -> list[DecidedDifference]:
    """Return them in the order of the file."""
    return [DecidedDifference(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["difference"]]


def with_differences(page: str) -> str:
    """Return the text of docs/ruby.md with the table as the file has it."""
    rows = [(row.ruby, row.pactmock, row.because) for row in differences()]
    return with_table(page, ("the Ruby service", "pactmock", "because"), rows)


if __name__ == "__main__":
    PAGE.write_text(with_differences(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
