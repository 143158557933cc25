"""What the project cites of its reference pages is there: sections, rows of the list of quirks, pages.

`reference/matching.md §6.3` names a section of a page below docs/. A bare `§6.3` means the page that the same file
named last, and on a reference page that page itself. `§11 row 53, F` is a row of the list of quirks, with its advice;
so is `Row 53` in a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
QUIRKS = "reference/matching.md"
FOLDERS = ("pactmock", "tests", "docs", "examples", "parity", "attacks", "benchmarks", "docker")
FILES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*")))
    if path.suffix in {".py", ".md", ".yml", ".yaml", ".proto"} and path != Path(__file__)
)

_MARK = re.compile(
    r"(?P<page>\breference/[\w-]+\.md)|§§?(?P<section>[\dA]+(?:\.\d+)*)"
    r"|\b(?:rows? |(?P<quirk>Rows? ))(?P<row>\d+)(?:, (?P<advice>[FKN])\b)?"
)
_HEADING = re.compile(r"^#+ ([\dA]+(?:\.\d+)*)\.? ", re.MULTILINE)
_QUIRK = re.compile(r"^\| (\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention: the page below docs/, the section, and the row of a list in it, where one is named."""

    file: Path
    line: int
    page: str
    section: str
    row: int | None = None
    advice: str | None = None

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row else ""
        return f"{self.file.relative_to(ROOT)}:{self.line} cites {self.page or 'no page'} §{self.section}{row}"


def citations(file: Path) -> Iterator[Citation]:
    """Yield the citations of a file. `row 2` is one of the quirks only where §11 was named before it."""
    text = file.read_text(encoding="utf-8")
    page = str(file.relative_to(DOCS)) if file.parent == DOCS / "reference" else ""
    section = ""
    for mark in _MARK.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
        if mark["page"]:
            page = mark["page"]
        elif mark["section"]:
            section = mark["section"]
            yield Citation(file, line, page, section)
        elif mark["quirk"] or section == "11":
            yield Citation(file, line, QUIRKS, "11", int(mark["row"]), mark["advice"])


@cache
def headings(page: str) -> frozenset[str]:
    """Return the numbers of a page's headings: none where there is no such page."""
    path = DOCS / page
    return frozenset(_HEADING.findall(path.read_text(encoding="utf-8"))) if path.is_file() else frozenset()


@cache
def quirks() -> dict[int, str]:
    """Return the rows of the list of quirks, each with its advice: F, K, N, `K/F`, `note`."""
    text = (DOCS / QUIRKS).read_text(encoding="utf-8")
    return {int(number): advice for number, advice in _QUIRK.findall(text[text.index("\n## 11.") :])}


def test_every_section_that_is_cited_is_there() -> None:
    cited = [citation for file in FILES for citation in citations(file)]
    assert len(cited) > 300
    lost = [str(citation) for citation in cited if not citation.page or citation.section not in headings(citation.page)]
    assert lost == []


def test_every_row_that_is_cited_is_there_with_the_advice_that_is_named() -> None:
    cited = [citation for file in FILES for citation in citations(file) if citation.row]
    assert len(cited) > 40
    lost = [str(citation) for citation in cited if (citation.advice or "") not in quirks().get(citation.row or 0, "-")]
    assert lost == []


def test_every_page_that_is_named_is_there() -> None:
    for file in (path for path in FILES if path.parent != DOCS / "reference"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"\b((?:docs/)?reference/[\w-]+\.md|docs/[\w-]+\.md)\b", text):
            assert (DOCS / name.removeprefix("docs/")).exists(), f"{file.relative_to(ROOT)} names {name}"


@pytest.mark.parametrize("row", re.findall(r"^\| (\d+) [FN] \|", (DOCS / "matching.md").read_text(), re.MULTILINE))
def test_every_quirk_that_is_mended_has_a_test_that_names_its_row(row: str) -> None:
    assert quirks()[int(row)]
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert any(re.search(rf"[Rr]ow[ _]{row}\b", text) or f"row_{row}_" in text for text in tests)
