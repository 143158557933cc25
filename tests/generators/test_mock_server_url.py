"""Links back to the mock server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pactmock.errors import InvalidRule
from pactmock.generators.context import repeatable
from pactmock.generators.kinds import compile_generator
from pactmock.generators.maker import CannotGenerate
from pactmock.pact.generators import Generator

ORDER = {"example": "http://localhost:1234/orders/5", "regex": ".*(\\/orders\\/\\d+)$"}


def make(example: str, regex: str, url: str | None = "http://127.0.0.1:8080") -> str:
    maker = compile_generator(Generator("MockServerURL", {"example": example, "regex": regex}))
    return maker.text("", repeatable(1, datetime(2000, 1, 1, tzinfo=UTC), mock_server_url=url))


@pytest.mark.parametrize(
    ("example", "regex", "expected"),
    [
        (ORDER["example"], ORDER["regex"], "http://127.0.0.1:8080/orders/5"),
        ("http://a/x?y", "^http://a(/x)", "http://127.0.0.1:8080/x?y"),
        ("aa/x", "(/x)|b", "aahttp://127.0.0.1:8080/x"),
        ("no match", ".*(/x)$", "no match"),
        ("/a", "(.*)", "http://127.0.0.1:8080/a"),
    ],
)
def test_the_first_match_becomes_the_address_and_the_first_group(example: str, regex: str, expected: str) -> None:
    assert make(example, regex) == expected


def test_row_56_the_scheme_and_the_path_of_the_mock_server_are_kept() -> None:
    assert make(ORDER["example"], ORDER["regex"], "https://[::1]:9/base") == "https://[::1]:9/base/orders/5"


@pytest.mark.parametrize(("example", "regex"), [("aa/x", "/x"), ("", ""), ("/a/b", "(/x)|b")])
def test_a_regex_without_a_group_is_refused_when_the_pact_is_posted(example: str, regex: str) -> None:
    with pytest.raises(InvalidRule, match="whose first group is the path"):
        make(example, regex)


def test_a_bad_regex_is_refused_when_the_pact_is_posted() -> None:
    with pytest.raises(InvalidRule, match="not a valid regular expression"):
        make("/a", "(")


def test_without_a_mock_server_nothing_is_made() -> None:
    with pytest.raises(CannotGenerate, match="no mock server"):
        make(ORDER["example"], ORDER["regex"], None)
