"""Advice that can be followed: each sentence is about a cause that users of Pact ask about."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.matching.book import Book
from pactmock.matching.budget import Budget
from pactmock.matching.explaining.explain import explain
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from tests.pacts import interaction, pact
from tests.received import received

USER = {"path": {"matchers": [{"match": "regex", "regex": r"/users/[a-z]+/\d+"}]}}


def advice(expected: dict[str, Any], request: Request) -> str | None:
    book = Book(reading.read_pact(pact(interaction("any", expected))).http_interactions)
    with Budget():
        return explain(book.match(request)).advice


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/users/ada/1/", "The paths differ only in the slash at the end: send /users/ada/1."),
        ("/Users/Ada/1", "The paths differ only in upper and lower case: send /users/ada/1."),
        ("/users/ada", None),
        ("/users/bob/x", None),
    ],
)
def test_slashes_and_cases_are_seen_where_the_path_is_a_pattern(path: str, text: str | None) -> None:
    assert advice({"path": "/users/bob/7", "matchingRules": USER}, received("GET", path)) == text


def test_a_path_that_is_the_example_and_no_match_does_not_differ_in_case_from_itself() -> None:
    wrong = {"path": {"matchers": [{"match": "regex", "regex": "/other"}]}}
    assert advice({"path": "/users", "matchingRules": wrong}, received("GET", "/users")) is None


def test_a_slash_may_also_be_missing_in_a_pattern() -> None:
    slash = {"path": {"matchers": [{"match": "regex", "regex": r"/users/\d+/"}]}}
    said = "The paths differ only in the slash at the end: send /users/5/."
    assert advice({"path": "/users/1/", "matchingRules": slash}, received("GET", "/users/5")) == said


def test_a_path_that_no_client_can_send_is_not_advised() -> None:
    assert advice({"path": "/a/b c"}, received("GET", "/a%2Fb%20c")) == (
        "The paths differ only in what is percent-encoded: send /a/b%20c."
    )


def test_a_pre_flight_is_for_the_mock_server_to_answer() -> None:
    asked = received("OPTIONS", "/users", ("Origin", "http://shop"), ("Access-Control-Request-Method", "PUT"))
    said = advice({"method": "PUT", "path": "/users"}, asked)
    assert said is not None
    assert "cors=true" in said
    assert "--cors-preflight" in said


@pytest.mark.parametrize("path", ["/users", "/other"])
def test_nobody_is_told_to_send_another_method_than_options(path: str) -> None:
    said = advice({"method": "POST", "path": "/users"}, received("OPTIONS", path))
    assert said is not None
    assert "instead of OPTIONS" not in said


def test_a_header_that_may_be_empty_has_no_example() -> None:
    assert advice({"headers": {"X-Flag": ""}}, received("GET", "/")) == "The request has no header X-Flag: set it."


@pytest.mark.parametrize(
    ("expected", "sent", "said"),
    [
        (
            "x/y",
            "*/*",
            "The client sent `Accept: */*`, as it does where nobody sets that header: set it, for example to `x/y`.",
        ),
        ("application/json", "text/html", None),
        ("*/*", "*/*", None),
    ],
)
def test_what_a_client_accepts_where_nobody_said_anything_is_named(expected: str, sent: str, said: str | None) -> None:
    wanted = {"headers": {"Accept": expected}, "query": {"a": ["1"]}}
    assert advice(wanted, received("GET", "/", ("Accept", sent))) == said


def test_the_type_of_a_part_is_told_from_that_of_the_body() -> None:
    head = 'Content-Disposition: form-data; name="a"; filename="a"'
    body = f"--here\r\n{head}\r\nContent-Type: {{}}\r\n\r\ntext\r\n--here--\r\n"
    typed = ("Content-Type", "multipart/form-data; boundary=here")
    expected = {"method": "POST", "headers": dict([typed]), "body": body.format("application/json")}
    sent = received("POST", "/", typed, content=body.format("text/plain").encode())
    assert advice(expected, sent) == (
        "A part of the body was sent as text/plain: give it the Content-Type application/json."
    )
    assert advice(expected, received("POST", "/", ("Content-Type", "text/plain"), content=b"a")) == (
        "The body was sent as text/plain: set the header Content-Type to multipart/form-data;boundary=here."
    )


@pytest.mark.parametrize("kind", ["form-data", "mixed"])
def test_a_boundary_is_for_the_client_to_make_up(kind: str) -> None:
    body = '--{0}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{0}--\r\n'
    expected = {
        "method": "POST",
        "headers": {"Content-Type": f"multipart/{kind}; boundary=one"},
        "body": body.format("one"),
    }
    sent = ("Content-Type", f"multipart/{kind}; boundary=two")
    content = body.format("two").encode()
    said = advice(expected, received("POST", "/", sent, content=content))
    assert said is not None
    assert said.startswith(
        "Every client makes up a boundary of its own: add a matching rule for the header Content-Type"
    )
    pattern = said.partition("`")[2].partition("`")[0]
    expected["matchingRules"] = {"header": {"Content-Type": {"matchers": [{"match": "regex", "regex": pattern}]}}}
    assert Book(reading.read_pact(pact(interaction("any", expected))).http_interactions).find(
        received("POST", "/", sent, content=content)
    )


@pytest.mark.parametrize(
    ("body", "form"), [({"a": "1", "b c": 2}, "a=1&b+c=2"), ([1], "a=1&b=2"), ({"a": "x" * 2000}, "a=1&b=2")]
)
def test_json_for_the_body_of_a_form_is_the_pact_s_mistake(body: Any, form: str) -> None:
    typed = ("Content-Type", "application/x-www-form-urlencoded")
    expected = {"method": "POST", "headers": dict([typed]), "body": body}
    said = advice(expected, received("POST", "/", typed, content=b"a=1"))
    assert said == f"The body of the pact is JSON where its type is a form: write it as a text, such as `{form}`."


@pytest.mark.parametrize(("codec", "name"), [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")])
def test_a_byte_order_mark_before_json_is_named(codec: str, name: str) -> None:
    typed = ("Content-Type", "application/json")
    expected = {"method": "POST", "headers": dict([typed]), "body": {"a": 1}}
    said = advice(expected, received("POST", "/", typed, content='{"a":1}'.encode(codec)))
    assert said == f"The body begins with the byte order mark of {name}, and JSON is UTF-8 without one: send it so."
