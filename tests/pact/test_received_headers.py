"""Received headers are found in any case, kept as they were spelled, and read as their lines say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.pact.parts.headers import split_value
from pactmock.pact.parts.received_headers import ReceivedHeaders, received

names = st.sampled_from(["Accept", "ACCEPT", "Set-Cookie", "set-cookie", "X-A", "Vary", "Content-Type", "host"])
lines = st.lists(st.tuples(names, st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)))


@given(lines)
def test_a_name_has_the_values_of_all_its_lines_whatever_their_case(lines: list[tuple[str, str]]) -> None:
    headers = ReceivedHeaders.of_texts(lines)
    for name, _ in lines:
        expected = [item for key, value in lines if key.lower() == name.lower() for item in split_value(key, value)]
        assert headers[name.swapcase()] == headers[name.lower()] == tuple(expected)
        assert name.upper() in headers
    assert list(headers) == list(dict.fromkeys(name.lower() for name, _ in lines))
    assert len(headers) == len(set(headers))


@given(lines)
def test_lines_stay_as_they_were_sent(lines: list[tuple[str, str]]) -> None:
    headers = ReceivedHeaders.of_texts(lines)
    assert dict(headers) == dict(received(headers))
    assert headers.lines == tuple(lines)


def test_a_name_that_was_not_sent_is_not_found() -> None:
    headers = ReceivedHeaders([(b"Host", b"here")])
    assert headers.get("origin") is None
    assert headers.get("origin", ("elsewhere",)) == ("elsewhere",)
    assert "origin" not in headers
    with pytest.raises(KeyError):
        headers["origin"]


def test_bytes_that_are_no_utf8_are_read_one_by_one() -> None:
    assert ReceivedHeaders([(b"X-Name", b"caf\xe9"), (b"X-Other", "café".encode())])["x-name"] == ("café",)


def test_values_of_a_pact_are_not_split_again() -> None:
    headers = received({"Accept": ("text/html, text/plain",), "X-List": ("a", "b")})
    assert headers["accept"] == ("text/html, text/plain",)
    assert headers.lines == (("Accept", "text/html, text/plain"), ("X-List", "a"), ("X-List", "b"))
