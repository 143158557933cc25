"""When pact files change: they are looked at every now and then.

Events of the file system would tell sooner, and not at all on the volumes of containers and on network drives; and a
file that an editor replaces is another file. A directory of a few hundred files takes a millisecond to look at.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pactmock.sources.local import Local, Stamp

_SECONDS = 0.4


async def changes(local: Local, known: frozenset[Stamp], seconds: float = _SECONDS) -> AsyncIterator[None]:
    """Say after each change of the files that they have changed, once nothing more happens to them.

    `known` are their stamps before they were read: what changed meanwhile is a change, too.
    """
    while True:
        await asyncio.sleep(seconds)
        now = await asyncio.to_thread(local.stamps)
        if now == known:
            continue
        while True:  # until whoever writes there has written all
            await asyncio.sleep(seconds / 2)
            known, now = now, await asyncio.to_thread(local.stamps)
            if now == known:
                break
        yield
