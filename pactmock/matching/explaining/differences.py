"""What differs in each part of a candidate, as values of texts: so many as there is room for, and the others counted.

At most a hundred mismatches of an interaction are listed, with the rule that decided on each. What is not shown is not
rendered either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pactmock.errors import InvalidRule
from pactmock.matching.expectation import Expectation
from pactmock.matching.explaining.explanation import Difference, PartFinding
from pactmock.matching.mismatch import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    MetadataMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    UndecidedMismatch,
)
from pactmock.matching.rule_set import NO_RULES, Place, RuleList
from pactmock.matching.texts.alike import shared_beginning
from pactmock.matching.texts.shortening import LONGEST_ESCAPE, VALUE, cut, cut_content, fitted, size
from pactmock.matching.verdict import Candidate
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.path_expression import Wildcard

MOST_DIFFERENCES = 100
"""How many mismatches of an interaction are listed."""

_RULE = 2 * VALUE


class Differences:
    """The mismatches of one candidate on their way into a room, which its parts share."""

    def __init__(self, expectation: Expectation, room: int) -> None:
        self.expectation = expectation
        self.room = room
        self.count = MOST_DIFFERENCES
        self.rules: dict[int, Json] = {}

    def parts(self, candidate: Candidate) -> tuple[PartFinding, ...]:
        """Say of each part, in the order of their names here, whether it matched, and what differs."""
        result = candidate.result
        found: dict[str, Sequence[Mismatch]] = {
            "method": [result.method] if result.method else [],
            "path": result.path,
            "query": _flat(result.query),
            "headers": _flat(result.headers),
            "body": result.body,
        }
        return tuple(self._part(name, items, len(found) - done) for done, (name, items) in enumerate(found.items()))

    def _part(self, name: str, found: Sequence[Mismatch], parts_left: int) -> PartFinding:
        if not found:
            return _MATCHED[name]
        shown: list[Difference] = []
        measure = size_of if len(found) > _FEW else _most
        left = self.room // parts_left
        for item in found[: self.count]:
            made = difference(item, self._rule(item))
            taken = measure(made)
            if taken > left and measure is _most:  # which is far from what it really takes
                taken = size_of(made)
            if taken > left:
                break
            left -= taken
            self.room -= taken
            shown.append(made)
        self.count -= len(shown)
        return PartFinding(name, tuple(shown), len(found) - len(shown))

    def _rule(self, mismatch: Mismatch) -> Json:
        """Return the rules that decided, with the path they are written for; None where equality did."""
        rule_list = deciding_rules(self.expectation, mismatch)
        if rule_list is None:
            return None
        if id(rule_list) not in self.rules:
            self.rules[id(rule_list)] = {
                "path": cut(rule_list.path),
                "combine": "OR" if rule_list.any_of else "AND",
                "matchers": fitted([item.rule.to_json() for item in rule_list.rules], _RULE),
            }
        return self.rules[id(rule_list)]


def _flat(groups: Mapping[str, Sequence[Mismatch]]) -> Sequence[Mismatch]:
    return [item for name in sorted(groups) for item in groups[name]] if any(groups.values()) else ()


_PLACES: dict[type[Mismatch], str] = {
    QueryMismatch: "parameter",
    HeaderMismatch: "key",
    MetadataMismatch: "key",
    BodyMismatch: "path",
}
"""The member that says what a mismatch is about."""

_DETAILS: dict[type[Mismatch], tuple[tuple[str, str], ...]] = {
    BodyTypeMismatch: (("expectedBody", "expected_body"), ("actualBody", "actual_body")),
    UndecidedMismatch: (("part", "part"),),
}
_NO_TEXT = {
    "BodyMismatch": "ERROR: could not convert from bytes",
    "BodyTypeMismatch": "ERROR: could not convert to UTF-8 from bytes",
}


def difference(mismatch: Mismatch, rule: Json = None) -> Difference:
    """Make a mismatch a value of texts, with the rules that decided where they are known."""
    kind = type(mismatch)
    place = _PLACES.get(kind)
    details = _DETAILS.get(kind, ())
    skipped = _alike(mismatch.expected, mismatch.actual)
    return Difference(
        mismatch.type,
        None if place is None else (place, cut(getattr(mismatch, place))),
        _shown(mismatch, mismatch.expected, skipped),
        _shown(mismatch, mismatch.actual, skipped),
        cut(mismatch.mismatch),
        rule,
        tuple((name, _shown(mismatch, getattr(mismatch, member))) for name, member in details) if details else (),
    )


def _alike(expected: object, actual: object) -> int:
    """Return how much of two long texts is not shown, as it is alike and what differs would be cut off behind it."""
    if not isinstance(expected, bytes) or not isinstance(actual, bytes) or max(len(expected), len(actual)) <= VALUE:
        return 0
    start = shared_beginning(expected, actual) - _SHOWN_BEFORE
    if start < VALUE // 2:
        return 0
    while expected[start] & 0xC0 == 0x80:  # within a character
        start -= 1
    return start


_SHOWN_BEFORE = 100
"""How many bytes of what is alike are shown before the first difference."""


def _shown(mismatch: Mismatch, value: Any, skipped: int = 0) -> Any:
    if isinstance(value, str):
        return cut(value)
    if not isinstance(value, bytes):
        return value
    shown = cut_content(value, _NO_TEXT[mismatch.type])
    if not skipped or shown == _NO_TEXT[mismatch.type]:
        return shown
    return f"… ({skipped:,} bytes alike) {cut_content(value[skipped:], _NO_TEXT[mismatch.type], VALUE - _MARK)}"


_MARK = 40


_MATCHED = {name: PartFinding(name) for name in ("method", "path", "query", "headers", "body")}
_FEW = 3
_MEMBERS = 120
"""What the names of the members of a mismatch take as JSON."""


def _most(difference: Difference) -> int:
    """Return what a mismatch takes at the very most, which is told sooner; it matters little where there are few."""
    texts = (difference.expected, difference.actual, difference.mismatch, *(difference.place or ()))
    length = 0
    for text in texts:
        if isinstance(text, str):
            length += len(text)
    if difference.details or length > _SHORT:
        return size_of(difference)
    return LONGEST_ESCAPE * length + (0 if difference.rule is None else _RULE + 2 * VALUE) + _MEMBERS


_SHORT = 500


def size_of(difference: Difference) -> int:
    """Return what a mismatch takes as JSON, roughly."""
    texts = [difference.place, difference.expected, difference.actual, difference.mismatch, difference.details]
    return size(texts) + size(difference.rule) + _MEMBERS


def deciding_rules(expectation: Expectation, mismatch: Mismatch) -> RuleList | None:
    """Return the rules that decided on a mismatch; None where equality did."""
    if isinstance(mismatch, PathMismatch):
        return expectation.path_rules
    place: Place | None = None
    if isinstance(mismatch, HeaderMismatch):
        place = expectation.header_rules.field(mismatch.key.lower())
    elif isinstance(mismatch, QueryMismatch):
        place = expectation.query_rules.field(mismatch.parameter)
    elif isinstance(mismatch, BodyMismatch) and expectation.body_rules is not NO_RULES:
        place = _walk(expectation.body_rules, mismatch.path)
    return place.rules if place else None


def _walk(place: Place, path: str) -> Place | None:
    try:
        tokens = path_expression.parse(path).tokens
    except InvalidRule:
        return None  # some paths of mismatches are no expressions: `/` for a whole body, `$.$.a` for a form
    for token in tokens:
        if isinstance(token, Wildcard):
            return None
        place = place.index(token) if isinstance(token, int) else place.field(token)
    return place
