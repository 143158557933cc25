"""Row 76: of interactions that a request meets alike, the one answers whose example it is."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.matching.book import Book
from pactmock.matching.budget import Budget
from pactmock.pact.documents import reading
from tests.pacts import interaction, pact, rules
from tests.received import received

TYPE = {"matchers": [{"match": "type"}]}
JSON = {"Content-Type": "application/json"}


def answering(*requests: dict[str, Any]) -> Book:
    """A book of interactions with these requests, each called by its number."""
    described = pact(*(interaction(str(number), request) for number, request in enumerate(requests)))
    return Book(reading.read_pact(described).http_interactions)


def met(book: Book, method: str, target: str, *headers: tuple[str, str], content: bytes = b"") -> str:
    with Budget():
        verdict = book.match(received(method, target, *headers, content=content))
    assert verdict.nearest is not None
    return verdict.nearest.interaction.description


def by_query(value: str) -> dict[str, Any]:
    return {"path": "/users", "query": {"id": [value]}, "matchingRules": {"query": {"id": TYPE}}}


def by_body(document: Any) -> dict[str, Any]:
    ruled = rules(**{"$": {"match": "type"}})
    return {"method": "POST", "path": "/users", "headers": JSON, "body": document, "matchingRules": ruled}


def test_the_example_of_a_query_decides_among_equals() -> None:
    book = answering(by_query("1"), by_query("2"))
    assert [met(book, "GET", f"/users?id={number}") for number in (1, 2, 3)] == ["0", "1", "0"]


def test_the_example_of_a_header_decides_among_equals() -> None:
    def by_header(value: str) -> dict[str, Any]:
        return {"headers": {"X-User": value}, "matchingRules": {"header": {"X-User": TYPE}}}

    book = answering(by_header("ada"), by_header("bob"))
    assert [met(book, "GET", "/", ("x-user", name)) for name in ("ada", "bob", "eve")] == ["0", "1", "0"]


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b'{"name":"Ada","tags":["x","y"],"age":1}', "0"),
        (b'{"name":"Bob","tags":["x","y"],"age":2}', "1"),
        (b'{"name":"Bob","tags":["x","y"],"age":1}', "0"),
        (b'{"name":"Ada","tags":["x","z"],"age":2}', "1"),
        (b'{"name":"Eve","tags":[],"age":0}', "0"),
        (b'{"name":"Eve","tags":["z","z"],"age":2}', "1"),
    ],
)
def test_the_example_of_which_fewer_values_of_a_body_differ_decides_among_equals(
    content: bytes, description: str
) -> None:
    book = answering(
        by_body({"name": "Ada", "tags": ["x", "y"], "age": 1}), by_body({"name": "Bob", "tags": ["x", "z"], "age": 2})
    )
    assert met(book, "POST", "/users", ("Content-Type", "application/json"), content=content) == description


def test_a_path_that_is_the_example_goes_before_one_that_fits_a_pattern() -> None:
    pattern = {
        "path": "/users/1",
        "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/users/\d+"}]}},
    }
    book = answering(pattern, {"path": "/users/7"}, pattern | {"path": "/users/8"})
    assert [met(book, "GET", f"/users/{number}") for number in (1, 7, 8, 9)] == ["0", "1", "2", "0"]


def test_a_score_goes_before_an_example_and_the_order_of_the_pact_before_what_asks_for_other_parts() -> None:
    more = by_query("1") | {"headers": {"X-A": "1"}}
    assert met(answering(by_query("2"), more), "GET", "/users?id=2", ("X-A", "1")) == "1"
    for one, other in ((by_body({"a": 1}), {"method": "POST", "path": "/users", "headers": JSON}),):
        request = ("POST", "/users", ("Content-Type", "application/json"))
        assert met(answering(one, other), *request, content=b'{"a":2}') == "0"
        assert met(answering(other, one), *request, content=b'{"a":1}') == "0"


def test_what_is_no_json_counts_as_a_whole() -> None:
    def text(body: str) -> dict[str, Any]:
        ruled = rules(**{"$": {"match": "regex", "regex": ".*"}})
        return {"method": "POST", "headers": {"Content-Type": "text/plain"}, "body": body, "matchingRules": ruled}

    book = answering(text("one"), text("two"))
    assert [
        met(book, "POST", "/", ("Content-Type", "text/plain"), content=body) for body in (b"one", b"two", b"x")
    ] == [
        "0",
        "1",
        "0",
    ]
