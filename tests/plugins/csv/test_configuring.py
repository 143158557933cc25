"""A table that a test author describes becomes a body, rules, generators and markup (reference/plugins.md §8.2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pactmock.errors import PluginError
from pactmock.pact import matching_rules as rules
from pactmock.pact.generators import Generator
from pactmock.plugins import ConfiguredPart, ConfigureRequest, Contents, EntryKind
from pactmock.plugins.csv import CsvPlugin

NAME = "matching(type,'Name')"
NUMBER = "matching(number,100)"
DATE = "matching(datetime, 'yyyy-MM-dd','2000-01-01')"
NUMBERED = {"column:1": NAME, "column:2": NUMBER, "column:3": DATE}
NAMED = {"column:Name": NAME, "column:Number": NUMBER, "column:Date": DATE}


def configure(config: dict[str, Any]) -> ConfiguredPart:
    (part,) = CsvPlugin().configure_interaction(ConfigureRequest("text/csv", config)).parts
    return part


def body(config: dict[str, Any]) -> str:
    contents = configure(config).contents
    assert contents is not None
    return contents.content.decode()


def test_the_plugin_matches_and_generates_both_names_of_the_type() -> None:
    entries = CsvPlugin().catalogue()
    assert {entry.kind for entry in entries} == {EntryKind.CONTENT_MATCHER, EntryKind.CONTENT_GENERATOR}
    assert {(entry.key, entry.values["content-types"]) for entry in entries} == {("csv", "text/csv;application/csv")}


def test_numbered_columns_make_a_row_of_examples_with_the_published_type() -> None:
    assert configure({"csvHeaders": False, **NUMBERED}).contents == Contents(
        b"Name,100,2000-01-01\n", "text/csv;charset=UTF-8"
    )


def test_rules_and_generators_stand_under_the_keys_that_were_written() -> None:
    part = configure(NUMBERED)
    assert part.rules == {
        "column:1": (rules.Type(),),
        "column:2": (rules.Number(),),
        "column:3": (rules.Timestamp("yyyy-MM-dd"),),
    }
    assert part.generators == {"column:3": Generator("DateTime", {"format": "yyyy-MM-dd"})}


def test_columns_with_names_come_under_a_header_row_in_byte_order() -> None:
    assert body(NAMED) == "Date,Name,Number\n2000-01-01,Name,100\n"
    assert body({"column: b": NAME, "column:B": NUMBER, "column:a": NUMBER}) == "B,a,b\n100,100,Name\n"


def test_columns_come_in_the_order_of_their_numbers_and_those_with_names_after_them() -> None:
    columns = {"column:Z": "matching(type, 'z')", **{f"column:{n}": f"matching(type, 'v{n}')" for n in (10, 2, 1)}}
    assert body(columns) == "1,2,,,,,,,,10,Z\nv1,v2,,,,,,,,v10,z\n"


@pytest.mark.parametrize(("columns", "has_header"), [(NUMBERED, False), (NAMED, True), ({**NUMBERED, **NAMED}, True)])
def test_who_does_not_speak_of_a_header_row_gets_one_where_a_column_has_a_name(
    columns: dict[str, str], has_header: bool
) -> None:
    assert configure(columns).data.interaction == {"csvHeaders": has_header}
    assert body(columns).count("\n") == 1 + has_header


def test_the_header_row_of_numbered_columns_holds_their_numbers() -> None:
    assert body({"csvHeaders": True, **NUMBERED}) == "1,2,3\nName,100,2000-01-01\n"


@pytest.mark.parametrize(("written", "meant"), [("true", True), ("FALSE", False), ("True", True), ("false", False)])
def test_a_header_row_can_be_asked_for_by_a_word(written: str, meant: bool) -> None:
    assert configure({"csvHeaders": written, **NUMBERED}).data.interaction == {"csvHeaders": meant}


@pytest.mark.parametrize("value", ["yes", "", 0, 1.0, None, [], {"a": 1}])
def test_anything_else_that_is_to_be_the_header_row_is_refused(value: object) -> None:
    with pytest.raises(PluginError, match=r"'csvHeaders' .* make it true or false"):
        configure({"csvHeaders": value, **NUMBERED})


def test_names_without_a_header_row_are_refused_as_no_table_could_show_them() -> None:
    with pytest.raises(PluginError, match=r"'column:Date' names a column, but 'csvHeaders' is false"):
        configure({"csvHeaders": False, **NAMED})


@pytest.mark.parametrize("name", ["First_Name", "zip-code", "Col1", "column", "x"])
def test_a_name_is_taken_whole(name: str) -> None:
    part = configure({f"column:{name}": NAME})
    assert list(part.rules) == [f"column:{name}"]
    assert body({f"column:{name}": NAME}) == f"{name}\nName\n"


@pytest.mark.parametrize("key", ["column: 2", "column:02", "column:\t2 "])
def test_blanks_and_zeros_before_a_number_do_not_matter(key: str) -> None:
    assert list(configure({key: NAME}).rules) == ["column:2"]


@pytest.mark.parametrize("word", ["First Name", "", " ", "1abc", "-1", "1.5", "Größe", "a:b", "_a", "\u0661"])
def test_what_is_neither_a_number_nor_a_name_is_refused(word: str) -> None:
    start = f"Invalid column definition: 'column:{word}' is not a valid field definition, expected an integer >= 1 or a"
    with pytest.raises(PluginError, match=f"^{re.escape(start)} name"):
        configure({f"column:{word}": NAME})


def test_column_zero_is_refused_in_the_published_words() -> None:
    text = "'column:0' is not a valid field definition, expected an integer >= 1, got 0"
    with pytest.raises(PluginError, match=f"^Invalid column definition: {text}$"):
        configure({"column:0": NAME})


@pytest.mark.parametrize("number", ["16385", "9" * 5000])
def test_a_number_that_no_table_has_is_refused_before_its_cells_are_made(number: str) -> None:
    with pytest.raises(PluginError, match="expected an integer <= 16384"):
        configure({f"column:{number}": NAME})


def test_a_column_that_is_written_in_two_ways_is_refused() -> None:
    with pytest.raises(PluginError, match="Invalid column definition: 'column:1' is the same column as another key"):
        configure({"column:1": NAME, "column:01": NUMBER})


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "Null"), (1, "Number"), (1.5, "Number"), (True, "Bool"), ({"a": 1}, "Struct"), (["a"], "List")],
)
def test_a_value_that_is_no_text_is_refused_by_its_kind(value: object, kind: str) -> None:
    with pytest.raises(PluginError, match=f"^Invalid column definition: {kind} is not a valid value definition value"):
        configure({"column:1": value})


@pytest.mark.parametrize("config", [{}, {"csvHeaders": True, "pact:content-type": "text/csv"}])
def test_a_table_without_columns_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(PluginError, match=r"^No config provided to match/generate CSV content"):
        configure(config)


@pytest.mark.parametrize(
    "text", ["Bob", "", "matching(type)", "matching(regex, '(', 'a')", "matching(date, 'bb', 'x')"]
)
def test_a_definition_that_cannot_be_used_is_refused_now_and_not_when_a_table_comes(text: str) -> None:
    with pytest.raises(PluginError, match=r"(?s)^Invalid column definition: .*\(in 'column:1'\)$") as caught:
        configure({"column:1": text})
    assert caught.value.fields == {"plugin": "csv"}


@pytest.mark.parametrize("text", ["matching($'other')", "eachKey(matching($'other'))"])
def test_a_reference_is_refused_as_columns_have_nothing_to_refer_to(text: str) -> None:
    with pytest.raises(PluginError, match=r"^Expected a matching rule definition, but got an un-resolved reference"):
        configure({"column:1": text})


def test_members_that_are_no_columns_are_passed_over() -> None:
    others = {"pact:content-type": "text/csv", "content-type": "text/csv", "columns": 3, "Column:1": "x"}
    assert configure({**others, **NUMBERED}) == configure(NUMBERED)


def test_all_rules_of_an_expression_are_kept() -> None:
    part = configure({"column:1": r"notEmpty('a'), matching(regex, '\w', 'b'), matching(include, 'a')"})
    assert part.rules == {"column:1": (rules.NotEmpty(), rules.Regex(r"\w"), rules.Include("a"))}
    assert part.contents is not None
    assert part.contents.content == b"a\n"


@pytest.mark.parametrize(
    ("definition", "cell"),
    [
        ("matching(decimal, 1.50)", "1.50"),
        ("matching(number, 100)", "100"),
        ("matching(boolean, true)", "true"),
        ("matching(type, null)", '""'),
        ("matching(equalTo, '007')", "007"),
        ("matching(type, 'a,b')", '"a,b"'),
        ("matching(type, 'say \"a\"')", '"say ""a"""'),
        ("matching(include, 'a\\nb')", '"a\nb"'),
        ("matching(include, 'a\\rb')", '"a\rb"'),
        ("matching(type, ' a ')", " a "),
    ],
)
def test_a_cell_is_the_example_as_it_is_written_with_quotes_only_where_it_needs_them(
    definition: str, cell: str
) -> None:
    assert body({"column:1": definition}) == f"{cell}\n"


def test_a_value_of_a_provider_state_becomes_a_generator() -> None:
    part = configure({"column:Id": "matching(integer, fromProviderState('id', 7))"})
    assert part.generators == {"column:Id": Generator("ProviderState", {"expression": "id", "dataType": "INTEGER"})}


def test_the_markup_shows_the_table_as_published() -> None:
    part = configure(NAMED)
    assert part.markup == "# Data\n\n|Date|Name|Number|\n|---|---|-----|\n|2000-01-01|Name|100|\n"
    assert part.markup_kind == "COMMON_MARK"
    assert configure(NUMBERED).markup == "# Data\n\n|Name|100|2000-01-01|\n"


def test_the_markup_is_a_table_for_short_names_and_for_cells_with_its_own_marks_too() -> None:
    part = configure({"column:a": "matching(type, 'x|y')", "column:b": "matching(include, 'p\\nq')"})
    assert part.markup == "# Data\n\n|a|b|\n|-|-|\n|x\\|y|p q|\n"
