"""JSON bodies and matchers match as the Ruby service has them (reference/ruby-api.md §4, §5)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.pact.json.values import parse
from pactmock.ruby_api.differences import EXACT, Differences, Way, compare, document_of
from pactmock.ruby_api.tree.parsing import parse as parse_tree
from tests.ruby_api.given import each_like, like, regexp, term


def differences(expected: Any, actual: Any, way: Way = EXACT) -> Differences:
    return compare(parse_tree(expected), actual, way)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}),
        (1, 1.0),
        ("", ""),
        (like({"a": 1, "t": True, "n": None, "l": [1, 2]}), {"a": 1.5, "t": False, "n": None, "l": [5, 6]}),
        (like(1), 7.5),
        (each_like({"a": 1}, 2), [{"a": 5}, {"a": 6}, {"a": 7}]),
        (each_like("x", 0), []),
        (each_like(each_like("x", 2)), [["y", "z"], ["a", "b", "c"]]),
        (like([each_like(1)]), [[2, 3]]),
        (term("1", r"^\d$"), "7"),
        (term("help", "^hel"), "x\nhelmet"),
        (term("a", "a$"), "ba\nc"),
        (term("AB", "ab", 1), "xAbx"),
        (term("a\nb", "a.b", 4), "a\nb"),
        (term("ab", "a  b # all", 2), "ab"),
        (regexp("^a"), "abc"),
        (term("1", r"^[[:digit:]]\\?$"), "٣"),
        (term(":ea", r"^\W\p{L}[\D\\d]$"), "éé٣"),
        (term("NO", r"^\N\O\z"), "NO"),
        (like({"a": term("1", r"\d")}), {"a": "5"}),
    ],
)
def test_what_fits_has_no_differences(expected: Any, actual: Any) -> None:
    assert differences(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        (
            {"a": 1, "b": [1, 2], "c": {"d": "x"}, "e": None},
            {"a": 2, "b": [1, 3], "c": {"d": "y", "z": 1}, "q": 1},
            {
                "a": {"EXPECTED": 1, "ACTUAL": 2},
                "b": ["<no difference at this index>", {"EXPECTED": 2, "ACTUAL": 3}],
                "c": {"d": {"EXPECTED": "x", "ACTUAL": "y"}, "z": {"EXPECTED": "<key not to exist>", "ACTUAL": 1}},
                "e": {"EXPECTED": None, "ACTUAL": "<key not found>"},
                "q": {"EXPECTED": "<key not to exist>", "ACTUAL": 1},
            },
        ),
        ([1], [1, 2], ["<no difference at this index>", {"EXPECTED": "<item not to exist>", "ACTUAL": 2}]),
        ([1, 2], [1], ["<no difference at this index>", {"EXPECTED": 2, "ACTUAL": "<item not found>"}]),
        ({"a": {"b": 1}}, {"a": []}, {"a": {"EXPECTED": {"b": 1}, "ACTUAL": []}}),
        (True, 1, {"EXPECTED": True, "ACTUAL": 1}),
        (1, "1", {"EXPECTED": 1, "ACTUAL": "1"}),
        ("{}", {}, {"EXPECTED": "{}", "ACTUAL": {}}),
        (like(1), "x", {"EXPECTED_TYPE": "Integer", "ACTUAL_TYPE": "String"}),
        (like(1.5), None, {"EXPECTED_TYPE": "Float", "ACTUAL_TYPE": "NilClass"}),
        (like(None), 1, {"EXPECTED_TYPE": "NilClass", "ACTUAL_TYPE": "Integer"}),
        (like({"t": True}), {}, {"t": {"EXPECTED_TYPE": "TrueClass", "ACTUAL": "<key not found>"}}),
        (like({"h": {}}), {}, {"h": {"EXPECTED": {}, "ACTUAL": "<key not found>"}}),
        (
            like([1, 2]),
            [1],
            ["<no difference at this index>", {"EXPECTED_TYPE": "Integer", "ACTUAL_TYPE": "Pact::IndexNotFound"}],
        ),
        (
            like([1]),
            [1, {}],
            ["<no difference at this index>", {"EXPECTED_TYPE": "Pact::UnexpectedIndex", "ACTUAL_TYPE": "Hash"}],
        ),
        (like({"a": 1}), {"a": 1, "b": 2}, {"b": {"EXPECTED": "<key not to exist>", "ACTUAL": 2}}),
        (
            each_like({"a": 1}, 2),
            [{"a": 1}],
            ["<no difference at this index>", {"EXPECTED": {"a": 1}, "ACTUAL": "<item not found>"}],
        ),
        (each_like("x", 2), {}, {"EXPECTED": ["x", "x"], "ACTUAL": {}}),
        (term("1", r"^\d$"), "b", {"EXPECTED_TO_MATCH": r"/^\d$/", "ACTUAL": "b"}),
        (term("1", r"^\d$"), 3, {"EXPECTED_TO_MATCH": r"/^\d$/", "ACTUAL": 3}),
        (term("a/b", "a/b", 1), [], {"EXPECTED_TO_MATCH": r"/a\/b/i", "ACTUAL": []}),
        ({"t": term("1", "1")}, {}, {"t": {"EXPECTED_TO_MATCH": "/1/", "ACTUAL": "<key not found>"}}),
    ],
)
def test_what_differs_is_told_as_the_ruby_service_tells_it(expected: Any, actual: Any, found: Any) -> None:
    assert document_of(differences(expected, actual)) == found


def test_a_line_does_not_begin_after_the_newline_that_ends_a_text() -> None:
    assert differences(term("1", r"^\d*$"), "abc\n") is not None


def test_unexpected_members_are_fine_at_any_depth_where_that_is_allowed() -> None:
    expected, actual = like({"a": [{"b": 1}]}), {"a": [{"b": 2, "c": 1}], "d": 1}
    assert differences(expected, actual) is not None
    assert differences(expected, actual, Way(is_open=True)) is None


def test_what_an_object_without_a_class_says_is_a_member_as_any_other() -> None:
    assert differences({"json_class": "", "a": 1}, parse(b'{"json_class": "", "a": 1}')) is None
    assert differences({"json_class": None}, {}) is not None
