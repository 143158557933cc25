"""Comparing tables: each row that was received with the row of examples, cell by cell (reference/plugins.md §8.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from pactmock.pact.value import value
from pactmock.plugins import (
    Compare,
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


def comparison(request: CompareRequest) -> Compare:
    """Make what compares tables with the one that is expected; what that needs of the example is done once.

    What is made raises a `PluginError` when the table that came cannot be read, or has no row to compare.

    Raises:
        PluginError: when that is so of the expected one.
    """
    if request.expected is None:
        return lambda actual: _presence(None, actual)
    expected, first = request.expected, [*islice(read_rows(request.expected.content, _EXPECTED), 2)]
    has_header = header_row.is_there(request.data, request.rules, first)
    table = _with_rows(split(first, has_header=has_header), _EXPECTED)
    cells = _compile(table, request.rules)

    def compare(contents: Contents | None) -> Sequence[ContentMismatch]:
        if contents is None:
            return _presence(expected, None)
        rows = [*read_rows(contents.content, _ACTUAL)]
        actual = _with_rows(split(rows, has_header=has_header), _ACTUAL)
        if has_header:
            places, found = _by_name(table.header, actual.header)
        else:
            places, found = _by_number(len(cells), len(actual.rows[0].cells), request.allow_unexpected_keys)
        return [*found, *_differences(cells, places, actual.rows)]

    return compare


def _with_rows(table: Table, source: str) -> Table:
    if not table.rows:
        raise PluginError(f"Could not read {source}: it has no row of data, and there has to be one")
    return table


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
    """A cell of the row of examples, and its checks; without any, texts must be equal."""

    index: int
    text: str
    checks: Sequence[TextCheck]

    def problems(self, actual: str) -> Sequence[str]:
        """Say what is wrong with the cell of a row that was received; where it is missing, that is an empty text."""
        if self.checks:
            return [problem for check in self.checks if (problem := check(self.text, actual, False)) is not None]
        if actual == self.text:
            return ()
        return [f"Expected column {self.index} value to equal '{self.text}', but got '{actual}'"]


def _compile(expected: Table, rules: Rules) -> Sequence[_ExpectedCell]:
    cells = expected.rows[0].cells
    names = expected.header or [""] * len(cells)
    return [
        _ExpectedCell(index, text, [*map(compile_text_check, columns.find(rules, index, name) or ())])
        for index, (text, name) in enumerate(zip(cells, names, strict=True))
    ]


def _differences(cells: Sequence[_ExpectedCell], places: _Places, rows: Sequence[Row]) -> Iterator[ContentMismatch]:
    fits = _fitting(cells, places)
    for row in rows:
        spend(len(cells))
        if not fits(row.cells):
            yield from _differences_in(row, cells, places)


def _fitting(cells: Sequence[_ExpectedCell], places: _Places) -> Callable[[Sequence[str]], bool]:
    """Make what tells whether a row is as the example. Most are, so only in others it is looked for what differs."""
    found = [(place, cell) for place, cell in zip(places, cells, strict=True) if place is not None]
    if len(found) < len(cells):
        return lambda _row: False
    equal = [place for place, cell in found if not cell.checks]
    texts = [cell.text for cell in cells if not cell.checks]
    checked = [(place, cell.text, check) for place, cell in found for check in cell.checks]

    def fits(row: Sequence[str]) -> bool:
        if [row[place] for place in equal] != texts:
            return False
        for place, text, check in checked:  # noqa: SIM110  `all` takes longer
            if check(text, row[place], False) is not None:
                return False
        return True

    return fits


def _differences_in(row: Row, cells: Sequence[_ExpectedCell], places: _Places) -> Iterator[ContentMismatch]:
    for place, cell in zip(places, cells, strict=True):
        actual = "" if place is None else row.cells[place]
        for problem in cell.problems(actual):
            path = f"row:{row.line:5}, column:{cell.index:2}"
            yield ContentMismatch(problem, path, cell.text.encode(), actual.encode())
