"""What can be registered, and what is refused in which words (reference/ruby-api.md §3, §4)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.reading import read_interaction, read_interactions
from pactmock.ruby_api.session import Conflicting, Incorrect, Session
from pactmock.ruby_api.tree.examples import document_of, example
from pactmock.ruby_api.versions import V2, V3
from tests.ruby_api.given import document, each_like, interaction, like, regexp, term


def test_examples_stand_in_place_of_matchers_in_the_order_of_members() -> None:
    body = {"z": like({"b": 1, "a": term("x", "x")}), "y": each_like(each_like(1, 2), 2), "e": each_like("x", 0)}
    response = interaction(response={"body": body}).response
    assert example(response["body"]) == {"z": {"b": 1, "a": "x"}, "y": [[1, 1], [1, 1]], "e": []}
    assert list(example(response["body"])["z"]) == ["b", "a"]
    assert document_of(response["body"]) == body


def test_a_pattern_without_a_term_has_an_example_that_fits() -> None:
    assert example(interaction(response={"body": regexp("^ab{3}$")}).response["body"]) == "abbb"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (term("/abc", r"^/\d+$"), r'Value to generate "/abc" does not match regular expression /^\/\d+$/'),
        (term(None, "1"), "Please specify a value to generate for the Term"),
        ({"json_class": "Pact::Term", "data": {"generate": "a"}}, "Please specify a matcher for the Term"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused_in_the_words_of_the_ruby_service(body: Any, text: str) -> None:
    with pytest.raises(RubyError) as caught:
        interaction({"body": body})
    assert caught.value.document == {"message": text}


@pytest.mark.parametrize(
    ("body", "ruby_class"),
    [
        ({"json_class": "Kernel"}, "ArgumentError"),
        ({"json_class": 1}, "ArgumentError"),
        (regexp("("), "RegexpError"),
        ({"json_class": "Regexp"}, "TypeError"),
        ({"json_class": "Regexp", "s": "a", "o": "1"}, "ArgumentError"),
        ({"json_class": "Pact::Term"}, "NoMethodError"),
        ({"json_class": "Pact::Term", "data": {"generate": "a", "matcher": "a"}}, "TypeError"),
        (term(1, "1"), "NoMethodError"),
        (each_like(1, 10**9), "NoMemoryError"),
        (each_like(each_like(1, 10**4), 10**4), "NoMemoryError"),
        (each_like(1, "2"), "TypeError"),  # type: ignore[arg-type]
    ],
)
def test_what_the_ruby_service_fails_at_is_an_error_with_its_class(body: Any, ruby_class: str) -> None:
    with pytest.raises(RubyException) as caught:
        interaction({"body": [body]})
    assert caught.value.document["message"].startswith(f"Error ocurred in mock service: {ruby_class} - ")
    assert caught.value.document["backtrace"] == []


@pytest.mark.parametrize(
    ("posted", "ruby_class"),
    [
        (None, "NoMethodError"),
        ([], "TypeError"),
        ({"response": {}}, "NoMethodError"),
        ({"request": {"method": "get", "path": "/"}}, "NoMethodError"),
        (document({"headers": {"a": "1", "A": "2"}}), "Pact::DuplicateHeaderError"),
        (document({}, {"headers": {"a": "1", "A": "2"}}), "Pact::DuplicateHeaderError"),
        (document({"path": None}), "NoMethodError"),
        (document({"query": 1}), "NoMethodError"),
    ],
)
def test_an_interaction_that_is_none_is_an_error(posted: Any, ruby_class: str) -> None:
    with pytest.raises(RubyException) as caught:
        read_interaction(posted, V2)
    assert caught.value.ruby_class == ruby_class


def test_a_member_that_is_missing_is_named() -> None:
    with pytest.raises(RubyException, match=r"key not found: :path"):
        read_interaction({"request": {"method": "get"}, "response": {}}, V2)


def test_a_list_of_interactions_is_needed_where_all_are_replaced() -> None:
    assert read_interactions({"interactions": [], "example_description": "x"}, V2) == []
    bodies: list[Any] = [{}, {"interactions": 5}, {"interactions": True}, {"interactions": {"a": {}}}]
    for body in bodies:
        with pytest.raises(RubyException):
            read_interactions(body, V2)


@pytest.mark.parametrize(
    ("members", "in_2", "in_3"),
    [
        ({"providerState": "a"}, "a", "a"),
        ({"provider_state": "b"}, "b", None),
        ({"providerState": "a", "provider_state": "b"}, "b", "a"),
        ({"providerState": ""}, "", ""),
        ({"providerState": None}, None, None),
        ({"providerStates": [{"name": "c"}]}, None, "c"),
    ],
)
def test_a_provider_state_has_two_spellings(members: Any, in_2: Any, in_3: Any) -> None:
    assert interaction(**members).provider_state == in_2
    assert interaction(version=V3, **members).provider_state == in_3


TYPE = {"match": "type"}


@pytest.mark.parametrize(
    ("body", "rules", "expected"),
    [
        ({"a": "1"}, {"$.body.a": TYPE}, {"a": like("1")}),
        ({"a": "1"}, {"$.body['a']": {"match": "regex", "regex": r"\d"}}, {"a": term("1", r"\d")}),
        ({"a.b": "1"}, {"$.body['a.b']": TYPE}, {"a.b": like("1")}),
        ([1, 2], {"$.body[1]": TYPE}, [1, like(2)]),
        (
            {"l": [{"k": "1"}]},
            {"$.body.l": {"min": 1}, "$.body.l[*].*": TYPE, "$.body.l[*].k": {"regex": r"\d"}},
            {"l": each_like({"k": term("1", r"\d")})},
        ),
        ({"l": [1]}, {"$.body.l": {"min": 1, "match": "type"}}, {"l": each_like(1)}),
        (
            [["x"]],
            {"$.body": {"min": 1}, "$.body[*].*": TYPE, "$.body[*]": {"min": 2}, "$.body[*][*].*": TYPE},
            each_like(each_like("x", 2)),
        ),
        ([1], {"$.body": {"min": 2}}, [1]),
        ({"a": "1"}, {"$.body.zzz": TYPE, "$.body.*": TYPE, "$.body.a": {"match": "integer"}}, {"a": "1"}),
    ],
)
def test_rules_beside_examples_are_understood_as_matchers(body: Any, rules: Any, expected: Any) -> None:
    given = interaction({"body": body, "matchingRules": rules}).request
    assert document_of(given.body) == expected


def test_rules_are_understood_in_every_part_of_a_request() -> None:
    rules = {"$.path": {"regex": "x"}, "$.query.a[0]": TYPE, "$.headers.X-A": TYPE}
    given = interaction({"query": "a=1", "headers": {"X-A": "1"}, "matchingRules": rules}).request
    assert document_of(given.path) == term("/x", "x")
    assert document_of(given.query) == {"a": [like("1")]}
    assert document_of(given.headers) == {"X-A": like("1")}


# Sessions.


def used(*given: Interaction) -> Session:
    session = Session()
    for item in given:
        session.register(item)
    for expected in session.expected:
        session.match(expected)
    return session


@pytest.mark.parametrize(
    ("request_", "response", "parts"),
    [
        ({}, {"status": 201}, "response status"),
        ({"headers": {"A": "1"}}, {"status": 201, "body": "x"}, "request headers, response status and response body"),
        ({"path": "/y", "method": "GET"}, {}, "request method and request path"),
        ({"query": "a=1"}, {}, "request query"),
        ({}, {"body": like(1)}, "response body"),
    ],
)
def test_what_says_otherwise_under_a_name_that_was_used_is_refused(request_: Any, response: Any, parts: str) -> None:
    session = used(interaction())
    session.clear()
    with pytest.raises(Conflicting) as caught:
        session.register(interaction(request_, response))
    assert caught.value.message == (
        f'An interaction with same description ("a request") and provider state (nil) but a different {parts} has'
        " already been used. Please use a different description or provider state, or remove any random data in the"
        " interaction."
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (({"query": "a=1"}, {}), ({"query": {"a": "1"}}, {})),
        (({}, {"body": {"a": 1, "b": 2}}), ({}, {"body": {"b": 2.0, "a": 1}})),
        (({}, {}), ({}, {"headers": {}})),
    ],
)
def test_what_says_the_same_may_be_registered_again_and_is_written_once(first: Any, second: Any) -> None:
    session = used(interaction(*first), interaction(*second))
    assert len(session.written) == 1


def test_a_state_is_part_of_the_name() -> None:
    session = used(interaction(providerState="s"), interaction({}, {"status": 201}, providerState="t"))
    assert len(session.written) == 2
    with pytest.raises(Conflicting, match=r'provider state \("s"\)'):
        session.register(interaction({}, {"status": 201}, providerState="s"))


def test_an_interaction_is_missing_until_a_request_came_near_to_it() -> None:
    session = Session()
    for path in ("/a", "/b", "/c"):
        session.register(interaction({"path": path}, description=path))
    first, second, third = session.expected
    session.match(first)
    session.mismatch([second], Incorrect("GET /b", ("body",), ""))
    assert session.missing == [third.interaction]
    assert not session.matched
    session.clear()
    assert (session.missing, session.failed) == ([], 0)
    assert session.written == [first.interaction]


def test_a_mismatch_is_not_forgiven_by_a_request_that_matches() -> None:
    session = Session()
    session.register(interaction())
    session.mismatch(session.expected, Incorrect("GET /x", ("body",), ""))
    session.match(session.expected[0])
    assert session.missing == []
    assert not session.matched


def test_the_same_interaction_twice_is_expected_twice() -> None:
    session = Session()
    session.register(interaction())
    session.register(interaction())
    session.match(session.expected[0])
    assert len(session.missing) == 1


def test_replacing_stops_at_the_first_conflict() -> None:
    session = used(interaction(description="b"))
    wanted = [
        interaction(description="a"),
        interaction({}, {"status": 1}, description="b"),
        interaction(description="c"),
    ]
    with pytest.raises(Conflicting):
        session.replace(wanted)
    assert [item.interaction.description for item in session.expected] == ["a"]


def test_what_is_not_to_be_written_is_mocked_and_verified_all_the_same() -> None:
    session = used(interaction(metadata={"write_to_pact": False}))
    assert session.matched
    assert session.written == []


def test_patterns_have_a_bound_together() -> None:
    session = Session()
    large = [interaction({"path": term("/", f"(/|a{{40000}}){{1}}{number}?")}) for number in range(6)]
    with pytest.raises(RubyException, match="repeat less"):
        session.replace(large)
    assert len(session.expected) == 5
    session.clear()
    session.register(interaction({"path": term("/", "(/|a{40000}){1}")}))


def test_requests_that_fail_a_million_times_take_no_room() -> None:
    session = Session()
    for _ in range(5000):
        session.miss("GET /u")
    assert len(session.unexpected) < 5000
    assert session.failed == 5000


def test_a_session_of_thousands_of_interactions_takes_no_longer_for_each_of_them() -> None:
    session = Session()
    given = [interaction({"path": f"/{number}"}, description=str(number)) for number in range(5000)]
    began = time.process_time()
    for item in given:
        session.register(item)
    for expected in session.expected:
        session.match(expected)
    assert time.process_time() - began < 5  # it was a minute where each was held against all others
    assert [item.description for item in session.written] == [item.description for item in given]
