"""On a service that others can reach, nothing that is noted shows what a client sent in a secret header."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching import compare_message
from pactmock.matching.book import Book
from pactmock.matching.budget import Budget
from pactmock.matching.explaining.explain import explain
from pactmock.matching.verdict import Outcome, Verdict
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.documents.writing import write_request
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.server.records.secrets import SECRET_HEADERS, SHOWN, Secrets
from tests import received as requests
from tests.pacts import interaction, pact

HIDDEN = Secrets(active=True)

RULES: list[dict[str, Any] | None] = [
    None,
    {"match": "regex", "regex": "Bearer [0-9]+"},
    {"match": "equality"},
    {"match": "include", "value": "Q"},
    {"match": "integer"},
    {"match": "date", "format": "yyyy"},
    {"match": "semver"},
    {"match": "type", "min": 3},
    {"match": "type", "max": 1},
    {"match": "arrayContains", "variants": [{"index": 0, "rules": {}}]},
    {"match": "contentType", "value": "image/png"},
]


def _verdict(
    expected: Any, *received: tuple[str, str], rule: Any = None, name: str = "Authorization", path: str = "/"
) -> Verdict:
    rules = {} if rule is None else {"matchingRules": {"header": {name: {"matchers": [rule]}}}}
    document = pact(interaction("secret", {"headers": {name: expected}, **rules}))
    return Book(reading.read_pact(document).http_interactions).match(requests.received("GET", path, *received))


def _noted(verdict: Verdict) -> str:
    """All that can be said of a verdict, in the spellings that it is said in."""
    request = write_request(verdict.request, specification.V3)
    explanation = explain(verdict)
    said = [sentence(explanation), json_report.mismatch(explanation), request, repr(verdict)]
    return json.dumps(said, ensure_ascii=False)


@pytest.mark.parametrize(
    ("received", "expected", "shown"),
    [
        ("Bearer abcdef", None, "Bearer [6 characters]"),
        ("Bearer abcdef", "Bearer abcdef", "Bearer [6 characters]"),
        ("Bearer xbcdef", "Bearer abcdef", "Bearer [6 characters, differs at character 8]"),
        ("Bearer abc", "Bearer abcdef", "Bearer [3 characters, differs at character 11]"),
        ("bEARER abc", "Bearer abc", "bEARER [3 characters, differs at character 1]"),
        ("swordfish for all", "Bearer abc", "[17 characters, differs at character 1]"),
        ("Own abc", "Own abd", "Own [3 characters, differs at character 7]"),
        ("x", None, "[1 character]"),
        ("", "Bearer abc", ""),
    ],
)
def test_a_secret_is_shown_by_scheme_length_and_where_it_differs(
    received: str, expected: str | None, shown: str
) -> None:
    assert HIDDEN.mask("AUTHORIZATION", received, expected) == shown


def test_what_is_no_secret_stays_as_it_is_and_all_does_where_nothing_is_to_be_hidden() -> None:
    verdict = _verdict("Bearer abc", ("authorization", "Bearer xyz"), ("accept", "text/html"))
    assert HIDDEN.verdict(verdict).request.headers["accept"] == ("text/html",)
    assert SHOWN.verdict(verdict) is verdict
    assert SHOWN.request(verdict.request) is verdict.request
    assert SHOWN.mask("authorization", "Bearer xyz") == "Bearer xyz"


def test_the_text_still_says_what_was_expected() -> None:
    masked = HIDDEN.verdict(_verdict("Bearer abc", ("authorization", "Bearer xyz")))
    assert sentence(explain(masked)).endswith(
        "Mismatch with header 'Authorization': Expected 'Bearer [3 characters, differs at character 8]' to be equal to"
        " 'Bearer abc'"
    )
    ruled = HIDDEN.verdict(_verdict("Bearer 1", ("authorization", "Bearer xyz"), rule=RULES[1]))
    assert sentence(explain(ruled)).endswith(
        "Mismatch with header 'Authorization': Unable to match 'Bearer [3 characters]' by the rule 'regex'"
        " (Bearer [0-9]+)"
    )


def test_a_header_that_is_missing_is_still_asked_for() -> None:
    verdict = _verdict("Bearer abc", ("accept", "text/html"))
    assert HIDDEN.verdict(verdict).mismatches == verdict.mismatches
    assert explain(HIDDEN.verdict(verdict)).advice == explain(verdict).advice


_SECRET = st.text("αβγδεζηθ\"'\\, ;", min_size=3, max_size=12).filter(lambda text: set(text) & set("αβγδεζηθ"))


@given(
    secrets=st.lists(_SECRET, min_size=1, max_size=3),
    expected=st.sampled_from(["Bearer abc", "", ["Bearer abc", "Basic def"]]),
    rule=st.sampled_from(RULES),
    names=st.sampled_from(["Authorization", "proxy-authorization", "COOKIE", "X-Api-Key", "X-Own"]).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from([name, name.lower(), name.upper()]))
    ),
    scheme=st.sampled_from(["", "Bearer ", "Basic "]),
    path=st.sampled_from(["/", "/elsewhere"]),
)
def test_no_character_of_a_secret_is_noted_whatever_the_pact_expects_of_it(
    secrets: list[str], expected: Any, rule: Any, names: tuple[str, str], scheme: str, path: str
) -> None:
    received = [(names[1], scheme + secret) for secret in secrets]
    verdict = _verdict(expected, *received, rule=rule, name=names[0], path=path)
    hidden = Secrets(SECRET_HEADERS | {"x-own"}, active=True)
    masked = hidden.verdict(verdict)
    assert not set(_noted(masked)) & set("αβγδεζηθ")
    assert masked.outcome is verdict.outcome
    assert [item.result.score for item in masked.near] == [item.result.score for item in verdict.near]


def test_a_secret_that_a_pattern_was_given_up_on_is_not_shown_either() -> None:
    secret = "ζ" * 60 + "!"
    rule = {"match": "regex", "regex": "(?:\\w|\\w\\w)+$"}
    with Budget(0.05):
        verdict = _verdict("ab", ("authorization", secret), rule=rule)
    assert verdict.outcome is Outcome.UNDECIDED
    assert "ζ" in _noted(verdict)
    masked = HIDDEN.verdict(verdict)
    assert "ζ" not in _noted(masked)
    assert "The header 'Authorization' could not be compared: '[61 characters]' was given up" in _noted(masked)


def test_the_law_above_can_fail() -> None:
    assert "ζ" in _noted(_verdict("Bearer abc", ("authorization", "ζ")))


def test_the_metadata_of_a_reply_is_said_without_what_is_secret() -> None:
    document = {"contents": {"content": 1}, "metadata": {"Authorization": "Bearer good", "topic": "a"}}
    expected = reading.read_contents(document, specification.V4)
    document["metadata"] = {"Authorization": "Bearer wicked", "topic": "b"}
    found = compare_message(expected, reading.read_contents(document, specification.V4))
    assert "wicked" in str(found)
    assert "wicked" not in str([HIDDEN.metadata(item) for item in found])
    assert [SHOWN.metadata(item) for item in found] == list(found)
    assert "'\"a\"' but was '\"b\"'" in str(HIDDEN.metadata(found[1]).mismatch)
