"""All sources of one command: read together, in an order that does not depend on how they were given."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from pactmock.errors import PactmockError
from pactmock.pact.value import value
from pactmock.sources.found import Loaded, Problem, read
from pactmock.sources.local import Local

if TYPE_CHECKING:
    from pactmock.sources.broker import Broker
    from pactmock.sources.fetching import Access


@value
class Sources:
    """Files, then directories, then URLs, then a broker; `access` is for what is on other servers."""

    local: Local = field(default_factory=Local)
    urls: Sequence[str] = ()
    broker: Broker | None = None
    access: Access | None = None

    async def load(self) -> Loaded:
        """Read all of them, and say all that is wrong with any."""
        loaded = await asyncio.to_thread(self.local.load)
        if not self.urls and self.broker is None:
            return loaded
        from pactmock.sources.fetching import Access, Fetcher, shown  # late: most sources are files

        async with Fetcher(self.access or Access()) as fetcher:
            for url in self.urls:
                try:
                    loaded += read(shown(url), await fetcher.get(url))
                except PactmockError as error:
                    loaded += Loaded(problems=(Problem(error.message, shown(url)),))
            if self.broker is not None:
                loaded += await self.broker.load(fetcher)
        return loaded
