"""What a person reads at a terminal: what was received, expected and actual side by side, the rule, advice."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.matching.book import Book
from pactmock.matching.explaining.explain import explain, missing
from pactmock.matching.explaining.explanation import PLUGIN_MISMATCH, Difference, Explanation, PartFinding
from pactmock.matching.mismatch import BodyMismatch
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.reports.text import report
from pactmock.reports.visible import visible
from tests.pacts import interaction, pact, rules
from tests.received import received

JSON = ("Content-Type", "application/json")


def _book(request: dict[str, Any], **more: Any) -> Book:
    item = {"path": "/orders", "method": "POST", "headers": {"Content-Type": "application/json"}, **request}
    return Book(reading.read_pact(pact(interaction("an order", item) | more)).http_interactions)


def _lines(explanation: Explanation) -> list[str]:
    """Print it as a client does that has it from the API."""
    return list(report("title", [json_report.read(json_report.mismatch(explanation))]))[2:]


def _post(book: Book, content: str, path: str = "/orders") -> Explanation:
    request: Request = received("POST", path, JSON, content=content.encode())
    return explain(book.match(request))


def test_a_value_that_differs_is_shown_beside_the_expected_one_with_the_rule_and_some_advice() -> None:
    book = _book(
        {"body": {"id": 7, "note": "a"}, "matchingRules": rules(**{"$.id": {"match": "integer"}})},
        providerStates=[{"name": "the shop is open"}],
    )
    assert _lines(_post(book, '{"id": "7", "note": "b"}')) == [
        "1) POST /orders did not match",
        "   interaction: an order (given the shop is open)",
        "   matched: method, path, query, headers",
        "   - body $.id: Expected '7' (String) to be an integer",
        "       expected                             | actual",
        '       7                                    | "7"',
        '       decided by the rule at $.id: {"match": "integer"}',
        "   - body $.note: Expected 'b' (String) to be equal to 'a' (String)",
        "       expected                             | actual",
        '       "a"                                  | "b"',
        "   advice: $.id is a number inside a text: send 7 without the quotes.",
    ]


def test_what_was_received_is_said_and_not_the_example_of_a_path_that_is_a_pattern() -> None:
    users = {"path": {"matchers": [{"match": "regex", "regex": r"/users/\d+"}]}}
    book = _book({"path": "/users/1", "body": {"id": 1}, "matchingRules": users})
    explanation = _post(book, '{"id": 2}', "/users/7")
    assert _lines(explanation)[0] == "1) POST /users/7 did not match"
    assert sentence(explanation).startswith("POST /users/7 does not match 'an order'")
    said = json_report.mismatch(explanation)
    assert (said["path"], said["received"]["path"]) == ("/users/1", "/users/7"), "the path is that of the reference"
    assert said["request"] == {
        "method": "POST",
        "path": "/users/7",
        "headers": {"content-type": "application/json"},
        "body": {"id": 2},
    }


@pytest.mark.parametrize(("path", "said"), [("", "all is wrong"), ("row:1", "row:1 -> all is wrong")])
def test_a_place_that_a_plugin_does_not_name_leaves_no_arrow(path: str, said: str) -> None:
    assert BodyMismatch(path, b"", b"", "all is wrong").description() == said
    difference = Difference("BodyMismatch", ("path", path), "", "", "all is wrong")
    found = (PartFinding("", (difference,)),)
    assert sentence(Explanation(PLUGIN_MISMATCH, "grpc", "S/m", parts=found)) == f"grpc S/m did not match: {said}"


def test_a_list_that_differs_is_shown_once_and_not_once_an_item() -> None:
    explanation = _post(_book({"body": {"items": list(range(5))}}), '{"items": [0]}')
    assert _lines(explanation)[3:] == [
        "   - body $.items: Expected 1 but was missing",
        "     Expected 2 but was missing",
        "     Expected a List with 5 elements but received 1 elements",
        "     and 2 more here",
        "       expected                             | actual",
        "       [0,1,2,3,4]                          | [0]",
    ]
    assert sentence(explanation) == (
        "POST /orders does not match 'an order': $.items -> Expected 1 but was missing; $.items -> Expected 2 but was"
        " missing; $.items -> Expected a List with 5 elements but received 1 elements; and 2 more"
    )


def test_what_is_not_listed_is_counted() -> None:
    explanation = _post(_book({"body": list(range(6000))}), "[]")
    assert _lines(explanation)[-1].endswith(" more in the body")
    assert sentence(explanation).endswith("; and 5,998 more")


def test_new_lines_and_other_control_characters_cannot_forge_a_line() -> None:
    book = _book({"body": {"a": "x"}})
    forged = "x\\n2) GET / matched\\r\\u001b[2J\\u2028"
    explanation = _post(book, f'{{"a": "{forged}"}}')
    for text in [sentence(explanation), *_lines(explanation)]:
        assert "\n" not in text
        assert "\x1b" not in text
        assert not text.startswith("2)")
    assert "x\\n2) GET / matched\\r\\u{1b}[2J\\u{2028}" in sentence(explanation)


def test_the_lines_of_a_value_stay_in_its_column() -> None:
    book = _book({"headers": {"Content-Type": "text/plain"}, "body": "one\ntwo"})
    explanation = explain(book.match(received("POST", "/orders", ("Content-Type", "text/plain"), content=b"one\n2) x")))
    assert _lines(explanation)[4:] == [
        "       expected                             | actual",
        "       one                                  | one",
        "       two                                  | 2) x",
    ]


def test_the_request_is_named_as_it_was_received() -> None:
    rule = {"path": {"matchers": [{"match": "regex", "regex": "/orders/\\d+"}]}}
    book = _book({"path": "/orders/1", "matchingRules": rule, "body": {"a": 1}})
    assert _lines(_post(book, "{}", "/orders/27"))[0] == "1) POST /orders/27 did not match"


def test_an_interaction_that_was_not_asked_for_is_named() -> None:
    assert _lines(missing(_book({}).expectations[0])) == [
        "1) POST /orders was expected and never came",
        "   interaction: an order",
    ]
    assert sentence(missing(_book({}).expectations[0])) == ("POST /orders was expected for 'an order' and never came")


def test_what_a_plugin_found_is_shown_by_what_it_is_about() -> None:
    found = (
        Difference("BodyMismatch", ("path", "$.a"), "1", "2", "not the same", details=(("diff", "-1 +2"),)),
        Difference("MetadataMismatch", ("path", "key"), "a", None, "missing"),
    )
    explanation = Explanation(
        PLUGIN_MISMATCH, "grpc", "Shop/order", parts=(PartFinding("", found),), error="it differs"
    )
    assert _lines(explanation) == [
        "1) grpc Shop/order did not match",
        "   it differs",
        "   - body $.a: not the same",
        "       expected                             | actual",
        "       1                                    | 2",
        "   - metadata key: missing",
        "       expected                             | actual",
        "       a                                    | (nothing)",
    ]


def test_text_that_can_be_read_is_not_escaped() -> None:
    assert visible("a 'b' \"c\" \\d+ ä € 漢 😀") == "a 'b' \"c\" \\d+ ä € 漢 😀"
