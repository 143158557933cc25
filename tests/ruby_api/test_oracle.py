"""Ours answers the clients of the Ruby mock service as that does: as was recorded of it, and beside it where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.ruby import record
from parity.ruby.comparing import READABLE_ERRORS, changes, disagreements
from parity.ruby.differences import PAGE, differences, with_differences
from parity.ruby.inside import inside
from parity.ruby.playing import play_all
from parity.ruby.reading import files, scenarios
from parity.ruby.service import VARIABLE, find_ruby

FILES = files()
RUBY = find_ruby()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_ours_answers_as_was_recorded_of_the_ruby_service_but_for_the_differences(file: Path) -> None:
    played = scenarios(file)
    found = disagreements(played, record.read(file.stem), play_all(played, inside))
    assert list(map(str, found)) == []


@pytest.mark.skipif(RUBY is None, reason=f"no Ruby service: name its executable in {VARIABLE}")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_ours_answers_as_the_ruby_service_beside_it_which_answers_what_was_recorded(file: Path) -> None:
    assert RUBY is not None
    played = scenarios(file)
    of_ruby, of_ours = play_all(played, RUBY), play_all(played, inside)
    found = [*changes(played, record.read(file.stem), of_ruby), *disagreements(played, of_ruby, of_ours)]
    assert list(map(str, found)) == []


def test_each_difference_is_shown_by_a_step_or_says_why_none_does() -> None:
    steps = [step for file in FILES for scenario in scenarios(file) for step in scenario.steps]
    shown = {READABLE_ERRORS, *(step.difference.because for step in steps if step.difference)}
    assert shown == {row.name for row in differences() if row.not_played is None}


def test_the_page_has_the_table_of_the_file() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_differences(page), "run `make differences`"
