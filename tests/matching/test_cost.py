"""What the patterns of a pact may take to be compiled."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.errors import InvalidRule
from pactmock.matching import cost
from pactmock.matching.book import Book
from pactmock.pact.documents import reading
from tests.pacts import interaction, pact, rules


def _book(*rule_lists: dict[str, Any]) -> Book:
    items = [interaction(f"{i}", {"body": {"a": "b"}, "matchingRules": found}) for i, found in enumerate(rule_lists)]
    return Book(reading.read_pact(pact(*items)).http_interactions)


def _regex(text: str) -> dict[str, Any]:
    return {"match": "regex", "regex": text}


def test_many_patterns_that_repeat_much_are_refused_with_the_place_of_the_first_too_many() -> None:
    with pytest.raises(InvalidRule, match="The repeats of all patterns of this pact make") as caught:
        _book(*(rules(**{"$.a": _regex(f"b{{{40_000 + i}}}")}) for i in range(6)))
    assert caught.value.pointer == "/interactions/5/request/matchingRules/body/$.a/matchers/0"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rule: {"match": "eachKey", "rules": [rule]},
        lambda rule: {"match": "eachValue", "rules": [rule]},
        lambda rule: {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$": {"matchers": [rule]}}}]},
    ],
    ids=["eachKey", "eachValue", "arrayContains"],
)
def test_patterns_inside_other_rules_count(monkeypatch: pytest.MonkeyPatch, wrap: Any) -> None:
    monkeypatch.setattr(cost, "MOST_REPEATED_IN_A_PACT", 100)
    with pytest.raises(InvalidRule):
        _book(rules(**{"$": wrap(_regex("b{200}"))}))


def test_a_pattern_counts_once_and_what_is_written_out_counts_not_at_all() -> None:
    same = rules(**{"$.a": _regex("b{40000}")})
    _book(*[same] * 10, *(rules(**{"$.a": _regex("b" * 3000 + str(i))}) for i in range(100)))
