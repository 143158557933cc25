"""The way to a store that is a cluster: each call goes to the node that has its keys.

All keys of a mock server are on one node. Calls are not sent together here, so one takes a replica some three times as
long as with a store of one node; more nodes carry more mock servers, and none of them faster.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pactmock.errors import StoreUnavailable
from pactmock.service.store.redis.link import Argument, Link, Script, refused

SCHEMES = {"redis+cluster://": "redis://", "rediss+cluster://": "rediss://"}


class ClusterLink:
    """Connections to the nodes of a cluster, of which the URL names one."""

    def __init__(self, url: str, seconds: float) -> None:
        """Read a URL; a call that is not answered within so many seconds has failed.

        Raises:
            InvalidParameter: when there is no client for it, or it is no URL of a store.
        """
        self._url = node_url(url)
        self._seconds = seconds
        self._client: Any = None
        self._asking: set[asyncio.Task[Any]] = set()
        self.failed = 0
        """How many calls failed."""
        Link(self._url, seconds)  # which refuses what is no URL

    def run(self, script: Script, keys: Sequence[str], *arguments: Argument) -> asyncio.Future[Any]:
        """Have the store run a script; the result arrives, or a `StoreUnavailable`."""
        return self._begin(self._run(script, keys[0], (len(keys), *keys, *arguments)))

    def command(self, *words: Argument) -> asyncio.Future[Any]:
        """Have the store obey a command."""
        return self._begin(self._asked(*words))

    def _begin(self, work: Any) -> asyncio.Future[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return task

    async def _run(self, script: Script, key: str, words: tuple[Argument, ...]) -> Any:
        from redis.exceptions import NoScriptError

        try:
            return await self._asked("EVALSHA", script.digest, *words, key=key, passes=NoScriptError)
        except NoScriptError:
            return await self._asked("EVAL", script.text, *words, key=key)

    async def _asked(self, *words: Argument, key: str | None = None, passes: type[Exception] | tuple[()] = ()) -> Any:
        """Have a command obeyed; one about a key only once: redis-py asks again where a connection broke amid it."""
        from redis.exceptions import ResponseError

        sent = False
        try:
            async with asyncio.timeout(self._seconds):
                client = await self._connected()
                sent = True
                if key is None:
                    return _as_sent(await client.execute_command(*words))
                await client.initialize()  # if something has changed
                return _as_sent(await client.execute_command(*words, target_nodes=client.get_node_from_key(key)))
        except passes:
            raise
        except ResponseError as error:
            self.failed += 1
            raise refused(str(error)) from None
        except Exception as error:  # noqa: BLE001  what redis-py and the system raise has no common root
            why = f"cannot be reached: {str(error)[:200]}" if str(error) else "did not answer in time"
            raise self._failure(why, maybe=sent) from None

    def _failure(self, why: str, *, maybe: bool) -> StoreUnavailable:
        self.failed += 1
        return StoreUnavailable(f"The store {why}; try again in a moment", maybe=maybe)

    async def _connected(self) -> Any:
        if self._client is None:
            from redis.asyncio.cluster import RedisCluster

            client = RedisCluster.from_url(self._url, protocol=2, socket_connect_timeout=self._seconds)
            await client.initialize()
            self._client = self._client or client
            if self._client is not client:  # another call came meanwhile, and was quicker
                await client.aclose()
        return self._client

    async def close(self) -> None:
        """End it, when nothing is asked any more."""
        for task in tuple(self._asking):
            task.cancel()
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                await client.aclose()

    def __repr__(self) -> str:
        return f"<ClusterLink {'up' if self._client else 'down'}, {len(self._asking)} calls wait>"


def _as_sent(answer: Any) -> Any:
    """Return an answer as the node sent it: redis-py makes dictionaries of some."""
    if isinstance(answer, dict):
        return [item for pair in answer.items() for item in pair]
    return list(map(_as_sent, answer)) if isinstance(answer, list | tuple) else answer


def node_url(url: str) -> str:
    """Return the URL of the node that a URL names; that of a store of one node is its own."""
    for scheme, plain in SCHEMES.items():
        if url.startswith(scheme):
            return plain + url.removeprefix(scheme)
    return url
