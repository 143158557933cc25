"""What Java quotes in a pattern, nobody else does: a warning says what to write."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from pactmock.errors import PactmockError
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify


def links(pattern: str) -> Any:
    body = {"href": "http://localhost:8080/orders"}
    ruled = rules(**{"$.href": {"match": "regex", "regex": pattern}})
    return pact(interaction("a link", headers={"Content-Type": "application/json"}, body=body, matchingRules=ruled))


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        (r".*\/(\Qorders\E)$", r".*\/(orders)$"),
        (r".*\Q://localhost:8080/orders", r".*://localhost:8080/orders"),
        (r"\Qhttp://localhost\E(\Q:8080\E)?/\Q\E\w+", r"http://localhost(:8080)?/\w+"),
        (r".*/\Q(a.b)\E?orders", r".*/\(a\.b\)?orders"),
    ],
)
async def test_a_quotation_of_java_is_a_warning_with_what_to_write(pattern: str, meant: str) -> None:
    (warning,) = MockServer(links(pattern)).warnings
    assert warning.code == "java_quotes"
    assert warning.pointer == "/interactions/0/response/matchingRules/body/$.href/matchers/0"
    assert warning.text.endswith(f": write {meant}")
    assert not await verify(links(pattern), does(links(pattern)))
    if "(a" not in pattern:
        assert await verify(links(meant), does(links(meant)))


def test_an_escaped_backslash_begins_no_quotation() -> None:
    assert [warning.code for warning in MockServer(links(r".*\\Q.*")).warnings] == ["broken_example"]


def test_it_is_seen_in_requests_too_and_refused_when_warnings_are() -> None:
    rule = {"path": {"matchers": [{"match": "regex", "regex": r"/\Qorders\E/\d+"}]}}
    given = pact(interaction("an order", {"path": "/orders/1", "matchingRules": rule}))
    (warning,) = MockServer(given).warnings
    assert warning.pointer == "/interactions/0/request/matchingRules/path/matchers/0"
    with pytest.raises(PactmockError, match="quotes in Java alone"):
        MockServer(given, strict=True)


@pytest.mark.parametrize("part", ["request", "response"])
def test_json_for_a_form_is_a_warning_with_what_to_write(part: str) -> None:
    given = pact(interaction("a form"))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    given["interactions"][0][part] |= {"headers": form, "body": {"a": "1", "b": 2}}
    (warning,) = MockServer(given).warnings
    assert (warning.code, warning.pointer) == ("json_for_form", f"/interactions/0/{part}/body")
    assert warning.text.endswith("write it as `a=1&b=2`")
