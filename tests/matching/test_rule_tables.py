"""Every rule decides on every kind of value, whether a table knows it or not, and is what its class says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching.bodies import binary, json
from pactmock.matching.compiling import check_rules, compile_entries, compile_rule
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.matching.values import elements, status
from pactmock.matching.values.elements import Element
from pactmock.pact.matching_rules import MatchingRule, RuleEntry, core_rules, create_rule
from pactmock.pact.parts import body
from pactmock.pact.parts import content_type as types
from pactmock.pact.path_expression import ROOT
from pactmock.pact.value import value
from tests.plugins.protocol_values import json_values, rules_by_kind, scalars, texts


@value
class MadeUp(MatchingRule):
    """A rule that no table has heard of."""

    match = "madeUp"


def _entry(rule: MatchingRule) -> RuleEntry:
    return RuleEntry(ROOT, (rule,))


def _text(rule: MatchingRule) -> list[str | None]:
    return [compile_rule(rule).string("a", "b", False)]


def _json(expected: Any, actual: Any) -> Callable[[MatchingRule], list[str]]:
    def compare(rule: MatchingRule) -> list[str]:
        found = json.compare(expected, actual, compile_entries((_entry(rule),)), strict=True)
        return [item.mismatch for item in found]

    return compare


def _element(rule: MatchingRule) -> list[str | None]:
    return [elements.element_problem(rule, Element("a", {}, (), "", 0), Element("b", {}, (), "", 0), False)]


def _status(rule: MatchingRule) -> list[str]:
    return [item.mismatch for item in status.compare(200, 404, _entry(rule))]


def _bytes(rule: MatchingRule) -> list[str]:
    expected, actual = (body.present(content, types.UNKNOWN) for content in (b"\0", b"\1"))
    check = binary.compile_body(ExpectedPart(expected, types.UNKNOWN, rules=compile_entries((_entry(rule),))))
    return [item.mismatch for item in check(Part(actual, types.UNKNOWN))]


KINDS: dict[str, tuple[Callable[[MatchingRule], Any], list[str]]] = {
    "a text": (_text, ["Unable to match 'b' using MadeUp"]),
    "a JSON text": (_json("a", "b"), ["Unable to match 'b' using MadeUp"]),
    "a JSON number": (_json(1, 2), ["Unable to match Number(2) using MadeUp"]),
    "a list, whose items it is about": (_json(["a"], ["b"]), ["Unable to match 'b' using MadeUp"]),
    "an object": (
        _json({"b": 1}, {"b": 1}),
        ['Unable to match {"b": Number(1)} using MadeUp', "Unable to match Number(1) using MadeUp"],
    ),
    "an element": (
        _element,
        ['Unable to match Element { name: QName { namespace_uri: None, local_part: "b" } } using MadeUp'],
    ),
    "a status": (_status, ["Unable to match 404 using MadeUp"]),
    "bytes": (_bytes, ["Unable to match '[1]...' (1 bytes) using MadeUp"]),
}


@pytest.mark.parametrize(("decide", "problems"), KINDS.values(), ids=KINDS)
def test_a_rule_that_a_table_leaves_out_lets_nothing_pass(decide: Any, problems: list[str]) -> None:
    assert decide(MadeUp()) == problems


@pytest.mark.parametrize("kind", rules_by_kind, ids=lambda kind: kind.__name__)
@given(drawn=st.data())
def test_every_rule_decides_on_every_kind_of_value(kind: type[MatchingRule], drawn: st.DataObject) -> None:
    rule = drawn.draw(rules_by_kind[kind])
    try:
        check_rules((_entry(rule),))
    except InvalidRule:
        return
    for decide, _ in KINDS.values():
        assert all(problem is None or isinstance(problem, str) for problem in decide(rule))


EVERY_RULE = pytest.mark.parametrize("kind", core_rules(), ids=lambda kind: kind.__name__)


@EVERY_RULE
@given(drawn=st.data(), examples=st.tuples(scalars | texts, scalars | texts), actual=json_values)
def test_a_rule_that_does_not_see_the_example_says_the_same_beside_any(
    kind: type[MatchingRule], drawn: st.DataObject, examples: tuple[Any, Any], actual: Any
) -> None:
    rule = drawn.draw(rules_by_kind[kind])
    if kind.sees_example:
        return
    try:
        check = compile_rule(rule).scalar
    except InvalidRule:
        return
    assert check(examples[0], actual, False) == check(examples[1], actual, False)


@EVERY_RULE
@given(drawn=st.data(), example=scalars | texts, actual=json_values)
def test_where_only_the_type_counts_just_the_values_of_these_types_pass(
    kind: type[MatchingRule], drawn: st.DataObject, example: Any, actual: Any
) -> None:
    rule = drawn.draw(rules_by_kind[kind])
    passing = rule.types_like(type(example))
    if passing:
        assert (compile_rule(rule).scalar(example, actual, False) is None) == (type(actual) in passing)


@EVERY_RULE
def test_a_rule_that_can_be_refused_says_so(kind: type[MatchingRule]) -> None:
    texts_in = {item.name: "[(" for item in fields(kind) if item.type == "str"}
    if not texts_in:
        return
    rule = kind(**texts_in)
    try:
        compile_rule(rule)
    except InvalidRule:
        assert rule.may_be_refused


def test_each_name_means_one_rule_and_each_key_too() -> None:
    names = Counter(name for rule in core_rules() for name in rule.names)
    keys = Counter(rule.key for rule in core_rules())
    definitions = Counter(rule.definition for rule in core_rules() if rule.definition)
    assert {*names.values(), *keys.values(), *definitions.values()} == {1}


@EVERY_RULE
@given(drawn=st.data())
def test_a_rule_is_read_back_as_it_was_written(kind: type[MatchingRule], drawn: st.DataObject) -> None:
    rule = drawn.draw(rules_by_kind[kind])
    written = rule.to_json()
    assert create_rule(str(written.pop("match")), written) == rule


@EVERY_RULE
@given(drawn=st.data())
def test_the_rules_inside_a_rule_can_be_changed(kind: type[MatchingRule], drawn: st.DataObject) -> None:
    rule = drawn.draw(rules_by_kind[kind])
    changed = rule.with_inner(lambda _inner, _path: MadeUp(), ROOT)
    assert list(changed.inner) == [MadeUp() for _ in rule.inner]
    assert replace(changed) == changed
