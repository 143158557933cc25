"""Definition expressions are read as the reference implementation reads them (reference/matching.md §9)."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.authoring.definition import is_definition, parse_definition
from pactmock.authoring.expression import Definition, ValueType
from pactmock.authoring.references import Reference, resolve
from pactmock.authoring.tokens import read
from pactmock.errors import InvalidRule
from pactmock.pact.matching_rules import EachValue, Type, core_rules

U, S, N = ValueType.UNKNOWN, ValueType.STRING, ValueType.NUMBER
J, D, B = ValueType.INTEGER, ValueType.DECIMAL, ValueType.BOOLEAN


def rules_of(definition: Definition) -> list[Any]:
    return [{"$": rule.name} if isinstance(rule, Reference) else rule.to_json() for rule in definition.rules]


def state(expression: str, data_type: str) -> dict[str, Any]:
    return {"type": "ProviderState", "expression": expression, "dataType": data_type}


TYPE = {"match": "type"}
SINGLE = [
    ("matching(equalTo, 'a b')", [{"match": "equality"}], "a b", S, None),
    ("matching(type,'Name')", [TYPE], "Name", S, None),
    ("matching(type, -2.50)", [TYPE], "-2.50", D, None),
    ("matching(type, 007)", [TYPE], "007", J, None),
    ("matching(type, true)", [TYPE], "true", B, None),
    ("matching(type, null)", [TYPE], "", S, None),
    ("matching(type, fromProviderState('exp', 3))", [TYPE], "3", J, state("exp", "INTEGER")),
    ("matching(type, fromProviderState('exp', null))", [TYPE], "", S, state("exp", "STRING")),
    ("matching(number,100)", [{"match": "number"}], "100", N, None),
    ("matching(number,1.5)", [{"match": "number"}], "1.5", N, None),
    ("matching(number, fromProviderState('e', 'x'))", [{"match": "number"}], "x", S, state("e", "STRING")),
    ("matching(integer,-100)", [{"match": "integer"}], "-100", J, None),
    ("matching(decimal,100)", [{"match": "decimal"}], "100", D, None),
    (
        "matching(datetime, 'yyyy-MM-dd', '2000-01-01')",
        [{"match": "datetime", "format": "yyyy-MM-dd"}],
        "2000-01-01",
        S,
        {"type": "DateTime", "format": "yyyy-MM-dd"},
    ),
    (
        "matching(date, 'yyyy', '2000')",
        [{"match": "date", "format": "yyyy"}],
        "2000",
        S,
        {"type": "Date", "format": "yyyy"},
    ),
    ("matching(time, 'HH', '12')", [{"match": "time", "format": "HH"}], "12", S, {"type": "Time", "format": "HH"}),
    (
        "matching(date, 'yyyy', fromProviderState('e', 1))",
        [{"match": "date", "format": "yyyy"}],
        "1",
        J,
        state("e", "INTEGER"),
    ),
    (r"matching(regex, '\w{3}\d+', 'abc123')", [{"match": "regex", "regex": r"\w{3}\d+"}], "abc123", S, None),
    (
        "matching(regex, 'x', fromProviderState('e', true))",
        [{"match": "regex", "regex": "x"}],
        "true",
        B,
        state("e", "BOOLEAN"),
    ),
    ("matching(include, 'test')", [{"match": "include", "value": "test"}], "test", S, None),
    ("matching(boolean, false)", [{"match": "boolean"}], "false", B, None),
    ("matching(semver, '1.0.0-a+b')", [{"match": "semver"}], "1.0.0-a+b", S, None),
    (
        "matching(contentType, 'application/xml', '<a/>')",
        [{"match": "contentType", "value": "application/xml"}],
        "<a/>",
        U,
        None,
    ),
    ("matching(card, '4111')", [{"match": "card"}], "4111", S, None),
    ("matching(card, 'visa', '4111')", [{"match": "card", "value": "visa"}], "4111", S, None),
    ("matching(card, 1.5, null)", [{"match": "card", "value": 1.5}], "", S, None),
    ("matching(card, true, 2)", [{"match": "card", "value": True}], "2", J, None),
    ("matching($'ref')", [{"$": "ref"}], "ref", U, None),
    ("notEmpty('Name')", [{"match": "notEmpty"}], "Name", S, None),
    ("notEmpty(fromProviderState('e', 1.5))", [{"match": "notEmpty"}], "1.5", D, state("e", "DECIMAL")),
    ("atLeast(2)", [{"match": "type", "min": 2}], "", U, None),
    ("atMost(18446744073709551615)", [{"match": "type", "max": 2**64 - 1}], "", U, None),
    ("eachKey(matching(type, 'a'))", [{"match": "eachKey", "rules": [TYPE], "value": "a"}], "", U, None),
    (
        "eachValue(matching(type, fromProviderState('e', 1)))",
        [{"match": "eachValue", "rules": [TYPE], "value": "1", "generator": state("e", "INTEGER")}],
        "",
        U,
        None,
    ),
    (
        "eachKey(eachValue(atLeast(1)))",
        [{"match": "eachKey", "rules": [{"match": "eachValue", "rules": [{"match": "type", "min": 1}]}]}],
        "",
        U,
        None,
    ),
]


@pytest.mark.parametrize(("text", "rules", "value", "value_type", "generator"), SINGLE)
def test_an_expression_has_these_rules_this_example_and_this_generator(
    text: str, rules: list[Any], value: str, value_type: ValueType, generator: Any
) -> None:
    found = parse_definition(text)
    assert rules_of(found) == rules
    assert (found.value, found.value_type) == (value, value_type)
    assert (found.generator and found.generator.to_json()) == generator
    assert found.expression == text


def variant(index: int, rule: Any, **more: Any) -> dict[str, Any]:
    return {"index": index, "rules": {"$": {"combine": "AND", "matchers": [rule]}}, **more}


def test_array_contains_has_a_variant_for_each_rule_and_the_references_after_them() -> None:
    text = "arrayContains(matching($'a'), matching(date, 'yyyy', '2000'), matching($'c'), atLeast(1))"
    found = parse_definition(text)
    date = {"match": "date", "format": "yyyy"}
    variants = [
        variant(1, date, generators={"$": {"type": "Date", "format": "yyyy"}}),
        variant(3, {"match": "type", "min": 1}),
    ]
    assert rules_of(found) == [{"match": "arrayContains", "variants": variants}, {"$": "a"}, {"$": "c"}]
    assert (found.value, found.value_type, found.generator) == ("a", U, None)


def test_expressions_joined_by_commas_add_their_rules_and_fill_what_the_first_ones_left_open() -> None:
    found = parse_definition("atLeast(1), matching(type, 'a'), matching(date, 'yyyy', '2000'), notEmpty('')")
    assert [rule.match for rule in found.rules] == ["type", "type", "date", "notEmpty"]
    assert (found.value, found.value_type) == ("a", S)
    assert found.generator is not None
    assert found.generator.type == "Date"


MERGED = {
    S: (S, S, S, S, S, S),
    N: (S, N, J, D, N, N),
    J: (S, J, J, D, J, J),
    D: (S, D, D, D, D, D),
    B: (S, N, J, D, B, B),
    U: (S, N, J, D, B, U),
}


@pytest.mark.parametrize(("left", "column"), list(product(MERGED, range(6))))
def test_of_two_types_the_table_of_the_reference_says_which_stays(left: ValueType, column: int) -> None:
    assert left.merged((S, N, J, D, B, U)[column]) is MERGED[left][column]


EXAMPLES = [
    ("matching(number, 5)", 5),
    ("matching(number, 5.0)", 5.0),
    ("matching(decimal, 5)", 5.0),
    ("matching(integer, -007)", -7),
    ("matching(boolean, true)", True),
    ("matching(type, 'x')", "x"),
    ("matching(type, null)", ""),
    ("matching(contentType, 'text/plain', 'x')", "x"),
    ("matching(contentType, 'text/plain', 'x'), matching(type, 1)", "x"),
]


@pytest.mark.parametrize(("text", "example"), EXAMPLES)
def test_an_example_is_a_json_value_of_its_type(text: str, example: Any) -> None:
    found = parse_definition(text)
    assert found.has_example
    assert (type(found.example), found.example) == (type(example), example)


@pytest.mark.parametrize(
    "text", ["atLeast(1)", "eachKey(notEmpty('a'))", "matching($'a')", "arrayContains(notEmpty(1))"]
)
def test_sizes_collections_and_references_have_no_example(text: str) -> None:
    assert not parse_definition(text).has_example


ESCAPES = [
    (r"a\nb\t\r\b\f", "a\nb\t\r\b\f"),
    (r"\\d", r"\d"),
    (r"\d\.", r"\d\."),
    (r"\u00e9\u{1F600}", "é😀"),
    (r"\u{110000}\ud800", "\N{REPLACEMENT CHARACTER}" * 2),
    ("a\nb", "a\nb"),
]


@pytest.mark.parametrize(("written", "meant"), ESCAPES)
def test_escapes_are_decoded_where_a_text_is_needed_and_left_alone_in_examples(written: str, meant: str) -> None:
    assert parse_definition(f"matching(include, '{written}')").value == meant
    assert parse_definition(f"matching(type, '{written}')").value == written


def test_row_50_a_decimal_from_a_provider_state_is_a_decimal_and_not_just_a_number() -> None:
    found = parse_definition("matching(decimal, fromProviderState('price', 1.5))")
    assert rules_of(found) == [{"match": "decimal"}]
    assert found.generator is not None
    assert found.generator.to_json() == state("price", "DECIMAL")


@pytest.mark.parametrize("rule", ["type", "include", "equalTo"])
def test_row_51_an_escaped_quote_in_a_text_is_a_quote(rule: str) -> None:
    assert parse_definition(rf"matching({rule}, 'it\'s \'so\'')").value == "it's 'so'"


def test_row_51_a_carriage_return_is_white_space() -> None:
    text = "matching(\r\n  type,\r\n  'a'\r\n)\r\n"
    assert is_definition(f"\r{text}")
    assert parse_definition(text).value == "a"


def test_a_text_can_end_in_a_backslash_as_long_as_that_gives_it_an_end() -> None:
    assert parse_definition("matching(type, 'C:\\')").value == "C:\\"
    assert rules_of(parse_definition(r"matching(regex, '\\', '\')")) == [{"match": "regex", "regex": "\\"}]


PLACES = [
    ("matching type", "Error: Expected an opening bracket, got 'type'", 10),
    ("matching(type 'a')", "Error: Expected a comma, got ''a''", 15),
    ("matching('type','a')", "Error: Expected the type of matcher, got ''type''", 10),
    ("matching(null, 'a')", "Error: Expected the type of matcher, got 'null'", 10),
    ("matching(type,abc)", "Error: Expected a primitive value, got 'abc'", 15),
    ("matching(type,99999999999999999999)", "Error: Expected a primitive value, got '99999999999999999999'", 15),
    ("matching(type,'a'", "Error: Expected ')', got the end of the expression", 18),
    ("matching(type, 'a", "Error: Expected a primitive value, got ''a'", 16),
    ("matching(number,'a')", "Error: Expected a number, got ''a''", 17),
    ("matching(integer,1.5)", "Error: Expected an integer, got '1.5'", 18),
    ("matching(decimal,true)", "Error: Expected a decimal number, got 'true'", 18),
    ("matching(boolean,1)", "Error: Expected a boolean, got '1'", 18),
    ("matching(include, fromProviderState('a','b'))", "Error: Expected a string value, got fromProviderState", 19),
    (
        "matching(type,fromProviderState('a',fromProviderState('b',1)))",
        "Error: Expected a primitive value, got 'fromProviderState'",
        37,
    ),
    (
        "matching(semver,'')",
        "Error: Expected a semver compatible string, got '' - empty string, expected a semver version",
        17,
    ),
    (r"matching(include,'\u12')", "Error: Invalid unicode character escape sequence", 18),
    (
        r"matching(include,'\uzzzz')",
        "Error: Invalid unicode character escape sequence: invalid digit found in string",
        18,
    ),
    (
        r"matching(include,'\u{}')",
        "Error: Invalid unicode character escape sequence: cannot parse integer from empty string",
        18,
    ),
    (
        r"matching(include,'\u{123456789}')",
        "Error: Invalid unicode character escape sequence: number too large to fit in target type",
        18,
    ),
    ("atLeast(-1)", "Error: Expected an unsigned number, got '-1'", 9),
    ("atMost 1", "Error: Expected an opening bracket, got '1'", 8),
    ("eachKey(notEmpty(1),notEmpty(2))", "Error: Expected a closing bracket, got ','", 20),
    ("eachValue", "Error: Expected an opening bracket, got the end of the expression", 10),
    ("arrayContains(notEmpty(1) notEmpty(2))", "Error: Expected a closing bracket or comma, got 'notEmpty'", 27),
    ("arrayContains()", "Error: Expected a type of matching rule definition, but got ')'", 15),
    ("notEmpty 'a'", "expected '(', got ''a''", 10),
    ("notEmpty('a' 'b'", "expected closing bracket, got ''b''", 14),
    ("notEmpty('a') x", "expected comma, got 'x'", 15),
    ("notEmpty('a')#", "expected not more tokens, got '#' with '' remaining", 14),
    ("notEmpty('a'),", "Error: Expected a type of matching rule definition but got the end of the expression", 15),
    ("foo(1)", "Error: Expected a type of matching rule definition, but got 'foo'", 1),
]


@pytest.mark.parametrize(("text", "headline", "column"), PLACES)
def test_an_error_has_the_reference_s_headline_and_the_column(text: str, headline: str, column: int) -> None:
    with pytest.raises(InvalidRule) as caught:
        parse_definition(text)
    first, second = caught.value.message.split("\n")
    assert first == headline
    assert second.startswith(f"at column {column} of {text}")


def test_an_empty_text_is_said_to_be_one() -> None:
    with pytest.raises(InvalidRule, match="but got an empty string"):
        parse_definition("")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("matching some words", True),
        (" notEmpty", True),
        ("atLeast1", True),
        ("matchingtype", False),
        ("type", False),
        ("'matching'", False),
        ("", False),
        ("é", False),
    ],
)
def test_a_text_means_to_be_a_definition_when_its_first_word_is_a_keyword(text: str, is_one: bool) -> None:
    assert is_definition(text) is is_one


def test_references_become_type_rules_where_the_member_is_there() -> None:
    (rule,) = parse_definition("eachValue(matching($'person'))").rules
    assert resolve(rule, {"person"}) == EachValue((Type(),))
    with pytest.raises(InvalidRule, match="'person' was not found"):
        resolve(rule, {"people"})
    with pytest.raises(InvalidRule, match="'person' was not found"):
        rule.to_json()


def test_expressions_inside_each_other_have_a_limit() -> None:
    assert parse_definition("eachValue(" * 63 + "notEmpty(1)" + ")" * 63).rules
    with pytest.raises(InvalidRule, match="more than 64 levels deep"):
        parse_definition("eachValue(" * 100_000)


WORDS = ["matching", "notEmpty", "eachKey", "arrayContains", "atLeast", "(", ")", ",", "$", "type", "number", "date"]
WORDS += ["fromProviderState", "'a'", "'", "\\", "1", "-2.5", "true", "null", " ", "\r", "#", "9" * 5000, r"'\u{D800}'"]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=14).map("".join)))
def test_any_text_is_a_definition_or_an_invalid_rule(text: str) -> None:
    try:
        found = parse_definition(text)
    except InvalidRule:
        return
    assert is_definition(text)
    assert found.rules
    assert isinstance(found.example, str | int | float | bool)


literals = st.one_of(
    st.text(st.characters(exclude_characters="'\\"), max_size=8).map(lambda text: (f"'{text}'", text)),
    st.integers(-(2**63), 2**64 - 1).map(lambda number: (str(number), number)),
    st.booleans().map(lambda flag: (str(flag).lower(), flag)),
)


@given(literals, st.sampled_from(["", " ", "\n", "\r\n\t"]))
def test_a_literal_comes_back_as_the_example(literal: tuple[str, Any], space: str) -> None:
    written, meant = literal
    found = parse_definition(f"matching{space}({space}type{space},{space}{written}{space}){space}")
    assert (type(found.example), found.example) == (type(meant), meant)


NAMES = [rule.definition for rule in core_rules() if rule.definition]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("behind", ["", "1", "true", "'a'", "'a', 1", "'a', 'b'", "'a', 'b', 'c'"])
def test_what_stands_behind_the_name_of_a_rule_is_read_or_refused(name: str, behind: str) -> None:
    found = None
    with suppress(InvalidRule):
        found = parse_definition(f"matching({name}, {behind})")
    assert found is None or found.rules


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_a_name_here_that_can_be_read(name: str) -> None:
    assert read(name, 0)[0].text == name
