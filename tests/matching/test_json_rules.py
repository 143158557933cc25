"""What the matching rules decide on JSON values, with the reference's texts (reference/matching.md §3.2 to §3.6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.bodies.json import compare
from pactmock.matching.compiling import compile_category
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.pact.json.values import equal
from pactmock.pact.matching_rules import categories as rule_categories
from tests.json_documents import documents
from tests.pacts import rules


def _root(**paths: Any) -> Place:
    return compile_category(rule_categories.from_json(rules(**paths)), "body")


def _texts(expected: Any, actual: Any, rule: Any = None, *, path: str = "$.a", strict: bool = True) -> list[str]:
    """Compare `{"a": …}` under a rule at `$.a`; return the texts."""
    root = NO_RULES if rule is None else _root(**{path: rule})
    return [item.mismatch for item in compare({"a": expected}, {"a": actual}, root, strict=strict)]


EQUAL = [
    (1, 1.0, "Expected 1.0 (Decimal) to be equal to 1 (Integer)"),
    (1, True, "Expected true (Boolean) to be equal to 1 (Integer)"),
    ("1", 1, "Expected 1 (Integer) to be equal to '1' (String)"),
    (None, "x", "Expected 'x' (String) to be equal to null (Null)"),
    (1, {"b": [1]}, 'Expected {"b":[1]} (Object) to be equal to 1 (Integer)'),
    ({"b": 1}, 5, 'Type mismatch: Expected 5 (Integer) to be the same type as {"b":1} (Object)'),
    ([1], "x", "Type mismatch: Expected 'x' (String) to be the same type as [1] (Array)"),
]


@pytest.mark.parametrize(("expected", "actual", "text"), EQUAL)
def test_values_without_a_rule_must_be_equal(expected: Any, actual: Any, text: str) -> None:
    assert _texts(expected, actual) == [text]


REFUSED: list[tuple[Any, Any, Any, str]] = [
    ({"match": "equality"}, 1, 2, "Expected 2 (Integer) to be equal to 1 (Integer)"),
    ({"match": "regex", "regex": r"\d+"}, "1", "a1", r"Expected 'a1' to match '\d+'"),
    ({"match": "regex", "regex": r"\d+"}, "1", None, r"Expected '' to match '\d+'"),
    ({"match": "include", "value": "b"}, "abc", "xyz", "Expected 'xyz' to include 'b'"),
    ({"match": "type"}, "a", 1, "Expected 1 (Integer) to be the same type as 'a' (String)"),
    ({"match": "type"}, 1, None, "Expected null (Null) to be the same type as 1 (Integer)"),
    ({"match": "null"}, None, 1, "Expected 1 (Integer) to be a null value"),
    ({"match": "integer"}, 1, 1.0, "Expected 1.0 (Decimal) to be an integer"),
    ({"match": "integer"}, 1, "1", "Expected '1' (String) to be an integer"),
    ({"match": "decimal"}, 1.0, 100, "Expected 100 (Integer) to be a decimal number"),
    ({"match": "number"}, 1, "1", "Expected '1' (String) to be a number"),
    ({"match": "number"}, 1, True, "Expected true (Boolean) to be a number"),
    ({"match": "boolean"}, True, "yes", "Expected 'yes' (String) to match a boolean"),
    (
        {"match": "date", "format": "yyyy-MM-dd"},
        "2000-01-01",
        "2000-13-01",
        """Expected '2000-13-01' to match a date pattern of 'yyyy-MM-dd': Error(InvalidMonth("13"))""",
    ),
    (
        {"match": "time"},
        "10:00:00",
        "25:00:00",
        """Expected '25:00:00' to match a time pattern of 'HH:mm:ss': Error(InvalidHour("25"))""",
    ),
    ({"match": "notEmpty"}, "a", "", "Expected '' (String) to not be empty"),
    ({"match": "notEmpty"}, "a", None, "Expected non-empty value but got a NULL"),
    (
        {"match": "semver"},
        "1.0.0",
        "1.0",
        "'1.0' is not a valid semantic version - unexpected end of input while parsing minor version number",
    ),
    (
        {"match": "semver"},
        "1.0.0",
        1,
        "Expected something that matches a semantic version, but got '1'",
    ),
    (
        {"match": "unheard-of"},
        "a",
        "b",
        "Could not apply the 'unheard-of' matching rule - No catalogue entry found for key 'unheard-of'",
    ),
    # lists
    ({"match": "type", "min": 2}, [1], [1], "Expected [1] (size 1) to have minimum size of 2"),
    ({"match": "type", "max": 1}, [1], [1, 2], "Expected [1, 2] (size 2) to have maximum size of 1"),
    ({"match": "type", "min": 1, "max": 2}, [1], [], "Expected [] (size 0) to have minimum size of 1"),
    ({"match": "equality"}, [1], [2], 'Expected ["2"] to be equal to ["1"]'),
    ({"match": "notEmpty"}, [1], [], "Expected [] (Array) to not be empty"),
    ({"match": "null"}, [1], [1], 'Unable to match ["1"] using Null'),
    ({"match": "statusCode", "status": "success"}, [1], [1], 'Unable to match ["1"] using StatusCode(Success)'),
    (
        {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$": {"matchers": [{"match": "integer"}]}}}]},
        [1],
        ["x", 1.5],
        "Variant at index 0 (1) was not found in the actual list",
    ),
    (
        {"match": "arrayContains", "variants": [{"rules": {}}, {"rules": {}}]},
        [1, 2],
        [2],
        "Variant at index 0 (1) was not found in the actual list",
    ),
    (
        {"match": "arrayContains", "variants": [{"index": 3, "rules": {}}]},
        [1],
        [1],
        "ArrayContains: variant 3 is missing from the expected list, which has 1 items",
    ),
    # objects
    (
        {"match": "type", "min": 2},
        {"b": 1},
        {"b": 1},
        'Expected {"b": Number(1)} (size 1) to have minimum size of 2',
    ),
    ({"match": "notEmpty"}, {"b": 1}, {}, "Expected {} (Map) to not be empty"),
    ({"match": "integer"}, {"b": 1}, {"b": 1}, 'Unable to match {"b": Number(1)} using Integer'),
    (
        {"match": "date", "format": "yyyy"},
        {"b": "2000"},
        {"b": "2000"},
        'Unable to match {"b": String("2000")} using Date("yyyy")',
    ),
    (
        {"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]+"}]},
        {"b": 1},
        {"B1": 1},
        "Expected 'B1' to match '[a-z]+'",
    ),
    (
        {"match": "eachValue", "rules": [{"match": "integer"}]},
        {"b": 1},
        {"x": "y"},
        "Expected 'y' (String) to be an integer",
    ),
    ({"match": "eachValue", "rules": [{"match": "integer"}]}, [1], ["y"], "Expected 'y' (String) to be an integer"),
    ({"match": "values"}, {"b": 1}, {"x": 2}, "Expected 2 (Integer) to be equal to 1 (Integer)"),
]


@pytest.mark.parametrize(("rule", "expected", "actual", "text"), REFUSED)
def test_a_rule_refuses_with_the_text_of_the_reference(rule: Any, expected: Any, actual: Any, text: str) -> None:
    assert text in _texts(expected, actual, rule)


ACCEPTED: list[tuple[Any, Any, Any]] = [
    ({"match": "regex", "regex": r"\d+"}, "1", 22),
    ({"match": "regex", "regex": "null"}, None, None),
    ({"match": "include", "value": "b"}, "abc", {"b": 1}),
    ({"match": "type"}, 1, 2.5),
    ({"match": "type"}, [1], []),
    ({"match": "type"}, [1], [5, 6, 7]),
    ({"match": "decimal"}, 1.5, 2.0),
    ({"match": "number"}, 1, 2.0),
    ({"match": "boolean"}, True, "false"),
    ({"match": "notEmpty"}, "a", 0),
    ({"match": "semver"}, "1.0.0", "1.2.3-alpha.1+build"),
    ({"match": "statusCode", "status": "success"}, 1, "anything"),
    ({"match": "type", "min": 2}, [1], [1, 2]),
    ({"match": "type", "min": 2}, [], ["anything"]),
    ({"match": "values"}, {"b": 1}, {"x": 1, "y": 1}),
    ({"match": "eachValue", "rules": []}, {"b": 1}, {"x": 1}),
    ({"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]+"}]}, {"b": 1}, {"x": "other"}),
    ({"match": "eachValue", "rules": [{"match": "type"}]}, {"b": {"c": 1}}, {"x": {"c": 5}, "y": {"c": 6}}),
    (
        {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$": {"matchers": [{"match": "integer"}]}}}]},
        [1],
        ["x", 7],
    ),
    ({"match": "arrayContains", "variants": []}, [1, "b"], ["b", 5, 1]),
]


@pytest.mark.parametrize(("rule", "expected", "actual"), ACCEPTED)
def test_a_rule_accepts(rule: Any, expected: Any, actual: Any) -> None:
    assert _texts(expected, actual, rule) == []


def test_each_value_without_rules_works_as_values_does() -> None:
    """Row 10: in the reference objects pass unchecked and scalars always fail."""
    rule = {"match": "eachValue", "rules": []}
    assert _texts({"b": 1}, {"x": 1}, rule) == []
    assert _texts({"b": {"c": 1}}, {"x": {"c": 2}}, rule) == []  # cascaded, the rule accepts any scalar
    assert _texts({"b": {"c": 1}}, {"x": [2]}, rule) != []


def test_or_holds_for_objects_too() -> None:
    """Row 15: the reference runs every rule of an object and ignores OR."""
    either = {"$.a": {"combine": "OR", "matchers": [{"match": "type", "min": 5}, {"match": "type"}]}}
    root = compile_category(rule_categories.from_json({"body": either}), "body")
    assert compare({"a": {"b": 1}}, {"a": {"b": 2}}, root, strict=True) == []


def test_and_reports_every_rule_that_fails_and_or_only_when_all_do() -> None:
    both = [{"match": "include", "value": "x"}, {"match": "include", "value": "y"}]
    assert _texts("xy", "x", both) == ["Expected 'x' to include 'y'"]
    assert _texts("xy", "z", both) == ["Expected 'z' to include 'x'", "Expected 'z' to include 'y'"]
    either = {"body": {"$.a": {"combine": "or", "matchers": both}}}
    root = compile_category(rule_categories.from_json(either), "body")
    assert compare({"a": "xy"}, {"a": "x"}, root, strict=True) == []
    assert len(compare({"a": "xy"}, {"a": "z"}, root, strict=True)) == 2


def test_an_empty_list_of_rules_is_no_rule() -> None:
    assert _texts(1, 2, []) == ["Expected 2 (Integer) to be equal to 1 (Integer)"]


@pytest.mark.parametrize(
    ("expected", "actual", "strict", "text"),
    [
        ({"b": 1}, {"b": 1, "c": 2}, True, "Expected a Map with keys [b] but received one with keys [b, c]"),
        ({"b": 1, "c": 2}, {"b": 1}, True, "Expected a Map with keys [b, c] but received one with keys [b]"),
        ({"b": 1, "c": 2}, {}, False, "Actual map is missing the following keys: b, c"),
        ({}, {"b": 1}, True, 'Expected an empty Map but received {"b":1}'),
        ([], [1], False, "Expected an empty List but received [1]"),
        ([1], [1, 2], False, "Expected a List with 1 elements but received 2 elements"),
        ([1, "x"], [1], False, "Expected x but was missing"),
    ],
)
def test_members_and_items_without_rules_are_counted(expected: Any, actual: Any, strict: bool, text: str) -> None:
    assert text in _texts(expected, actual, strict=strict)


@pytest.mark.parametrize(
    ("expected", "actual"), [({"b": 1}, {"b": 1, "c": 2}), ({}, {"b": 1}), ({"b": None}, {"b": None, "c": []})]
)
def test_responses_may_have_more_members(expected: Any, actual: Any) -> None:
    assert _texts(expected, actual, strict=False) == []
    assert _texts(expected, actual, strict=True) != []


def test_a_rule_on_items_alone_does_not_free_their_number() -> None:
    assert _texts([1], [1, 2], {"match": "type"}, path="$.a[*]") == [
        "Expected a List with 1 elements but received 2 elements"
    ]


def test_min_and_max_do_not_count_what_they_cascade_to() -> None:
    assert _texts({"b": [1]}, {"b": []}, {"match": "type", "min": 1}, path="$") == []


def test_a_mismatch_says_where() -> None:
    expected = {"a": [{"b-c": {"7": 1}}]}
    actual = {"a": [{"b-c": {"7": 2}}]}
    (found,) = compare(expected, actual, NO_RULES, strict=True)
    assert isinstance(found, BodyMismatch)
    assert found.path == "$.a[0]['b-c'][7]"
    assert (found.expected, found.actual) == (b"1", b"2")


def test_what_several_rules_of_a_list_find_is_said_once() -> None:
    rule = [{"match": "type"}, {"match": "type", "max": 5}]
    assert _texts([1], ["x"], rule) == ["Expected 'x' (String) to be the same type as 1 (Integer)"]


@given(documents, st.booleans())
def test_a_value_matches_itself(value: Any, strict: bool) -> None:
    assert compare(value, value, NO_RULES, strict=strict) == []


@given(documents)
def test_a_value_matches_itself_under_type(value: Any) -> None:
    assert compare(value, value, _root(**{"$": {"match": "type"}}), strict=True) == []


@given(documents, documents)
def test_without_rules_matching_is_equality(left: Any, right: Any) -> None:
    assert (compare(left, right, NO_RULES, strict=True) == []) is equal(left, right)


def test_keys_are_checked_where_a_rule_was_written_though_a_stronger_one_came_down() -> None:
    """The stronger eachKey of the parent is the best rule of `$.a[0].b`, which has a weaker one of its own."""
    each_key = {"match": "eachKey", "rules": [{"match": "integer"}]}
    root = _root(**{"$.a[0]": each_key, "$.a[*].*": {"match": "values"}})
    found = compare({"a": [{"1": {"x": True}}]}, {"a": [{"1": {"x": True}}]}, root, strict=True)
    assert [item.description() for item in found] == ["$.a[0][1].x -> Expected 'x' to match an integer number"]
