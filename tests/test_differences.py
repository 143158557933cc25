"""What was decided otherwise than the reference is said in one file: the page shows it, and parity goes by it."""

from __future__ import annotations

import re

import pytest

from parity import known
from parity.differences import PAGE, demands, difference, differences, with_tables

NUMBERS = [row.number for row in differences()]


def test_the_page_has_the_tables_of_the_file() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "run `make differences`"
    assert all(f"| {demand.what.replace('|', chr(92) + '|')} |" in page for demand in demands())


def test_a_table_is_replaced_by_what_the_file_says_and_the_rest_of_the_page_stays() -> None:
    rows = "| row | the reference | pactmock |\n|---|---|---|\n| 1 F | old | older |\n"
    written = with_tables(f"before\n\n{rows}\n| what | because |\n|---|---|\n")
    assert written.startswith("before\n\n| row |")
    assert "older" not in written
    assert re.findall(r"^\| (\d+) [FN] \|", written, re.MULTILINE) == [str(number) for number in NUMBERS]


def test_a_page_without_a_table_for_them_is_refused() -> None:
    with pytest.raises(ValueError, match="it needs one"):
        with_tables("nothing\n")


def test_a_number_stands_for_one_row() -> None:
    assert len(NUMBERS) == len(set(NUMBERS))


def test_parity_knows_each_row_when_it_sees_it_or_the_row_says_why_it_is_never_drawn() -> None:
    told = {row.number for row in known.KNOWN}
    assert told == {row.number for row in differences() if row.not_drawn is None}


def test_parity_names_a_row_in_the_words_of_the_page() -> None:
    (row,) = [row for row in known.KNOWN if row.number == 2]
    assert difference(2).pactmock in row.sentence
    assert difference(2).reference in row.sentence
