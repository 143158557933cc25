"""Comparing tables: each row that was received with the row of examples, cell by cell (reference/plugins.md §8.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from pactmock.pact.value import value
from pactmock.plugins import (
    CompareRequest,
    ContentMismatch,
    Contents,
    PluginError,
    Rules,
    TextCheck,
    compile_text_check,
    spend,
)
from pactmock.plugins.csv import columns, header_row
from pactmock.plugins.csv.table import Row, Table, read_rows, split

_EXPECTED, _ACTUAL = "the expected content", "the actual content"


def compare(request: CompareRequest) -> Sequence[ContentMismatch]:
    """Compare two tables.

    Raises:
        PluginError: when one of them cannot be read, or has no row to compare.
    """
    if request.expected is None or request.actual is None:
        return _presence(request.expected, request.actual)
    first = [*islice(read_rows(request.expected.content, _EXPECTED), 2)]
    has_header = header_row.is_there(request.data, request.rules, first)
    expected = split(first, has_header=has_header)
    actual = split([*read_rows(request.actual.content, _ACTUAL)], has_header=has_header)
    for table, source in ((expected, _EXPECTED), (actual, _ACTUAL)):
        if not table.rows:
            raise PluginError(f"Could not read {source}: it has no row of data, and there has to be one")
    if has_header:
        places, found = _by_name(expected.header, actual.header)
    else:
        counts = len(expected.rows[0].cells), len(actual.rows[0].cells)
        places, found = _by_number(*counts, request.allow_unexpected_keys)
    return [*found, *_differences(_compile(expected, places, request.rules), actual.rows)]


def _presence(expected: Contents | None, actual: Contents | None) -> Sequence[ContentMismatch]:
    if expected is not None:
        text = "Expected CSV content, but did not get any"
        return [ContentMismatch(text, expected=expected.content)]
    if actual is not None:
        text = f"Expected no CSV content, but got {len(actual.content)} bytes"
        return [ContentMismatch(text, actual=actual.content)]
    return []


_Places: TypeAlias = Sequence[int | None]
"""Where the expected columns stand in the rows that came; None for one that is missing."""


def _by_name(expected: Sequence[str], actual: Sequence[str]) -> tuple[_Places, Sequence[ContentMismatch]]:
    """Find the columns by their names; of several with one name, the first is the first, the second the second."""
    free: dict[str, list[int]] = {}
    for index, name in reversed([*enumerate(actual)]):
        free.setdefault(name, []).append(index)
    places = [free[name].pop() if free.get(name) else None for name in expected]
    missing = [name for name, place in zip(expected, places, strict=True) if place is None]
    text = "Expected columns '{}', but was missing"
    return places, [ContentMismatch(text.format(name), expected=name.encode()) for name in missing]


def _by_number(expected: int, actual: int, allow_more: bool) -> tuple[_Places, Sequence[ContentMismatch]]:
    places = [index if index < actual else None for index in range(expected)]
    if actual == expected or (actual > expected and allow_more):
        return places, []
    least = "at least " if actual > expected else ""  # the other way round it reads better, but this is published
    text = f"Expected {least}{expected} columns, but got {actual}"
    return places, [ContentMismatch(text, expected=b"%d columns" % expected, actual=b"%d columns" % actual)]


@value
class _ExpectedCell:
    """A cell of the row of examples, where rows have its value, and its checks; without any, texts must be equal."""

    index: int
    text: str
    place: int | None
    checks: Sequence[TextCheck]

    def problems(self, actual: str) -> Sequence[str]:
        """Say what is wrong with the cell of a row that was received; where it is missing, that is an empty text."""
        if self.checks:
            return [problem for check in self.checks if (problem := check(self.text, actual, False)) is not None]
        if actual == self.text:
            return ()
        return [f"Expected column {self.index} value to equal '{self.text}', but got '{actual}'"]


def _differences(cells: Sequence[_ExpectedCell], rows: Sequence[Row]) -> Iterator[ContentMismatch]:
    for row in rows:
        spend(len(cells))
        for cell in cells:
            actual = "" if cell.place is None else row.cells[cell.place]
            for problem in cell.problems(actual):
                path = f"row:{row.line:5}, column:{cell.index:2}"
                yield ContentMismatch(problem, path, cell.text.encode(), actual.encode())


def _compile(expected: Table, places: _Places, rules: Rules) -> Sequence[_ExpectedCell]:
    names = expected.header or [""] * len(places)
    return [
        _ExpectedCell(index, text, place, [*map(compile_text_check, columns.find(rules, index, name) or ())])
        for index, (text, place, name) in enumerate(zip(expected.rows[0].cells, places, names, strict=True))
    ]
