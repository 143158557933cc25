"""What tests of the store need: a Redis, and replicas of the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.redis_server import Redis, redis_server
from tests.store.replicas import Replicas


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """A Redis for the tests of a module, which leave it running."""
    with redis_server() as running:
        yield running


@pytest.fixture(scope="module")
def replicas(redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Three replicas of a service on that Redis, each in a process of its own, for the tests of a module."""
    with Replicas(redis.url, tmp_path_factory.mktemp("replicas")) as running:
        for _ in range(3):
            running.start()
        yield running
