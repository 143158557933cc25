"""The text of a verification is that of the Ruby service (reference/ruby-api.md §7)."""

from __future__ import annotations

import time
from typing import Any

from pactmock.ruby_api.matching import candidate
from pactmock.ruby_api.session import Session
from pactmock.ruby_api.verification import incorrect, verification
from tests.ruby_api.given import JSON, interaction, like, received, term


def session_of(*given: dict[str, Any], **members: Any) -> Session:
    session = Session()
    for request in given:
        session.register(interaction(request, **members))
    return session


def fail(session: Session, target: str, *actual: Any) -> None:
    """Have a request come that has the route of all that is expected, and matches none."""
    request = received(target, *actual)
    candidates = [candidate(item.interaction, request) for item in session.expected]
    session.mismatch(session.expected, incorrect(request.target, candidates))


def test_sections_come_in_their_order_with_a_line_for_each_occurrence() -> None:
    session = session_of({"query": "a=1", "headers": {"X-A": "1"}}, description="i", providerState="st")
    fail(session, "/x?a=2")
    fail(session, "/x?a=2")
    session.register(interaction({"path": "/m"}))
    session.register(interaction({"path": "/q", "query": {"a": "b", "c": term("1 2", r"\d")}}))
    session.miss("GET /u")
    difference = """Diff with interaction: "i" given "st"
Description of differences
--------------------------------------
* Could not find the header "X-A", expected to be "1" at $.headers.X-A
* Expected "1" but got "2" at $.query.a[0]
"""
    assert verification(session, "m.log") == (
        """Actual interactions do not match expected interactions for mock MockService.

Incorrect requests:
	GET /x?a=2 (request headers and query did not match)
	GET /x?a=2 (request headers and query did not match)

Missing requests:
	GET /m
	GET /q?a=b&c=1+2

Unexpected requests:
	GET /u

"""
        f"{difference}\n\n{difference}\nSee m.log for details.\n"
    )


def test_sections_without_lines_are_left_out() -> None:
    assert verification(session_of({"path": "/m"}), None) == (
        "Actual interactions do not match expected interactions for mock MockService.\n\n"
        "Missing requests:\n\tGET /m\n\n\nSee standard out/err for details.\n"
    )


def test_each_interaction_of_the_route_is_told_of() -> None:
    session = session_of({"headers": {"X": "1"}}, {"headers": {"X": "2"}, "body": {"a": 1}})
    fail(session, "/x")
    text = verification(session, None)
    assert "\tGET /x (request headers and body did not match)\n" in text
    assert text.count('Diff with interaction: "a request"\n') == 2


def test_queries_that_are_texts_are_named_as_they_were_given() -> None:
    text = verification(session_of({"query": "b=%20&a"}, {"path": "", "query": {"a": None, "b": "1"}}), None)
    assert "\tGET /x?b=%20&a\n\tGET /?&b=1\n" in text


def test_what_decided_and_what_helps_is_said_beneath() -> None:
    session = session_of({"body": {"a": like(1), "t": term("1", r"^\d$")}, "headers": {"Content-Type": "text/plain"}})
    fail(session, "/x", {"a": "1", "t": "x", "z": 1}, JSON)
    text = verification(session, None)
    assert '* Expected an Integer (like 1) but got a String ("1") at $.body.a\n  by Pact::SomethingLike\n' in text
    assert '* Expected a String matching /^\\d$/ but got "x" at $.body.t\n  by Pact::Term /^\\d$/\n' in text
    assert "only the keys that are expected" in text
    assert "compared to the letter" in text


def test_a_request_that_differs_everywhere_is_told_of_in_a_bounded_text() -> None:
    session = session_of({"body": {str(number): "x" * 2000 for number in range(2000)}})
    fail(session, "/x", {"y" * 2000: "z" * 2_000_000})
    assert len(verification(session, None)) < 50_000


def test_of_very_many_differences_the_first_are_said_and_the_others_counted_without_a_sentence_for_each() -> None:
    expected, request = interaction({"body": []}), received("/x", [1] * 200_000)
    begun = time.thread_time()
    candidates = [candidate(expected, request)]
    compared = time.thread_time()
    said = incorrect(request.target, candidates).said
    assert said.count("\n* Expected the list to end, but got 1") == 50
    assert "and 199,950 more in the body" in said
    assert time.thread_time() - compared < 2 * (compared - begun)
