"""Errors gather their place on the way up, and say it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock import errors
from pactmock.client.error import read_error
from pactmock.errors import InvalidPact, InvalidRule, NotAllowed, PactmockError, PluginError, below
from pactmock.matching.book import Book
from pactmock.pact.documents.reading import read_pact
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.server.answers.script import Script

STEPS = st.lists(st.one_of(st.text(), st.integers(0, 100)), max_size=5)


def steps_of(pointer: str) -> list[str]:
    """Read a JSON pointer as RFC 6901 has it."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


@given(STEPS)
def test_each_reader_on_the_way_up_says_its_step_and_the_pointer_leads_down_again(steps: list[str | int]) -> None:
    error = InvalidPact("wrong")
    for step in reversed(steps):
        error.below(step)
    assert steps_of(error.pointer) == list(map(str, steps))
    assert error.to_json()["pointer"] == error.pointer


def test_a_block_adds_its_steps_to_what_comes_out_of_it() -> None:
    with pytest.raises(InvalidRule) as caught, below("rules", 0), below("a/b"):
        raise InvalidRule("This is wrong")
    assert str(caught.value) == "This is wrong (at /rules/0/a~1b)"
    assert caught.value.to_json() == {
        "error": "This is wrong (at /rules/0/a~1b)",
        "code": "invalid_rule",
        "pointer": "/rules/0/a~1b",
    }


def test_other_errors_than_ours_pass_a_block_as_they_are() -> None:
    with pytest.raises(KeyError, match="x"), below("rules"):
        raise KeyError("x")


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (InvalidPact("x"), {"pointer": ""}),
        (NotAllowed("x"), {}),
        (PluginError("x", plugin="p"), {"plugin": "p"}),
        (PluginError("x", plugin="p").below("plugins", 0), {"plugin": "p", "pointer": "/plugins/0"}),
    ],
)
def test_a_pointer_is_there_where_a_document_is_meant_or_a_place_is_known(
    error: PactmockError, fields: dict[str, str]
) -> None:
    assert error.fields == fields


BODY = {"a": "x", "l": ["1"], "m": {"k": "v"}}
BODY_RULES = {
    "$.a": {"matchers": [{"match": "type"}, {"match": "regex", "regex": "x"}]},
    "$.l": {
        "matchers": [
            {
                "match": "arrayContains",
                "variants": [
                    {
                        "index": 0,
                        "rules": {"$": {"matchers": [{"match": "date", "format": "y"}]}},
                        "generators": {"$": {"type": "Regex", "regex": "x"}},
                    }
                ],
            }
        ]
    },
    "$.m": {"matchers": [{"match": "eachKey", "rules": [{"match": "regex", "regex": "k"}]}]},
}
HEADER_RULES = {"X-A": {"matchers": [{"match": "regex", "regex": "x"}]}}
RULES = {"body": BODY_RULES, "header": HEADER_RULES}
GENERATORS = {"body": {"$.a": {"type": "Date", "format": "y"}}, "status": {"type": "RandomInt", "min": 200, "max": 299}}
INTERACTION = {
    "description": "a",
    "request": {"path": "/a", "method": "POST", "headers": {"X-A": "x"}, "body": BODY, "matchingRules": RULES},
    "response": {
        "status": 200,
        "body": BODY,
        "headers": {"X-A": "x"},
        "matchingRules": RULES,
        "generators": GENERATORS,
    },
}
FLAT = {
    "description": "b",
    "request": {"requestMatchingRules": {"$.body.a": {"match": "regex", "regex": "x"}, "$.headers.X": {"min": 1}}},
    "response": {"responseMatchingRules": {"$.body['b']": {"date": "y"}}},
}
PACT = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [INTERACTION, FLAT]}
WRONG: list[Any] = [
    None, 5, "(", "[", "$.", [], [5], {}, {"a": 5}, {"match": "regex"}, {"match": ""}, {"matchers": [5]},
    {"type": "Regex", "regex": "("}, {"type": "RandomInt", "min": 2, "max": 1}, {"X\n": "x"},
]  # fmt: skip


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for step, item in inside for found in places(item, (*place, step)))]


def at(document: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def refusal_of(document: Any) -> InvalidPact | None:
    try:
        pact = read_pact(document)
        Book(pact.http_interactions)
        Script(BoundPact(pact))
    except InvalidPact as error:
        return error
    return None


def broken_pacts() -> Iterator[Any]:
    """Put everything that may be wrong at every place of a pact, and where it can be one, as a name too."""
    for *way, last in places(PACT)[1:]:
        for wrong in WRONG:
            document = deepcopy(PACT)
            at(document, way)[last] = wrong
            yield document
            if isinstance(wrong, str) and isinstance(last, str):
                document = deepcopy(PACT)
                holder = at(document, way)
                holder[wrong] = holder.pop(last)
                yield document


def test_whatever_is_wrong_in_a_pact_is_said_with_its_place_once_and_that_place_is_there() -> None:
    refused = [(document, error) for document in broken_pacts() if (error := refusal_of(document)) is not None]
    for document, error in refused:
        assert error.message.count(" (at ") == bool(error.pointer)  # what is wrong with the whole has no place
        at(document, steps_of(error.pointer)[:-1])  # the last step may be what is missing
    assert len({error.pointer for _, error in refused}) > 50


@pytest.mark.parametrize(
    "make",
    [
        lambda: errors.NotJson("line 1"),
        lambda: InvalidPact("x"),
        lambda: InvalidRule("x (at /a)"),
        lambda: errors.Warned("x", "unknown_rule", 2),
        lambda: PluginError("x", plugin="p"),
        lambda: errors.NotAuthenticated("x"),
        lambda: errors.PortUnavailable("x", port=1),
        lambda: PactmockError("x"),
    ],
)
@given(STEPS)
def test_an_error_that_was_answered_is_read_as_what_it_was(
    make: Callable[[], PactmockError], steps: list[str | int]
) -> None:
    sent = make().below(*steps)
    got = read_error(sent.to_json(), sent.status)
    assert (type(got), got.to_json(), got.status) == (type(sent), sent.to_json(), sent.status)
    assert (str(got), got.problem) == (str(sent), sent.problem)
