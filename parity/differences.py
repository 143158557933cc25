"""What was decided otherwise than the reference decides: one file says it, for people and for parity.

docs/differences.toml is the file. `python -m parity.differences` (`make differences`) writes the tables of
docs/matching.md from it, and `known.py` takes from it in which words a row is named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
FILE = DOCS / "differences.toml"
PAGE = DOCS / "matching.md"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the list of quirks (reference/matching.md, §11) that pactmock does not keep."""

    number: int
    advice: str
    """`F`, a defect that is mended on purpose; `N`, left to chance by the reference."""
    reference: str
    pactmock: str
    not_drawn: str | None = None
    """Why parity never meets it: None where it does, and `known.py` knows the row when it sees it."""

    @property
    def sentence(self) -> str:
        """What the row says, in a line."""
        return f"{self.pactmock}; in the reference: {self.reference}"


@dataclass(frozen=True, slots=True)
class Demand:
    """What pactmock does because of what it promises, whatever the reference does."""

    what: str
    because: str


@cache
def _document() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def differences() -> list[Difference]:
    """Return the rows by their numbers."""
    return sorted((Difference(**row) for row in _document()["row"]), key=lambda row: row.number)


def difference(number: int) -> Difference:
    """Return the row of a number; a number that the file does not have is a mistake in the program."""
    return next(row for row in differences() if row.number == number)


def demands() -> list[Demand]:
    """Return the demands, in the order of the file."""
    return [Demand(**demand) for demand in _document()["demand"]]


def with_tables(page: str) -> str:
    """Return the text of docs/matching.md with both tables as the file has them."""
    rows = [(f"{row.number} {row.advice}", row.reference, row.pactmock) for row in differences()]
    page = with_table(page, ("row", "the reference", "pactmock"), rows)
    return with_table(page, ("what", "because"), [(demand.what, demand.because) for demand in demands()])


def with_table(page: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the text of a page with these rows in the table that has this head."""
    top = _line(head) + "|---" * len(head) + "|\n"
    pattern = re.compile(rf"^{re.escape(top)}(?:\|.*\n)*", re.MULTILINE)
    replaced, count = pattern.subn(lambda _: top + "".join(map(_line, rows)), page)
    if count != 1:
        raise ValueError(f"the page has {count} tables that begin with {_line(head).strip()}: it needs one")
    return replaced


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
