"""What is found near a request that nobody expects, and that finding it does not grow with the pact."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import pytest

from pactmock.matching.book import Book
from pactmock.matching.verdict import Outcome
from pactmock.pact.documents import reading
from pactmock.pact.model import Request
from tests.pacts import interaction, pact

USERS = 10_000


@lru_cache
def _large() -> Book:
    paths = [f"/users/{number}" for number in range(USERS)]
    paths += [f"/users/{number}/orders" for number in range(0, USERS, 10)]
    paths += ["/health", "/customers/search"]
    items: list[dict[str, Any]] = [interaction(path, {"path": path}) for path in paths]
    items.append(interaction("new user", {"path": "/users", "method": "POST"}))
    return Book(reading.read_pact(pact(*items)).http_interactions)


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("PUT", "/users/77", "/users/77"),
        ("GET", "/user/70/orders", "/users/70/orders"),
        ("GET", "/users/70/order", "/users/70/orders"),
        ("GET", "/v2/customers/search", "/customers/search"),
        ("GET", "/customer/search", "/customers/search"),
        ("GET", "/healthz", "/health"),
        ("POST", "/users/", "new user"),
    ],
)
def test_an_unexpected_request_is_told_what_is_like_it_in_a_large_pact(method: str, path: str, nearest: str) -> None:
    verdict = _large().match(Request(method, path))
    assert verdict.outcome is Outcome.NOT_FOUND
    assert nearest in [candidate.expectation.interaction.description for candidate in verdict.near]


def test_an_unexpected_request_to_a_large_pact_is_decided_in_a_moment() -> None:
    """Comparing it with all of 10,000 took 288 ms."""
    book = _large()
    book.match(Request("GET", "/nothing/like/this"))
    started = time.thread_time()
    for number in range(100):
        book.match(Request("GET", f"/users/{number}/nothing"))
    assert (time.thread_time() - started) / 100 < 0.05


def test_what_scores_higher_elsewhere_is_found_in_a_large_pact_however_its_path_reads() -> None:
    """Where a request goes is decided by the highest score, as in the reference (reference/matching.md §6.3)."""
    headers = dict.fromkeys("ABCDEF", "1")
    poor = interaction("poor", {"path": "/a", "headers": {**headers, "G": "1"}})
    rich = interaction("rich", {"path": "/zzz/unlike", "query": {"q": ["1"]}})
    many = [interaction(f"other {number}", {"path": f"/a/{number}"}) for number in range(100)]
    book = Book(reading.read_pact(pact(poor, *many, rich)).http_interactions)
    verdict = book.match(Request("GET", "/a", query={"q": ("1",)}))
    assert verdict.outcome is Outcome.NOT_FOUND
    assert verdict.nearest is not None
    assert verdict.nearest.interaction.description == "rich"
