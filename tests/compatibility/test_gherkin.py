"""Features are read as Gherkin says, and what is no Gherkin is refused."""

from __future__ import annotations

import pytest

from tests.compatibility.gherkin import NotGherkin, Scenario, Step, Table, parse

FEATURE = r'''
# a comment
@some @tags
Feature: Apples
  Free text, even: with a colon

  Background:
    Given a tree

  @tag
  Scenario: Picking
    When these are picked:
      | name  | cell              |
      | red   | a \| b, \n, \d \\ |
      | green |                   |
    * nothing is left

  Scenario Outline: Eating <count>
    Given a note:
      """
      <count> apples,
        # and no pears
      """
    Then <count> are eaten

    Examples:
      | count |
      | 1     |
      | 2     |
'''


def test_a_feature_is_read_with_its_background_before_the_steps_of_each_scenario() -> None:
    feature = parse(FEATURE)
    tree = Step("Given", "a tree")
    cells = Table((("name", "cell"), ("red", "a | b, \n, \\d \\"), ("green", "")))
    assert feature.name == "Apples"
    assert feature.scenarios == (
        Scenario("Picking", (tree, Step("When", "these are picked:", cells), Step("*", "nothing is left"))),
        *(
            Scenario(
                f"Eating {count} (example {count})",
                (
                    tree,
                    Step("Given", "a note:", doc=f"{count} apples,\n  # and no pears"),
                    Step("Then", f"{count} are eaten"),
                ),
            )
            for count in (1, 2)
        ),
    )


def test_a_table_names_its_cells_by_the_first_row() -> None:
    assert Table((("a", "b"), ("1", "2"), ("3", ""))).records() == [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Scenario: no feature", 1),
        ("Feature: f\nScenario: s\nGiben a typing error", 3),
        ("Feature: f\nScenario: s\nGiven a table\n| a | b |\n| 1 |", 5),
        ("Feature: f\nScenario: s\nGiven a table\n| a | b", 4),
        ('Feature: f\nScenario: s\nGiven a text\n"""\nwithout an end', 5),
        ("Feature: f\nScenario Outline: s\nGiven a step", 4),
        ("Feature: f\nScenario Outline: s\nGiven a step\nExamples:", 5),
        ("Feature: f\nRule: r", 2),
    ],
)
def test_a_line_that_cannot_stand_where_it_stands_is_named(text: str, line: int) -> None:
    with pytest.raises(NotGherkin, match=f"Line {line}:"):
        parse(text)
