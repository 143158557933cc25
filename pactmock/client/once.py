"""A connection of aiohttp that is used for one call, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from aiohttp.connector import Connection


class Once(aiohttp.TCPConnector):
    """Connects once.

    When a connection is lost before the answer, aiohttp makes the call again, also one that ends a mock server. Whether
    the service did what it was asked is not known then, and the second answer would be another one.
    """

    def __init__(self) -> None:
        super().__init__(force_close=True)
        self._has_connected = False

    async def connect(self, *args: Any, **options: Any) -> Connection:
        if self._has_connected:
            raise aiohttp.ClientConnectionError("the connection was lost before an answer came")
        self._has_connected = True
        return await super().connect(*args, **options)
