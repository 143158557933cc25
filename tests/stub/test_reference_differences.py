"""What differs from pact-stub-server on purpose: each is a row of the table in docs/front-end.md, which says why."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pacts import interaction, pact
from tests.stub.pacts import JSON, Asked, write
from tests.stub.stubs import REFERENCE, Reply, reference, stub

pytestmark = pytest.mark.skipif(REFERENCE is None, reason="PACTMOCK_PACT_CLI names no pact command")


_ODD = pact(
    interaction("a path in words", {"path": "/a b"}, body="words"),
    interaction(
        "made", {"path": "/made"}, headers=JSON, body={"url": "http://localhost:9/made"},
        generators={"body": {"$.url": {"type": "MockServerURL", "regex": ".*(/made)$", "example": "http://x/made"}}},
    ),
    interaction("framed", {"path": "/framed"}, headers={"Content-Length": "2"}, body="framed"),
    interaction("coded", {"method": "POST", "path": "/coded", "headers": JSON, "body": {"a": 1}}, body="coded"),
)  # fmt: skip


class _Difference(NamedTuple):
    """A row of the table: what is asked, and what makes the two replies different."""

    row: str
    asked: Asked
    theirs: Callable[[Reply], bool]
    ours: Callable[[Reply], bool]
    options: tuple[str, ...] = ()


def _is(status: int) -> Callable[[Reply], bool]:
    return lambda reply: reply.status == status


def _sends(body: bytes) -> Callable[[Reply], bool]:
    return lambda reply: reply.body == body


def _names(origin: str) -> Callable[[Reply], bool]:
    return lambda reply: reply.headers["access-control-allow-origin"] == origin


def _has(header: str) -> Callable[[Reply], bool]:
    return lambda reply: header in reply.headers


def _leads_to(url: str) -> Callable[[Reply], bool]:
    return lambda reply: reply.json["url"].startswith(url)


def _lacks(header: str) -> Callable[[Reply], bool]:
    return lambda reply: header not in reply.headers


_REFERER = {"Referer": "http://page/a/b"}
_REFERER_OPTIONS = ("--cors", "--cors-referer")
_CODED = Asked("POST", "/coded", {**JSON, "Content-Encoding": "gzip"}, gzip.compress(b'{"a":1}'))

_DIFFERENCES = (
    _Difference("nothing fits", Asked("GET", "/x"), _sends(b""), _has("x-pact")),
    _Difference("a path that no client sends", Asked("GET", "/a%20b"), _is(404), _is(200)),
    _Difference("`MockServerURL`", Asked("GET", "/made"), _leads_to("http://localhost:9/"), _leads_to("http://127.")),
    _Difference("`Date`", Asked("GET", "/made"), _has("date"), _lacks("date")),
    _Difference("`Content-Length` of a pact", Asked("GET", "/framed"), _sends(b"fr"), _sends(b"framed")),
    _Difference("a compressed request", _CODED, _is(404), _is(200)),
    _Difference(
        "`--cors-referer`",
        Asked("OPTIONS", "/x", _REFERER),
        _names("http://page/a/b"),
        _names("http://page"),
        _REFERER_OPTIONS,
    ),
    _Difference(
        "`--cors-referer`", Asked("GET", "/made", _REFERER), _names("*"), _names("http://page"), _REFERER_OPTIONS
    ),
)


@pytest.mark.parametrize("difference", _DIFFERENCES, ids=lambda item: item.row)
def test_what_differs_stands_in_the_docs(difference: _Difference, tmp_path: Path) -> None:
    directory = str(write(tmp_path, odd=_ODD))
    with reference("-d", directory, *difference.options) as server:
        assert difference.theirs(server.ask(*difference.asked))
    with stub("-d", directory, *difference.options) as server:
        assert difference.ours(server.ask(*difference.asked))
    page = (Path(__file__).parents[2] / "docs" / "front-end.md").read_text()
    assert f"\n| {difference.row} |" in page


def test_a_header_that_is_no_pattern_ends_the_connection_of_the_reference_only(tmp_path: Path) -> None:
    options = ("-d", str(write(tmp_path, odd=_ODD)), "--provider-state-header-name", "X-State")
    with reference(*options) as server, pytest.raises((ConnectionError, http.client.HTTPException)):
        server.ask("GET", "/made", {"X-State": "("})
    with stub(*options) as server:
        assert server.ask("GET", "/made", {"X-State": "("}).status == 400
