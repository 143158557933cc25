"""Contracts let the loop of mock servers wait for the next block; here it ends, for the tests that count threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pactmock.embedded.background import BACKGROUND


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    yield
    BACKGROUND.close()
