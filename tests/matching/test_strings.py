"""What the matching rules decide on texts, with the texts of the reference (reference/matching.md §3.3)."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.compiling import compile_rule
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.pact.matching_rules import read_rule


def _problem(rule: dict[str, Any], actual: str, expected: str = "x", *, cascaded: bool = False) -> str | None:
    compiled = compile_rule(read_rule(rule))
    return compiled.string(expected, actual, cascaded)


OF_COLLECTIONS = (
    "The 'min-max-type' matching rule applies to a collection as a whole, not to a single value, so it can not be "
    "applied through MatchField. Match the collection with a content matcher instead."
)
NOT_SUCCESSFUL = "Expected status code 404 to be a Successful response (200–299)"  # noqa: RUF001  the reference's dash


@pytest.mark.parametrize(
    ("rule", "actual", "text"),
    [
        ({"match": "equality"}, "y", "Expected 'y' to be equal to 'x'"),
        ({"match": "values"}, "y", "Expected 'y' to be equal to 'x'"),
        ({"match": "regex", "regex": r"\d+"}, "abc123", r"Expected 'abc123' to match '\d+'"),
        ({"match": "include", "value": "b"}, "a", "Expected 'a' to include 'b'"),
        ({"match": "number"}, "1_000", "Expected '1_000' to match a number"),
        ({"match": "decimal"}, " 1", "Expected ' 1' to match a number"),
        ({"match": "integer"}, "-1", "Expected '-1' to match an integer number"),
        ({"match": "integer"}, "18446744073709551616", "Expected '18446744073709551616' to match an integer number"),
        ({"match": "date"}, "x", "Expected 'x' to match a date pattern of 'yyyy-MM-dd'"),
        ({"match": "time", "format": "HH:mm"}, "x", "Expected 'x' to match a time pattern of 'HH:mm'"),
        ({"match": "datetime"}, "x", "Expected 'x' to match a timestamp pattern of 'yyyy-MM-dd'T'HH:mm:ssXXX'"),
        ({"match": "boolean"}, "TRUE", "Expected TRUE to match a boolean"),
        (
            {"match": "statusCode", "status": "success"},
            "404",
            NOT_SUCCESSFUL,
        ),
        ({"match": "notEmpty"}, "", "Expected  to not be empty"),
        (
            {"match": "semver"},
            "v1",
            "'v1' is not a valid semantic version - unexpected character 'v' while parsing major version number",
        ),
        (
            {"match": "semver"},
            "\x01",
            "'\x01' is not a valid semantic version - unexpected character '\\u{1}' while parsing major version number",
        ),
        (
            {"match": "semver"},
            "\n",
            "'\n' is not a valid semantic version - unexpected character '\\n' while parsing major version number",
        ),
        (
            {"match": "min-max-type"},
            "a",
            OF_COLLECTIONS,
        ),
        ({"match": "null"}, "a", "Unable to match 'a' using Null"),
        ({"match": "arrayContains", "variants": []}, "a", "Unable to match 'a' using ArrayContains([])"),
    ],
)
def test_a_rule_refuses_with_the_text_of_the_reference(rule: dict[str, Any], actual: str, text: str) -> None:
    assert _problem(rule, actual) == text


@pytest.mark.parametrize(
    ("rule", "actual"),
    [
        ({"match": "regex", "regex": "a|ab"}, "ab"),
        ({"match": "regex", "regex": "^Greater|GreaterOrEqual$"}, "Greater"),
        ({"match": "type"}, ""),
        ({"match": "type", "min": 5}, "anything"),
        ({"match": "number"}, "-1.5e3"),
        ({"match": "number"}, "NaN"),
        ({"match": "decimal"}, "100"),
        ({"match": "integer"}, "007"),
        ({"match": "integer"}, "18446744073709551615"),
        ({"match": "boolean"}, "false"),
        ({"match": "semver"}, "18446744073709551615.0.0"),
        ({"match": "statusCode", "status": [200, "201"]}, "201"),
        ({"match": "date", "format": "dd/MM/yyyy"}, "31/12/1999"),
    ],
)
def test_a_rule_accepts(rule: dict[str, Any], actual: str) -> None:
    assert _problem(rule, actual) is None


@pytest.mark.parametrize("match", ["eachKey", "eachValue"])
def test_rules_about_keys_and_values_pass_what_they_cascade_to(match: str) -> None:
    rule = {"match": match, "rules": []}
    assert _problem(rule, "a", cascaded=True) is None
    assert _problem(rule, "a", cascaded=False) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"\h+", "09afAF", True),
        (r"[\h-]+", "de-ad", True),
        (r"\h+", "g", False),
        (r"(?<y>\d)-\k<y>", "1-1", True),
        (r"\x{41}+", "AA", True),
        (r"(?m)a.b", "a\nb", True),
        (r"a.b", "a\nb", False),
        (r"(?im:A.)b", "a\nb", True),
        (r"[a-z&&[^aeiou]]+", "xyz", True),
        (r"[a-z&&[^aeiou]]+", "xay", False),
        (r"\\h", r"\h", True),
        (r"a++b", "aab", True),
        (r"\p{Lu}\p{Ll}+", "Élan", True),
        (r"[[:alpha:]]+", "abc", True),
        (r"", "", True),
        (r"", "a", False),
    ],
)
def test_patterns_mean_what_they_mean_to_the_reference(pattern: str, text: str, matches: bool) -> None:
    assert (compile_pattern(pattern).problem(text) is None) is matches


def test_a_pattern_that_would_take_for_ever_is_given_up() -> None:
    with Budget(0.2), pytest.raises(OutOfBudget) as caught:
        compile_pattern(r"(a|aa)+$").problem("a" * 300 + "!")
    assert re.fullmatch(
        r"'\(a\|aa\)\+\$' was given up on 'a{100}\.\.\.' after 0\.1\d* second\(s\) of work: simplify the pattern",
        caught.value.reason,
    )


def test_a_pattern_leaves_half_of_the_budget_to_others() -> None:
    with Budget(0.2, wall_seconds=60) as shared:
        with pytest.raises(OutOfBudget):
            compile_pattern(r"(a|aa)+$").problem("a" * 64 + "!")
        assert shared.left > 0.05
        assert compile_pattern("a+").problem("aaa") is None


def test_a_pattern_has_its_time_whatever_other_threads_work() -> None:
    """The timeout of the `regex` package counts the work of all threads."""
    others = [threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"a", b"b", 2_000_000)) for _ in range(2)]
    for other in others:
        other.start()
    started = time.thread_time()
    with Budget(0.6, wall_seconds=60), pytest.raises(OutOfBudget):
        compile_pattern(r"(a|aa)+$").problem("a" * 64 + "!")
    assert time.thread_time() - started > 0.2
    for other in others:
        other.join()


@given(st.text())
def test_a_text_is_equal_to_itself_and_of_its_own_type(text: str) -> None:
    assert _problem({"match": "equality"}, text, text) is None
    assert _problem({"match": "type"}, text, text) is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_pattern_matches_its_text(text: str) -> None:
    assert compile_pattern(re.escape(text)).problem(text) is None


@pytest.mark.parametrize("name", ["integer", "statusCode", "semver"])
def test_more_digits_than_python_reads_are_a_mismatch(name: str) -> None:
    """Not a crash: somebody else sends them."""
    assert _problem({"match": name}, "1" * 5000 + (".0.0" if name == "semver" else ""))


def test_a_status_is_read_digit_by_digit() -> None:
    """What is too large is so before a later letter is seen, as in the reference."""
    rule = {"match": "statusCode", "status": "success"}
    assert str(_problem(rule, "202024-1-5")).endswith("number too large to fit in target type")
    assert str(_problem(rule, "65536 ")).endswith("number too large to fit in target type")
    assert str(_problem(rule, "65535 ")).endswith("invalid digit found in string")
    assert str(_problem(rule, "65536")).endswith("number too large to fit in target type")
    assert str(_problem(rule, "65535")).startswith("Expected status code 65535 to be")
    assert str(_problem(rule, "20-1-5")).endswith("invalid digit found in string")
    assert _problem(rule, "0" * 5000 + "204") is None
