"""Which rules hold at a place: the heaviest expression that covers it, cascading down (reference/matching.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching.compiling import check_rules, compile_category, compile_entries
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.pact import matching_rules, path_expression
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.path_expression import Wildcard
from tests.pacts import rules


def _root(**paths: Any) -> Place:
    return compile_category(rule_categories.from_json(rules(**paths)), "body")


def _walk(place: Place, *steps: str | int) -> Place:
    for step in steps:
        place = place.field(step) if isinstance(step, str) else place.index(step)
    return place


def _included(place: Place) -> str | None:
    """The text of the include rule that holds at a place, by which these tests tell rules apart."""
    if place.rules is None:
        return None
    rule = place.rules.rules[0].rule
    assert isinstance(rule, matching_rules.Include)
    return rule.value


def _named(*expressions: str) -> Place:
    return _root(**{text: {"match": "include", "value": text} for text in expressions})


@pytest.mark.parametrize(
    ("expressions", "steps", "best"),
    [
        (["$.a"], ["a"], "$.a"),
        (["$.a"], ["b"], None),
        (["$.a"], [], None),
        (["$.a"], ["a", "b", 0], "$.a"),
        (["$.a", "$.a.b"], ["a", "b"], "$.a.b"),
        (["$.a", "$.a.*"], ["a", "b"], "$.a.*"),
        (["$.*", "$.a"], ["a"], "$.a"),
        (["$.*.b", "$.a"], ["a", "b"], "$.*.b"),
        (["$.*.*", "$.a"], ["a", "b"], "$.a"),
        (["$[*].*"], [3, "x"], "$[*].*"),
        (["$[*]"], ["x"], None),
        (["$.*"], [0], "$.*"),
        (["$.a[0]", "$.a[*]"], ["a", 0], "$.a[0]"),
        (["$.a[0]", "$.a[*]"], ["a", 1], "$.a[*]"),
        (["", "$.a"], ["b"], ""),
        (["", "$.a"], ["a"], "$.a"),
        (["$.a.*", "$.*.a"], ["a", "a"], "$.a.*"),
        (["$.*.a", "$.a.*"], ["a", "a"], "$.a.*"),
    ],
)
def test_the_best_expression_for_a_path_is_chosen(expressions: list[str], steps: list[Any], best: str | None) -> None:
    """The reference leaves ties to chance (row 7): here the expression that is literal earlier wins."""
    assert _included(_walk(_named(*expressions), *steps)) == best


def test_rules_of_a_parent_are_cascaded_and_own_rules_are_not() -> None:
    root = _named("$.a")
    assert not root.field("a").cascaded
    assert root.field("a").field("b").cascaded
    assert root.field("a").field("b").index(7).cascaded


def test_keys_of_digits_are_indexes() -> None:
    """Row 40: `007` is the index 7, which the expression `$['007']` never meets."""
    assert _included(_named("$['7']").field("007")) == "$['7']"
    assert _included(_named("$[7]").field("007")) == "$[7]"
    assert _included(_named("$['007']").field("007")) is None


def test_a_category_without_rules_is_one_place_for_everything() -> None:
    assert compile_category({}, "body") is NO_RULES
    assert NO_RULES.field("a").index(3) is NO_RULES


def test_walking_far_below_the_rules_makes_no_new_places() -> None:
    settled = _walk(_named("$.a", "$.a.b"), "a", "b", "c")
    assert _walk(settled, "d", 5, "e") is settled


@pytest.mark.parametrize("step", ["a", "7"])
def test_a_long_expression_is_walked_in_as_many_steps_as_it_has(step: str) -> None:
    """Each step doubled what the next one had to look at: twenty took a second, and thirty would have taken an hour."""
    text = "$" + f"['{step}']" * 200
    assert _included(_walk(_named(text), *[step] * 200)) == text


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (
            {"match": "regex", "regex": "(a"},
            "'(a' is not a valid regular expression - end pattern with unmatched parenthesis",
        ),
        ({"match": "date", "format": "yyyy-MM-ddTHH"}, "Parsing datetime pattern 'yyyy-MM-ddTHH'"),
        ({"match": "eachValue", "rules": [{"match": "regex", "regex": "["}]}, "'[' is not a valid regular expression"),
    ],
)
@pytest.mark.parametrize("compile_or_check", [compile_entries, check_rules])
def test_a_rule_that_cannot_be_compiled_is_pointed_at(
    rule: dict[str, Any], reason: str, compile_or_check: Callable[[Iterable[RuleEntry]], object]
) -> None:
    categories = rule_categories.from_json(rules(**{"$.a": [{"match": "type"}, rule]}))
    with pytest.raises(InvalidRule) as caught:
        compile_or_check(categories["body"])
    assert reason in caught.value.message
    assert caught.value.pointer == "/body/$.a/matchers/1"


steps = st.lists(st.sampled_from(["a", "b", 0, 1, Wildcard.ANY, Wildcard.ANY_INDEX]), min_size=1, max_size=4)
paths = st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=5)


@given(st.lists(steps, min_size=1, max_size=5), paths)
def test_the_state_machine_chooses_as_weighing_every_expression_does(expressions: list[Any], path: list[Any]) -> None:
    """The definition of §2.3, written down naively, is the oracle."""
    texts = {path_expression.of_tokens(tuple(tokens)).text: tokens for tokens in expressions}

    def weight(tokens: list[Any]) -> int:
        if len(tokens) > len(path):
            return 0
        total = 2
        for token, part in zip(tokens, path, strict=False):
            if token is Wildcard.ANY or (token is Wildcard.ANY_INDEX and isinstance(part, int)):
                continue
            total *= 2 if token == part and type(token) is type(part) else 0
        return total * (len(tokens) + 1)

    heaviest = max(map(weight, texts.values()))
    chosen = _included(_walk(_named(*texts), *path))
    assert (weight(texts[chosen]) if chosen is not None else 0) == heaviest
