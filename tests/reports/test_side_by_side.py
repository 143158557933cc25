"""Expected and actual stand side by side: a list as a list, and where they differ with a little around it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pactmock.reports.side_by_side import in_columns, side_by_side

SIZE = "Expected [..] (size 2) to have minimum size of 3"


def columns(expected: object, actual: object, mismatch: str = "") -> list[tuple[str, str]]:
    lines = list(in_columns(side_by_side(expected, actual, mismatch)))
    pairs = [line.removeprefix("       ").partition("|") for line in lines]
    return [(left.rstrip(), right.strip()) for left, _, right in pairs][1:]


def test_a_list_is_shown_as_a_list_where_its_items_were_texts_of_json() -> None:
    nested = json.dumps(["1", '{"a":1}', '"x"'])
    assert columns(nested, '["1"]', SIZE) == [('[1,{"a":1},"x"]', "[1]")]
    assert columns('{"a":"1"}', '{"a":"\\"1\\""}', "Unable to match {..} using Regex") == [('{"a":1}', '{"a":"1"}')]


def test_texts_that_look_like_json_stay_texts() -> None:
    assert columns('["1","2"]', '["1"]', "Expected a List with 2 elements but received 1 elements") == [
        ('["1","2"]', '["1"]')
    ]
    assert columns('["GET","put"]', "[]", SIZE) == [('["GET","put"]', "[]")]


def test_a_long_list_is_shown_item_by_item() -> None:
    long = json.dumps([{"name": "Ada", "age": 36}, {"name": "Bob", "age": 9}], separators=(",", ":"))
    assert columns(long, "[]") == [
        ("[", "[]"),
        (' {"age":36,"name":"Ada"},', ""),
        (' {"age":9,"name":"Bob"},', ""),
        ("]", ""),
    ]


def test_what_is_alike_is_shown_around_what_differs_alone() -> None:
    lines = [f"line {number}" for number in range(200)]
    other = [*lines[:150], "another", *lines[151:]]
    assert columns("\n".join(lines), "\n".join(other)) == [
        ("... 148 lines alike",) * 2,
        ("line 148",) * 2,
        ("line 149",) * 2,
        ("line 150", "another"),
        ("line 151",) * 2,
        ("line 152",) * 2,
        ("... 47 lines alike",) * 2,
    ]


def test_an_item_that_is_missing_is_shown_where_it_is_missing() -> None:
    items = [{"id": number, "name": f"item {number}"} for number in range(30)]
    shown = [json.dumps(each, separators=(",", ":")) for each in (items, items[:9] + items[10:])]
    rows = columns(*shown)
    assert (' {"id":9,"name":"item 9"},', "") in rows
    assert len(rows) < 12


def test_too_many_lines_are_counted() -> None:
    rows = columns("\n".join("abcdefghijklmnop"), "\n".join("ABCDEFGHIJKLMNOP"))
    assert len(rows) == 13
    assert rows[-1] == ("... 4 more lines",) * 2


@given(st.text(), st.text(), st.text(max_size=10))
def test_any_values_make_lines_that_cannot_be_forged(expected: str, actual: str, mismatch: str) -> None:
    for line in in_columns(side_by_side(expected, actual, mismatch)):
        assert line.startswith("       ")
        assert "\n" not in line
        assert "\x1b" not in line
