"""Form bodies, `application/x-www-form-urlencoded`, compared as queries are (reference/matching.md §4.6)."""

from __future__ import annotations

from pactmock.matching import query
from pactmock.matching.location import render
from pactmock.matching.mismatch import BodyMismatch, QueryMismatch
from pactmock.matching.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.pact.query_string import Query, parse


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected form, which is parsed once.

    More and fewer parameters are mismatches in both directions, also in responses (§11 row 29).
    """
    parameters = _parse(expected.content)

    def check(actual: Part) -> BodyMismatches:
        found = query.compare(parameters, _parse(actual.content), expected.rules, _expression)
        return [_as_body_mismatch(item) for name in sorted(found) for item in found[name]]

    return check


def _expression(name: str) -> str:
    return render((None, name))


def _parse(content: bytes) -> Query:
    parsed = parse(content.decode(errors="replace")) or {}
    return {name: tuple(value or "" for value in values) for name, values in parsed.items()}


def _as_body_mismatch(item: QueryMismatch) -> BodyMismatch:
    text = item.mismatch.replace("query parameter", "form post parameter")
    return BodyMismatch(f"$.{item.parameter}", item.expected.encode(), item.actual.encode(), text)
