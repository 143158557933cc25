"""Path expressions are parsed, written and refused as the reference does it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.pact.path_expression import Token, Wildcard, of_tokens, parse

ANY, ANY_INDEX = Wildcard.ANY, Wildcard.ANY_INDEX


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("$", ()),
        ("$.a.b", ("a", "b")),
        ("$['a']['b-c'][0][*].*", ("a", "b-c", 0, ANY_INDEX, ANY)),
        ("$.a-b.#text.@id.ns:el", ("a-b", "#text", "@id", "ns:el")),
        ("$['*']['.*']['=x']", ("*", ".*", "=x")),
        ("Content-Type", ("Content-Type",)),
        ("Q[0]", ("Q", 0)),
        ("$.é['ключ']", ("é", "ключ")),
        ("$[007]", (7,)),
    ],
)
def test_an_expression_has_these_tokens(text: str, tokens: tuple[Token, ...]) -> None:
    assert parse(text).tokens == tokens


@pytest.mark.parametrize("name", ["it's", "back\\slash", "\\'", "'"])
def test_quotes_and_backslashes_survive_writing_and_reading(name: str) -> None:
    """Row 39: the reference writes them escaped and cannot read them again."""
    assert parse(of_tokens((name,)).text).tokens == (name,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("_x", 'Path expression "_x" does not start with a root marker "$"'),
        (".x", 'Path expression ".x" does not start with a root marker "$"'),
        ("$a", 'Expected a "." or "[" instead of "a" in path expression "$a" at index 1'),
        ("$.a[0]x", 'Expected a "." or "[" instead of "x" in path expression "$.a[0]x" at index 6'),
        ("$.", 'Expected a path after "." in path expression "$." at index 1'),
        ("$..a", 'Expected either a "*" or path identifier in path expression "$..a" at index 2'),
        ("$.a b", '" " is not allowed in an identifier in path expression "$.a b" at index 3'),
        ("$[]", 'Empty bracket expressions are not allowed in path expression "$[]" at index 2'),
        ("$['']", "Empty strings are not allowed in path expression \"$['']\" at index 3"),
        ("$['a", 'Unterminated string in path expression "$[\'a" at index 3'),
        (
            "$[1a]",
            'Indexes can only consist of numbers or a "*", found "a" instead in path expression "$[1a]" at index 3',
        ),
        ("$[1", 'Unterminated brackets in path expression "$[1" at index 2'),
        ("$['a'x]", 'Unterminated brackets, found "x" instead of "]" in path expression "$[\'a\'x]" at index 5'),
        ("$[", 'Expected a "\'" (single qoute) or a digit in path expression "$[" after index 1'),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_reference(text: str, message: str) -> None:
    with pytest.raises(InvalidRule) as caught:
        parse(text)
    assert caught.value.message == message


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
tokens = st.lists(st.one_of(names, st.integers(0, 10**9), st.sampled_from(Wildcard)), max_size=8)


@given(tokens)
def test_parsing_what_was_written_gives_the_same_tokens(steps: list[Token]) -> None:
    assert parse(of_tokens(tuple(steps)).text).tokens == tuple(steps)


def test_expressions_that_were_forgotten_are_read_again() -> None:
    many = {f"$.member_{number}[{number % 7}]": (f"member_{number}", number % 7) for number in range(20_000)}
    for _ in range(2):
        assert {text: parse(text).tokens for text in many} == many


@given(st.text(max_size=20))
def test_any_text_is_an_expression_or_an_invalid_rule(text: str) -> None:
    with suppress(InvalidRule):
        assert parse(text).text == text
