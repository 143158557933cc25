"""Taking back what was noted and perhaps not answered: nobody can tell whether it reached its sender."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from pactmock.errors import StoreUnavailable
from pactmock.service.store.redis import scripts
from pactmock.service.store.redis.link import Script

if TYPE_CHECKING:
    from pactmock.service.store.ledger import Ledger
    from pactmock.service.store.redis.links import AnyLink

_DISOWN = Script.of(scripts.DISOWN)

_AGAIN_SECONDS = 0.1


class Disowning:
    """The requests of one mock server that this replica has to take back."""

    def __init__(self, ledger: Ledger, link: AnyLink) -> None:
        self._ledger = ledger
        self._link = link
        self._marks: deque[str] = deque()
        """Of requests that were answered with 503 and may have been noted, which nobody has been told yet."""

    async def disown(self, mark: str) -> None:
        """Take back a request, by its mark.

        Raises:
            StoreUnavailable: when it is not known that it was taken back.
        """
        start = self._ledger.written({"op": "disown"})[:-1] + b',"of":'
        await self._link.run(_DISOWN, self._ledger.keys.all, mark, start, "}", self._ledger.new_mark())

    def disown_soon(self, mark: str) -> None:
        """Take back what may have been noted, as soon as there is a store again."""
        self._marks.append(mark)
        if len(self._marks) == 1:
            self._ledger.start(self._disown_all())

    async def _disown_all(self) -> None:
        while self._marks:
            try:
                await self.disown(self._marks[0])
                self._marks.popleft()
            except StoreUnavailable:
                await asyncio.sleep(_AGAIN_SECONDS)
