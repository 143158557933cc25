"""Warnings about paths say what the verifier sends."""

from __future__ import annotations

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.raw_http import exchange, head_lines
from tests.verifying import always, verify


def _codes(server: MockServer) -> list[str]:
    return [warning.code for warning in server.warnings]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("", ["empty_path"]),
        ("/a#b", ["fragment_in_path"]),
        ("/a?b=c", ["query_in_path"]),
        ("a", ["path_without_slash"]),
        ("a?b=c#d", ["fragment_in_path", "query_in_path", "path_without_slash"]),
        ("/a/../b", ["path_rewritten"]),
        ("/a/%2e%2E/b", ["path_rewritten"]),
        ("/a/.", ["path_rewritten"]),
        ("//a", ["path_rewritten"]),
        ("/a\\b", ["path_rewritten"]),
        ("/", []),
        ("/a//b/", []),
        ("/.well-known/a..b/c.d", []),
        ("/Größe und so", []),
        ("/a%2Fb%3F%23", []),
    ],
)
def test_a_path_that_is_not_sent_as_it_stands_is_warned_of(path: str, codes: list[str]) -> None:
    server = MockServer(pact(interaction(request={"path": path})))
    assert _codes(server) == codes
    assert {warning.pointer for warning in server.warnings} <= {"/interactions/0/request/path"}


@pytest.mark.parametrize("path", ["/a//b", "///a", "//", "/a/./b", "/a/..", "/.", "/a\\..\\b", "/../a", "/a/b/.."])
async def test_the_warning_says_which_path_the_verifier_sends(path: str) -> None:
    given = pact(interaction(request={"path": path}))
    asked = (await verify(given, always())).asked
    said = [warning.text for warning in MockServer(given).warnings]
    assert said == ([] if asked[0].target == path else [_SENT.format(asked[0].target)])


_SENT = "The provider's verification sends '{}' for this path, as many clients do: write that"


async def test_a_path_behind_a_number_sign_is_met_by_no_request() -> None:
    async with MockServer(pact(interaction(request={"path": "/a#b"}))) as server:
        for target in ("/a", "/a#b", "/a%23b"):
            response = await exchange(server.port, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert head_lines(response)[0].split()[1] == "500"
        assert "so no request can meet it" in server.warnings[0].text


def test_with_a_rule_for_the_path_only_the_example_is_never_sent() -> None:
    rule = {"path": {"matchers": [{"match": "regex", "regex": "/a.*"}]}}
    (warning,) = MockServer(pact(interaction(request={"path": "/a#b", "matchingRules": rule}))).warnings
    assert "no request" not in warning.text
