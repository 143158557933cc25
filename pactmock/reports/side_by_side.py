"""What was expected and what came, side by side: where they differ, with a little of what is alike around that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from pactmock.errors import NotJson
from pactmock.pact.json.values import Json, compact, parse
from pactmock.reports.visible import visible

WIDTH = 36
_MOST_LINES = 12
_AROUND = 2
"""How many lines that are alike are shown before and behind those that differ."""

Pair = tuple[str, str]


def side_by_side(expected: object, actual: object, mismatch: str = "") -> list[Pair]:
    """Return the lines of two columns; the text of the mismatch tells in which form lists stand in these values."""
    columns = [_lines(value, mismatch) for value in (expected, actual)]
    pairs = _paired(*columns)
    if len(pairs) <= _MOST_LINES:
        return pairs
    more = f"... {len(pairs) - _MOST_LINES} more lines"
    return [*pairs[:_MOST_LINES], (more, more)]


def in_columns(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield lines of text with two columns.

    New lines may break a value here: each line has the bar in its middle, which no other line of a report has there.
    """
    for left, right in (("expected", "actual"), *pairs):
        yield f"       {left:<{WIDTH}} | {right}".rstrip()


def _paired(expected: Sequence[str], actual: Sequence[str]) -> list[Pair]:
    """Put lines beside each other: those that are alike on one height, and few of them where there are many."""
    if max(len(expected), len(actual)) <= _MOST_LINES:
        return list(zip_longest(expected, actual, fillvalue=""))
    pairs: list[Pair] = []
    for kind, one, one_end, other, other_end in SequenceMatcher(None, expected, actual, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs += zip_longest(expected[one:one_end], actual[other:other_end], fillvalue="")
            continue
        alike = expected[one:one_end]
        before = _AROUND if one or other else 0
        behind = _AROUND if one_end < len(expected) or other_end < len(actual) else 0
        if len(alike) <= before + behind + 1:
            pairs += zip(alike, alike, strict=True)
            continue
        pairs += [(line, line) for line in alike[:before]]
        pairs.append((f"... {len(alike) - before - behind} lines alike",) * 2)
        pairs += [(line, line) for line in alike[len(alike) - behind :]]
    return pairs


def _lines(value: object, mismatch: str) -> list[str]:
    """Break a value into lines that fit into a column: a list item by item, an object member by member."""
    text = "(nothing)" if value in (None, "") else str(value)
    items = _items(text, mismatch)
    shown = [visible(line) for line in (text.replace("\r\n", "\n").split("\n") if items is None else items)]
    return [line[start : start + WIDTH] for line in shown for start in range(0, len(line) or 1, WIDTH)]


def _items(text: str, mismatch: str) -> list[str] | None:
    """Return the lines of a list or an object, or None for anything else."""
    if text[:1] not in {"[", "{", "…"} or (len(text) <= WIDTH and not _OF_TEXTS.match(mismatch)):
        return None
    try:
        document = parse(text)
    except NotJson:
        pieces = _BETWEEN_OBJECTS.split(text)  # it was cut, and is a list of objects, most of the time
        return pieces if len(pieces) > 1 else None
    if _OF_TEXTS.match(mismatch):
        document = _without_quotes(document)
    if len(compact(document)) <= WIDTH:
        return [compact(document)]
    if isinstance(document, list):
        return ["[", *(f" {compact(item)}," for item in document), "]"]
    return ["{", *(f" {compact(name)}: {compact(item)}," for name, item in document.items()), "}"]


_BETWEEN_OBJECTS = re.compile(r"(?<=\}),(?=\{)")
_OF_TEXTS = re.compile(
    r"(?:MIME part '.*': )?(?:Unable to match [\[{]|Expected .* to be equal to [\[{]|Variant at index|ArrayContains:"
    r"|Expected [\[{].* \(size \d+\) to have|Expected .* to not be empty|Expected .* at any place of the list"
    r"|Expected \d+ item\(s\))",
    re.DOTALL,
)
"""The mismatches of a list or an object as a whole, in which the reference shows each item as JSON inside of a text."""


def _without_quotes(document: Json) -> Json:
    """Return a list or an object whose items were JSON inside of texts; one in which some were none stays as it is."""
    try:
        if isinstance(document, list):
            return [parse(item) for item in document]
        return {name: parse(item) for name, item in document.items()}
    except (NotJson, TypeError, AttributeError):
        return document
