"""Tables are compared row by row with the row of examples (reference/plugins.md §8.4, §8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pactmock.errors import PluginError
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import MatchingRule
from pactmock.plugins import CompareRequest, ConfigureRequest, ContentMismatch, Contents, PluginData
from pactmock.plugins.csv import CsvPlugin
from pactmock.plugins.csv.table import read_rows, write_rows

HEADER = PluginData(interaction={"csvHeaders": True})
NO_HEADER = PluginData(interaction={"csvHeaders": False})


def compare(
    expected: str | bytes | None,
    actual: str | bytes | None,
    by_key: Mapping[str, MatchingRule | tuple[MatchingRule, ...]] | None = None,
    *,
    data: PluginData | None = None,
    allow_unexpected_keys: bool = False,
) -> list[ContentMismatch]:
    lists = {key: rule if isinstance(rule, tuple) else (rule,) for key, rule in (by_key or {}).items()}
    request = CompareRequest(_contents(expected), _contents(actual), lists, allow_unexpected_keys, data)
    found = CsvPlugin().compare_contents(request)
    assert isinstance(found, list)
    return found


def _contents(text: str | bytes | None) -> Contents | None:
    if text is None:
        return None
    return Contents(text.encode() if isinstance(text, str) else text, "text/csv")


def texts(found: list[ContentMismatch]) -> list[str]:
    return [mismatch.mismatch for mismatch in found]


def test_the_same_table_matches() -> None:
    assert compare("a,b\n", "a,b\n", data=NO_HEADER) == []
    assert compare("N,M\na,b\n", "N,M\na,b\n", data=HEADER) == []


def test_a_cell_that_differs_is_told_with_its_line_and_its_column_counted_from_0() -> None:
    found = compare("N,M\na,b\n", "N,M\na,b\na,c\n", data=HEADER)
    text = "Expected column 1 value to equal 'b', but got 'c'"
    assert found == [ContentMismatch(text, "row:    3, column: 1", b"b", b"c")]


@pytest.mark.parametrize("row", ["1\n", f"{'a' * 27}!\n"], ids=["many rows", "slow rows"])
def test_a_table_that_takes_longer_than_a_request_may_is_given_up(row: str) -> None:
    with Budget(0.1), pytest.raises(OutOfBudget):
        compare("a\n", row * 200_000, {"column:1": rules.Regex("^(a|aa)+$")}, data=NO_HEADER)


def test_a_cell_that_breaks_a_rule_is_told_in_the_words_of_the_rule() -> None:
    found = compare("a,1\n", "x,y\n", {"column:1": rules.Type(), "column:2": rules.Number()}, data=NO_HEADER)
    assert found == [ContentMismatch("Expected 'y' to match a number", "row:    1, column: 1", b"1", b"y")]


def test_a_number_is_that_of_the_column_counted_from_1() -> None:
    assert texts(compare("a,b\n", "x,y\n", {"column:1": rules.Type()}, data=NO_HEADER)) == [
        "Expected column 1 value to equal 'b', but got 'y'"
    ]


def test_a_rule_under_a_name_holds_for_the_column_of_that_name_wherever_it_stands() -> None:
    by_name = {"column:Age": rules.Integer()}
    assert compare("Name,Age\nBob,3\n", "Age,Name\n44,Bob\n", by_name, data=HEADER) == []
    found = compare("Name,Age\nBob,3\n", "Age,Name\nx,Bob\n", by_name, data=HEADER)
    assert [(m.path, m.mismatch) for m in found] == [
        ("row:    2, column: 1", "Expected 'x' to match an integer number"),
    ]


def test_a_rule_under_the_number_of_a_column_goes_before_one_under_its_name() -> None:
    both = {"column:2": rules.Integer(), "column:Age": rules.Boolean()}
    assert compare("Name,Age\nBob,3\n", "Name,Age\nBob,4\n", both, data=HEADER) == []


def test_a_header_that_is_a_number_is_not_taken_for_the_number_of_its_column() -> None:
    found = compare("2,1\na,b\n", "2,1\nx,b\n", {"column:2": rules.Type()}, data=HEADER)
    assert texts(found) == ["Expected column 0 value to equal 'a', but got 'x'"]


def test_a_name_that_only_a_pact_written_by_hand_can_have_finds_its_column() -> None:
    by_name = {"column:First Name": rules.Type()}
    assert compare("First Name\nBob\n", "First Name\nAnn\n", by_name, data=HEADER) == []


def test_all_rules_of_a_column_have_to_pass() -> None:
    both = {"column:1": (rules.NotEmpty(), rules.Regex("[a-z]+"), rules.Include("x"))}
    assert compare("x\n", "xa\n", both, data=NO_HEADER) == []
    assert texts(compare("x\n", "A\n", both, data=NO_HEADER)) == [
        "Expected 'A' to match '[a-z]+'",
        "Expected 'A' to include 'x'",
    ]


def test_every_row_is_compared_with_the_first_expected_one() -> None:
    found = compare("1\n2\n", "3\nx\n4\ny\n", {"column:1": rules.Number()}, data=NO_HEADER)
    assert [(m.path, m.expected, m.actual) for m in found] == [
        ("row:    2, column: 0", b"1", b"x"),
        ("row:    4, column: 0", b"1", b"y"),
    ]


def test_a_row_is_numbered_by_the_line_it_starts_on_also_after_empty_lines_and_long_cells() -> None:
    found = compare("a,b\n", 'a,b\n\n"a\nb\nc",b\r\na,c\n', data=NO_HEADER)
    assert [m.path for m in found] == ["row:    3, column: 0", "row:    6, column: 1"]


def test_a_column_that_is_missing_from_the_header_is_told_and_its_cells_are_empty() -> None:
    found = compare("Name,Age\nBob,3\n", "Name\nBob\n", {"column:Age": rules.Number()}, data=HEADER)
    assert found == [
        ContentMismatch("Expected columns 'Age', but was missing", expected=b"Age"),
        ContentMismatch("Expected '' to match a number", "row:    2, column: 1", b"3", b""),
    ]


@pytest.mark.parametrize("allow", [False, True])
def test_more_columns_under_a_header_are_always_accepted(allow: bool) -> None:
    assert compare("N\na\n", "M,N\nb,a\n", data=HEADER, allow_unexpected_keys=allow) == []


def test_columns_with_one_name_are_told_apart_by_their_order() -> None:
    assert compare("N,N\na,b\n", "N,N\na,b\n", data=HEADER) == []
    assert texts(compare("N,N\na,b\n", "N,M\na,b\n", data=HEADER)) == [
        "Expected columns 'N', but was missing",
        "Expected column 1 value to equal 'b', but got ''",
    ]


@pytest.mark.parametrize("allow", [False, True])
def test_too_few_columns_without_a_header_are_told_and_their_cells_are_empty(allow: bool) -> None:
    found = compare("a,b\n", "a\n", data=NO_HEADER, allow_unexpected_keys=allow)
    assert found[0] == ContentMismatch("Expected 2 columns, but got 1", "", b"2 columns", b"1 columns")
    assert texts(found[1:]) == ["Expected column 1 value to equal 'b', but got ''"]


def test_too_many_columns_without_a_header_are_told_unless_they_are_allowed() -> None:
    assert compare("a\n", "a,b\n", data=NO_HEADER) == [
        ContentMismatch("Expected at least 1 columns, but got 2", "", b"1 columns", b"2 columns")
    ]
    assert compare("a\n", "a,b\n", data=NO_HEADER, allow_unexpected_keys=True) == []


def test_a_body_that_is_not_there_is_told() -> None:
    assert compare(None, None) == []
    assert compare(None, "abc") == [ContentMismatch("Expected no CSV content, but got 3 bytes", actual=b"abc")]
    assert compare("abc", None) == [ContentMismatch("Expected CSV content, but did not get any", expected=b"abc")]


@pytest.mark.parametrize(
    ("expected", "actual", "data", "reason"),
    [
        ("", "a\n", NO_HEADER, "Could not read the expected content"),
        ("a\n", "", NO_HEADER, "Could not read the actual content"),
        ("a\n", "\n\r\n", NO_HEADER, "Could not read the actual content"),
        ("N\n", "N\na\n", HEADER, "Could not read the expected content"),
        ("N\na\n", "N\n", HEADER, "Could not read the actual content"),
        ("N\na\n", "", HEADER, "Could not read the actual content"),
        (b"\xff\n", "a\n", NO_HEADER, "the expected content is not UTF-8"),
        ("a\n", b"a\nb\xff\n", NO_HEADER, "the actual content is not UTF-8"),
        ("a,b\n", "a,b\n\na,b,c\n", NO_HEADER, r"line 3 of the actual content has 3 cell\(s\), and line 1 has 2"),
        ("N,M\na\n", "N\na\n", HEADER, r"line 2 of the expected content has 1 cell\(s\), and line 1 has 2"),
        ("a\n", b"a" * 200_000, NO_HEADER, "line 1 of the actual content cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_an_error_that_says_which_side_and_why(
    expected: Any, actual: Any, data: PluginData, reason: str
) -> None:
    with pytest.raises(PluginError, match=f"^Failed to compare CSV contents: {reason}") as caught:
        compare(expected, actual, data=data)
    assert caught.value.fields == {"plugin": "csv"}


def test_a_rule_that_cannot_be_used_is_an_error() -> None:
    with pytest.raises(PluginError, match=r"^Failed to compare CSV contents: .*not a valid regular expression"):
        compare("a\n", "a\n", {"column:1": rules.Regex("(")}, data=NO_HEADER)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_row_and_the_last_one_can_be_missing(line_end: str) -> None:
    assert compare("a,b\n", line_end.join(["a,b", "", "a,b"]), data=NO_HEADER) == []


def test_a_byte_order_mark_is_no_part_of_the_first_cell() -> None:
    assert compare("a\n", "\ufeffa\n", data=NO_HEADER) == []


@pytest.mark.parametrize("part", ["request", "response"])
def test_whether_there_is_a_header_row_can_stand_under_the_part(part: str) -> None:
    data = PluginData(interaction={part: {"csvHeaders": False}})
    assert len(compare("1,2\na,b\n", "1,2\na,b\n", data=data)) == 2  # the second row differs from the first


def test_what_stands_beside_the_parts_goes_before_what_stands_under_them() -> None:
    data = PluginData(interaction={"csvHeaders": True, "request": {"csvHeaders": False}})
    assert compare("1,2\na,b\n", "1,2\na,b\n", data=data) == []


@pytest.mark.parametrize("data", [None, PluginData(), PluginData(interaction={"csvHeaders": "false"})])
@pytest.mark.parametrize(
    ("expected", "actual", "by_key"),
    [
        pytest.param("N\na\n", "M,N\n1,b\n", {"column:N": rules.Type()}, id="a rule under a name: a header row"),
        pytest.param("1,2\na,b\n", "2,1\nb,c\n", {"column:1": rules.Type()}, id="numbers in order: a header row"),
        pytest.param("1,,3\na,,b\n", "3,1,\nb,c,\n", {"column:1": rules.Type()}, id="numbers with gaps: a header row"),
        pytest.param("1,2\n", "5,2\n", {"column:1": rules.Type()}, id="numbers in the only row: data"),
        pytest.param("a\nb\n", "c\nd\n", {"column:1": rules.Type()}, id="numbered rules, other texts: data"),
        pytest.param(",\nq,b\n", ",\nq,\n", {"column:1": rules.Type()}, id="numbered rules, no numbers at all: data"),
        pytest.param("a,b\n", "a,b\na,b\n", {}, id="no rules, one row: data"),
        pytest.param("N,M\na,b\n", "M,N\nb,a\n", {}, id="no rules, two rows: a header row"),
    ],
)
def test_without_a_word_from_the_host_rules_and_rows_tell_whether_there_is_a_header_row(
    expected: str, actual: str, by_key: dict[str, MatchingRule], data: PluginData | None
) -> None:
    assert compare(expected, actual, by_key, data=data) == []


EXAMPLES = [
    "matching(type, 'Name')",
    "matching(number, 1.5)",
    "matching(integer, 100)",
    "matching(boolean, true)",
    "matching(datetime, 'yyyy-MM-dd', '2000-01-01')",
    r"matching(regex, '\w+', 'abc')",
    "notEmpty('x'), matching(include, 'x')",
    "matching(semver, '1.0.0')",
    "matching(equalTo, 'a,b')",
    "matching(include, 'two\\nlines')",
    "atLeast(1)",
]
KEYS = st.one_of(st.integers(1, 12).map(str), st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True))
DEFINITIONS = st.dictionaries(KEYS.map("column:{}".format), st.sampled_from(EXAMPLES), min_size=1, max_size=6)


@given(columns=DEFINITIONS, has_header=st.sampled_from([None, True, False]), tells=st.booleans())
def test_what_is_configured_matches_itself_also_where_the_host_does_not_keep_the_data(
    columns: dict[str, str], has_header: bool | None, tells: bool
) -> None:
    numbered = all(key.removeprefix("column:").isdigit() for key in columns)
    config: dict[str, Any] = {**columns}
    if has_header is not None:
        config["csvHeaders"] = has_header or not numbered
    (part,) = CsvPlugin().configure_interaction(ConfigureRequest("text/csv", config)).parts
    data = part.data if tells else None
    assert CsvPlugin().compare_contents(CompareRequest(part.contents, part.contents, part.rules, False, data)) == []


CELLS = st.text(st.characters(codec="utf-8") | st.sampled_from(',"\r\n\ufeff '), max_size=6)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))


@given(TABLES)
@example([["\ufeffa", "b"]])
def test_a_table_that_was_written_reads_back_the_same(table: list[list[str]]) -> None:
    assert [list(row.cells) for row in read_rows(write_rows(table), "the table")] == table


@given(st.text(st.sampled_from('a,"\r\n'), max_size=30))
def test_any_text_is_either_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        rows = [*read_rows(text.encode(), "the text")]
    except PluginError as error:
        assert "of the text" in error.message  # noqa: PT017  both outcomes are fine
    else:
        assert len({len(row.cells) for row in rows}) <= 1
