"""Which interaction a request is held against (reference/matching.md §6.3)."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pactmock.matching.book import Book
from pactmock.matching.explaining.explain import explain
from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import received
from pactmock.reports.sentence import sentence
from tests.pacts import interaction, pact


def _book(*requests: dict[str, Any]) -> Book:
    items = [interaction(f"interaction {index}", request) for index, request in enumerate(requests)]
    return Book(reading.read_pact(pact(*items)).http_interactions)


def _request(document: dict[str, Any]) -> Request:
    read = reading.read_request(document, specification.V3)
    return replace(read, headers=received(read.headers))


def _index(verdict: Verdict) -> int:
    assert verdict.nearest is not None
    return verdict.nearest.index


def _firsts(book: Book) -> list[int]:
    """For each expectation, the index of the first one that a request for it satisfies too."""
    keys = [item.key for item in book.expectations]
    return [keys.index(item.identity) for item in book.expectations]


def test_the_interaction_that_matches_fully_wins_over_one_that_scores_higher() -> None:
    """Row 2: the reference takes the one with the headers, and refuses the request."""
    headers = {"A": "1", "B": "2", "C": "3"}
    book = _book({"headers": headers, "body": {"n": 1}}, {"body": {"n": 2}})
    verdict = book.match(_request({"headers": headers, "body": {"n": 2}}))
    assert (verdict.outcome, _index(verdict)) == (Outcome.MATCHED, 1)


def test_of_several_that_match_the_most_specific_wins_and_then_the_first() -> None:
    book = _book({}, {"headers": {"A": "1"}}, {})
    assert _index(book.match(_request({"headers": {"A": "1"}}))) == 1
    assert _index(book.match(_request({}))) == 0


def test_a_request_to_the_right_place_is_a_mismatch_and_another_is_not_expected() -> None:
    book = _book({"path": "/a", "headers": {"A": "1"}}, {"path": "/b"})
    mismatch = book.match(_request({"path": "/a"}))
    assert (mismatch.outcome, _index(mismatch)) == (Outcome.MISMATCH, 0)
    elsewhere = book.match(_request({"path": "/c"}))
    assert (elsewhere.outcome, _index(elsewhere)) == (Outcome.NOT_FOUND, 1)


def test_patterns_in_paths_stand_beside_literal_paths() -> None:
    """Row 76: the one that is the very path goes first."""
    rule = {"matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/users/\d+"}]}}}
    book = _book({"path": "/users/7", **rule}, {"path": "/users/1"})
    assert _index(book.match(_request({"path": "/users/5"}))) == 0
    assert _index(book.match(_request({"path": "/users/1"}))) == 1
    assert _index(book.match(_request({"path": "/users/7"}))) == 0
    assert book.match(_request({"path": "/users/x"})).outcome is Outcome.NOT_FOUND


def test_a_pact_without_interactions_expects_nothing() -> None:
    verdict = _book().match(_request({}))
    assert (verdict.outcome, verdict.nearest, verdict.mismatches) == (Outcome.NOT_FOUND, None, ())
    assert "no HTTP interactions" in sentence(explain(verdict))


def test_equal_requests_are_one_identity() -> None:
    """Row 55: one request satisfies both."""
    book = _book({"path": "/a"}, {"path": "/b"}, {"path": "/a"})
    assert _firsts(book) == [0, 1, 0]


def test_requests_are_equal_whatever_type_their_bodies_have_and_in_whatever_order_their_rules_are() -> None:
    """Row 55: identity is that of the bytes of a body."""
    rules = {path: {"matchers": [{"match": "type"}]} for path in ("$.a", "$.b")}
    same = {"path": "/a", "body": {}, "matchingRules": {"body": rules}}
    backwards = {**same, "body": "{}", "matchingRules": {"body": dict(reversed(rules.items()))}}
    fewer = {**same, "matchingRules": {"body": {"$.a": rules["$.a"]}}}
    book = _book(same, backwards, fewer, {**same, "body": ""}, {**same, "headers": {"A": "b"}})
    assert _firsts(book) == [0, 0, 2, 3, 4]


def test_a_verdict_says_in_one_sentence_what_came_nearest() -> None:
    source = pact(interaction("a user", {"path": "/users/1"}) | {"providerStates": [{"name": "user 1 exists"}]})
    verdict = Book(reading.read_pact(source).http_interactions).match(_request({"path": "/users/2"}))
    assert sentence(explain(verdict)) == (
        "GET /users/2 was not expected; the nearest interaction is 'a user' (given 'user 1 exists'):"
        " Expected '/users/2' to be equal to '/users/1'"
    )


requests = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "PUT"]), "path": st.sampled_from(["/a", "/b"])},
    optional={
        "query": st.dictionaries(st.sampled_from("pq"), st.lists(st.sampled_from("12"), min_size=1, max_size=1)),
        "headers": st.dictionaries(st.sampled_from("ABC"), st.sampled_from("12")),
        "body": st.fixed_dictionaries({}, optional={"x": st.integers(0, 1), "y": st.integers(0, 1)}),
    },
)


def test_an_interaction_is_compiled_when_it_is_first_asked_for() -> None:
    """Most of a large pact is never asked for in one test, and creating its mock server must not wait for that."""
    book = _book({"path": "/a", "body": {"n": 1}}, {"path": "/b", "body": {"n": 1}})
    book.match(_request({"path": "/b", "body": {"n": 1}}))
    assert ["body_check" in vars(item) for item in book.expectations] == [False, True]


def test_an_expected_body_that_is_too_deep_to_be_compiled_is_a_mismatch() -> None:
    """In base64 nobody sees it when the pact comes in."""
    deep = base64.b64encode(b'{"a":' * 900 + b"1" + b"}" * 900).decode()
    part = f"Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\n{deep}"
    disposition = 'Content-Disposition: form-data; name="f"; filename="f.json"'
    headers = {"Content-Type": "multipart/form-data; boundary=X"}
    request = {"headers": headers, "body": f"--X\r\n{disposition}\r\n{part}\r\n--X--\r\n"}
    assert _book(request).match(_request(request)).outcome is Outcome.MISMATCH


@given(st.lists(requests, min_size=1, max_size=6), requests)
def test_the_index_chooses_as_comparing_with_every_interaction_does(
    expected: list[dict[str, Any]], actual: dict[str, Any]
) -> None:
    """The definition of §6.3, with row 2 mended, is the oracle."""
    book, request = _book(*expected), _request(actual)
    results = [(item.index, item.match(request)) for item in book.expectations]
    best = max(results, key=lambda item: (item[1].all_matched, item[1].score, -item[0]))
    verdict = book.match(request)
    assert verdict.near[0].result.score == best[1].score
    assert _index(verdict) == best[0] or verdict.outcome is Outcome.NOT_FOUND  # then the path that is most like it
    assert (verdict.outcome is Outcome.MATCHED) is best[1].all_matched
    assert (verdict.outcome is Outcome.NOT_FOUND) is (best[1].is_elsewhere and not best[1].all_matched)


@settings(max_examples=100, deadline=None)
@given(st.lists(requests, min_size=17, max_size=24), requests)
def test_in_a_larger_pact_the_outcome_is_that_of_comparing_with_every_interaction(
    expected: list[dict[str, Any]], actual: dict[str, Any]
) -> None:
    """What scores higher elsewhere is looked up by query and headers; bodies are compared where they matter."""
    book, request = _book(*expected), _request(actual)
    results = [(item.index, item.match(request)) for item in book.expectations]
    best = max(results, key=lambda item: (item[1].all_matched, item[1].score, -item[0]))
    verdict = book.match(request)
    assert (verdict.outcome is Outcome.MATCHED) is best[1].all_matched
    assert (verdict.outcome is Outcome.NOT_FOUND) is (best[1].is_elsewhere and not best[1].all_matched)
    if not all(result.is_elsewhere for _, result in results):
        assert _index(verdict) == best[0]
