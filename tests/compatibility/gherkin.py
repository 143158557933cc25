"""The part of Gherkin that the compatibility suite is written in, read without another dependency.

Features, backgrounds, scenarios, outlines with examples, data tables and doc strings. A line that cannot stand where it
stands is an error with its number: a scenario that was only half understood must not pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

_STEP = re.compile(r"(Given|When|Then|And|But|\*)\s+(.+)")
_SCENARIO = re.compile(r"(Scenario|Scenario Outline):\s*(.*)")
_CELL = re.compile(r"((?:[^|\\]|\\.)*)\|")
_ROW = re.compile(rf"\|(?:{_CELL.pattern})*")
_ESCAPES = {r"\n": "\n", r"\|": "|", r"\\": "\\"}
_AFTER_DESCRIPTION = ("@", "Background:", "Rule:", "Scenario:", "Scenario Outline:")
_QUOTES = '"""'


class NotGherkin(Exception):
    """A feature that cannot be read, with the number of the line."""


@dataclass(frozen=True)
class Table:
    """A data table: rows of cells."""

    rows: tuple[tuple[str, ...], ...]

    def records(self) -> list[dict[str, str]]:
        """Return the rows below the first, under the names that the first row has."""
        return [dict(zip(self.rows[0], row, strict=True)) for row in self.rows[1:]]

    def record(self) -> dict[str, str]:
        """Return the only row below the first."""
        (record,) = self.records()
        return record

    def filled(self, values: Mapping[str, str]) -> Table:
        return Table(tuple(tuple(_fill(cell, values) for cell in row) for row in self.rows))


@dataclass(frozen=True)
class Step:
    """One line of a scenario, with the table or the doc string below it."""

    keyword: str
    text: str
    table: Table | None = None
    doc: str | None = None

    def filled(self, values: Mapping[str, str]) -> Step:
        table = self.table.filled(values) if self.table else None
        doc = None if self.doc is None else _fill(self.doc, values)
        return Step(self.keyword, _fill(self.text, values), table, doc)


@dataclass(frozen=True)
class Scenario:
    """A scenario, with the steps of the background before its own."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Feature:
    """The scenarios of a file; an outline is one for each of its examples."""

    name: str
    scenarios: tuple[Scenario, ...]


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


def parse(text: str) -> Feature:
    """Read the text of a feature file.

    Raises:
        NotGherkin: with the number of the line that cannot stand where it stands.
    """
    return _Reader(text).feature()


class _Reader:
    """Goes through the lines. `_peek` is the next one that says something, empty at the end."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._next = 0

    def feature(self) -> Feature:
        self._skip_tags()
        if not self._peek().startswith("Feature:"):
            raise self._wrong("a feature")
        name = self._take().removeprefix("Feature:").strip()
        while self._peek() and not self._peek().startswith(_AFTER_DESCRIPTION):
            self._take()
        return Feature(name, tuple(self._scenarios(self._background())))

    def _background(self) -> tuple[Step, ...]:
        if self._peek() != "Background:":
            return ()
        self._take()
        return tuple(self._steps())

    def _scenarios(self, background: tuple[Step, ...]) -> Iterator[Scenario]:
        self._skip_tags()
        while self._peek():
            found = _SCENARIO.fullmatch(self._peek())
            if not found:
                raise self._wrong("a step or a scenario")
            self._take()
            scenario = Scenario(found[2], (*background, *self._steps()))
            yield from [scenario] if found[1] == "Scenario" else self._filled(scenario)
            self._skip_tags()

    def _filled(self, outline: Scenario) -> Iterator[Scenario]:
        self._skip_tags()
        if not self._peek().startswith("Examples:"):
            raise self._wrong("the examples of an outline")
        self._take()
        for number, values in enumerate(self._table().records(), 1):
            steps = tuple(step.filled(values) for step in outline.steps)
            yield Scenario(f"{_fill(outline.name, values)} (example {number})", steps)

    def _steps(self) -> Iterator[Step]:
        while found := _STEP.fullmatch(self._peek()):
            self._take()
            step = Step(found[1], found[2])
            if self._peek().startswith("|"):
                step = replace(step, table=self._table())
            elif self._peek().startswith(_QUOTES):
                step = replace(step, doc=self._doc())
            yield step

    def _table(self) -> Table:
        rows: list[tuple[str, ...]] = []
        while self._peek().startswith("|"):
            if not _ROW.fullmatch(self._peek()):
                raise self._wrong("a bar at the end of a row")
            rows.append(tuple(map(_cell, _CELL.findall(self._peek()[1:]))))
            if len(rows[-1]) != len(rows[0]):
                raise self._wrong(f"{len(rows[0])} cells")
            self._take()
        if not rows:
            raise self._wrong("a table")
        return Table(tuple(rows))

    def _doc(self) -> str:
        self._take()
        indent = self._lines[self._next - 1].index(_QUOTES)
        rest = self._lines[self._next :]
        ends = [number for number, line in enumerate(rest) if line.strip() == _QUOTES]
        if not ends:
            raise self._wrong("the end of a doc string")
        self._next += ends[0] + 1
        return "\n".join(line[min(indent, len(line) - len(line.lstrip())) :] for line in rest[: ends[0]])

    def _skip_tags(self) -> None:
        while self._peek().startswith("@"):
            self._take()

    def _peek(self) -> str:
        while self._next < len(self._lines):
            line = self._lines[self._next].strip()
            if line and not line.startswith("#"):
                return line
            self._next += 1
        return ""

    def _take(self) -> str:
        line = self._peek()
        self._next += 1
        return line

    def _wrong(self, wanted: str) -> NotGherkin:
        return NotGherkin(f"Line {self._next + 1}: expected {wanted}, found '{self._peek()}'")


def _cell(text: str) -> str:
    return re.sub(r"\\[n|\\]", lambda found: _ESCAPES[found[0]], text.strip())
