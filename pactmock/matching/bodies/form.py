"""Form bodies, `application/x-www-form-urlencoded`, compared as queries are (reference/matching.md §4.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from pactmock.matching import budget
from pactmock.matching.mismatch import BodyMismatch, QueryMismatch, UndecidedMismatch
from pactmock.matching.parts import query
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES
from pactmock.matching.values.location import render
from pactmock.pact.parts.query_string import Query, parse


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected form, which is parsed once.

    More and fewer parameters are mismatches in both directions, also in responses (§11 row 29).
    """
    wanted = query.ExpectedQuery(_parse(expected.content), expected.rules, lambda name: render((None, name)))

    def check(actual: Part) -> BodyMismatches:
        if expected.rules is NO_RULES and actual.content == expected.content:
            return ()
        given = budget.current()
        given.check_parsed(len(actual.content))
        found = wanted.compare(_parse(actual.content, given.spend))
        differing = sorted(name for name, items in found.items() if items)
        encode = lru_cache(maxsize=16)(str.encode)  # a list stands in the mismatch of each of its values
        return [_as_body_mismatch(item, encode) for name in differing for item in found[name]]

    return check


def _parse(content: bytes, watch: Callable[[int], None] | None = None) -> Query:
    return parse(content.decode(errors="replace"), watch) or {}


def _as_body_mismatch(
    item: QueryMismatch | UndecidedMismatch, encode: Callable[[str], bytes]
) -> BodyMismatch | UndecidedMismatch:
    text = item.mismatch.replace("query parameter", "form post parameter")
    if isinstance(item, UndecidedMismatch):
        return replace(item, mismatch=text, part="body")
    return BodyMismatch(f"$.{item.parameter}", encode(item.expected), encode(item.actual), text)
