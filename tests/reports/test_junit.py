"""What CI servers read: valid, never greener than the verdict, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.reports.formats import FORMATS
from pactmock.reports.listed import ListedInteraction
from pactmock.reports.report import Report, ServerReport
from tests.pacts import interaction, pact
from tests.reports.reported import report_on, reports

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))
TWO = pact(interaction("the first", {"path": "/a"}, status=200), interaction("the second", {"path": "/b"}))


def _suites(*servers: ServerReport) -> list[etree._Element]:
    root = etree.fromstring(FORMATS["junit"].render(Report(servers)).encode())
    SCHEMA.assertValid(root)
    suites = root.findall("testsuite")
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(count, "")) == sum(case.find(tag) is not None for case in cases)
        names = [case.get("name") for case in cases]
        assert len(set(names)) == len(names), "readers take two cases of one name for one"
    return suites


def _results(suite: etree._Element) -> dict[str, str]:
    return {case.get("name", ""): case[0].tag if len(case) else "passed" for case in suite.findall("testcase")}


async def test_each_interaction_is_a_test_case() -> None:
    (suite,) = _suites(await report_on(TWO, [("GET", "/a"), ("GET", "/b")]))
    assert _results(suite) == {"the first": "passed", "the second": "passed"}
    assert {case.get("classname") for case in suite.findall("testcase")} == {"web.api"}
    assert suite.get("name") == "web -> api"


async def test_what_differs_fails_the_case_of_its_interaction_and_what_fits_none_is_a_case_of_its_own() -> None:
    (suite,) = _suites(await report_on(TWO, [("GET", "/a?x=1"), ("GET", "/a"), ("GET", "/c"), ("GET", "/c")]))
    assert _results(suite) == {
        "the first": "failure",
        "the second": "failure",
        "GET /c was not expected": "failure",
        "GET /c was not expected #2": "failure",
    }
    first, second, *_ = suite.findall("testcase/failure")
    assert first.get("type") == "request-mismatch"
    assert "Unexpected query parameter 'x' received" in first.get("message", "")
    assert "       expected                             | actual\n" in (first.text or "")
    assert second.get("type") == "missing-request"
    assert second.get("message") == "GET /b was expected for 'the second' and never came"


async def test_a_pact_without_interactions_is_not_green_when_something_came() -> None:
    (suite,) = _suites(await report_on(pact(), [("GET", "/a")]))
    assert _results(suite) == {"GET /a was not expected": "failure", "warnings of the pact": "skipped"}
    assert "nothing is expected" in (suite.findtext("system-err") or "").lower() or suite.findtext("system-err")


def _server(**members: Any) -> ServerReport:
    return ServerReport("id", "web", "api", **({"matched": False} | members))


NAME = InteractionName("an order", "key")


@pytest.mark.parametrize(
    ("server", "results"),
    [
        (
            _server(explanations=(Explanation(kinds.REFUSED, "GET", "/", received=("GET", "/"), error="too long"),)),
            {"GET / was refused, so nobody could decide on it": "error"},
        ),
        (_server(unlisted=3), {"what is not listed": "failure"}),
        (_server(), {"all that was expected": "failure"}),
        (_server(matched=True, error="the disk is full"), {"the pact file": "error"}),
        (_server(matched=True, warnings=("a", "b")), {"warnings of the pact": "skipped"}),
        (
            _server(interactions=(ListedInteraction(NAME, "GET", "/", received=False, served=0),), unlisted=1),
            {"an order": "failure", "what is not listed": "failure"},
        ),
        (
            _server(interactions=(ListedInteraction(NAME, "GET", "/", received=True, served=0),), unlisted=1),
            {"an order": "skipped", "what is not listed": "failure"},
        ),
        (
            _server(interactions=(ListedInteraction(NAME),)),
            {"an order": "skipped", "all that was expected": "failure"},
        ),
        (_server(matched=True, interactions=(ListedInteraction(NAME),)), {"an order": "passed"}),
    ],
)
def test_the_cases_are_never_greener_than_the_verdict(server: ServerReport, results: dict[str, str]) -> None:
    (suite,) = _suites(server)
    assert _results(suite) == results


MESSAGES = {
    "consumer": {"name": "web"},
    "provider": {"name": "api"},
    "interactions": [
        {"type": "Synchronous/HTTP", "description": "a request", "request": {"path": "/a"}, "response": {}},
        {"type": "Asynchronous/Messages", "description": "a message", "contents": {"content": {"a": 1}}},
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
}


@pytest.mark.parametrize(("counts", "result"), [(False, "skipped"), (True, "failure")])
async def test_a_message_that_nobody_tested_is_skipped_or_fails_where_it_counts(*, counts: bool, result: str) -> None:
    (suite,) = _suites(await report_on(MESSAGES, [("GET", "/a")], counts_messages=counts))
    assert _results(suite) == {"a request": "passed", "a message": result}


async def test_cases_of_one_name_are_told_apart_by_their_states_or_by_a_number() -> None:
    given_states = [
        {**interaction("it", {"path": f"/{number}"}), "providerStates": [{"name": state}]}
        for number, state in enumerate(("a", "b", "b"))
    ]
    (suite,) = _suites(await report_on(pact(*given_states)))
    assert list(_results(suite)) == ["it (given a)", "it (given b)", "it (given b) #2"]


def test_a_report_has_a_bound_and_says_what_it_leaves_out() -> None:
    differences = tuple(Difference("BodyMismatch", ("path", f"$[{n}]"), "x" * 900, "y", "differs") for n in range(100))
    parts = (PartFinding("body", differences),)
    one = Explanation(kinds.PLUGIN_MISMATCH, "grpc", "a/b", parts=parts, error="it differs")
    listed = tuple(ListedInteraction(replace(NAME, key=str(n)), "GET", "/", True, 1) for n in range(20_000))
    text = FORMATS["junit"].render(Report((_server(explanations=(one,) * 1000, interactions=listed),)))
    assert len(text) < 8_000_000
    assert "details are left out" in text
    assert "15,000 more interactions and messages" in text
    (suite,) = _suites(_server(explanations=(one,) * 1000, interactions=listed))
    assert suite.get("failures") == "1000", "no problem is left out"


@given(report=reports())
def test_any_value_leaves_it_valid(report: Report) -> None:
    first, second = _suites(*report.servers)
    for server, suite in zip(report.servers, (first, second), strict=True):
        is_green = suite.get("failures") == suite.get("errors") == "0"
        assert server.passed or not is_green
