"""Mock servers for tests of HTTP/2, and what stands in their journals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.mock_servers import starting


@pytest.fixture
async def running() -> AsyncIterator[Any]:
    """Start mock servers from interactions; they are stopped at the end."""
    async with starting() as start:
        yield start
