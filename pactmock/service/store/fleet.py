"""What all replicas have to know of each other: which mock servers there are, who has which name, who runs."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from pactmock.errors import NameTaken, PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json, compact, compact_bytes, parse
from pactmock.pact.value import value
from pactmock.service.names import Names
from pactmock.service.registry import too_many
from pactmock.service.store.formats import Formats
from pactmock.service.store.ledger import Bounds, Ledger, Means
from pactmock.service.store.redis import keys, scripts
from pactmock.service.store.redis.keys import ServerKeys
from pactmock.service.store.redis.link import Script
from pactmock.service.store.redis.links import link_to
from pactmock.service.store.troubles import Troubles

_CREATE, _REMOVE = Script.of(scripts.CREATE), Script.of(scripts.REMOVE)

_BEAT_SECONDS = 1.0
_DEAD_SECONDS = 10.0
"""After how long a replica that says nothing is no longer counted on."""

_MOST_LOOKED_AT = 500

_LONG_AGO = 0.0
"""When a name was taken whose mock server is there: it is free when that is gone."""

_NEW_SECONDS = 30.0
"""How long a name is claimed for a mock server that is being made, which is listed so long without being there."""


@value
class Ended:
    """A mock server that nobody could read: its id, and its name if it had one."""

    id: str
    name: str | None


class Fleet:
    """The replicas of one store, as one of them sees them."""

    def __init__(self, url: str, seconds: float) -> None:
        """Take the URL of a store, whose answers may take so many seconds.

        Raises:
            InvalidParameter: when it cannot be one.
        """
        self.name = secrets.token_hex(6)
        """Of this replica; no other has it."""
        self.url = url
        self.formats = Formats()
        self.troubles = Troubles()
        self.bounds = Bounds()
        self.new_seconds = _NEW_SECONDS
        self.hot, self.cold = link_to(url, seconds), link_to(url, seconds)
        self._seconds = seconds
        self._marking = itertools.count(1)
        self._beating: asyncio.Task[None] | None = None
        self._trouble: StoreUnavailable | None = None
        self._cursor: bytes | int = 0
        self._seen: dict[str, tuple[float, float]] = {}
        """What time each replica said last, and when that was heard here."""

    async def join(self) -> None:
        """Begin to be one of them.

        Raises:
            StoreUnavailable: when there is no store.
        """
        await self._beat()
        self._beating = asyncio.get_running_loop().create_task(self._keep_beating())

    async def leave(self) -> None:
        """Be none of them any more."""
        if self._beating is not None:
            self._beating.cancel()
            with suppress(StoreUnavailable):
                await self.cold.command("HDEL", keys.REPLICAS, self.name)
        await self.hot.close()
        await self.cold.close()

    def check(self) -> None:
        """See whether the store answers.

        Raises:
            StoreUnavailable: when it does not.
        """
        if self._trouble is not None:
            raise self._trouble

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            try:
                await self._beat()
                self._trouble = None
            except StoreUnavailable as error:
                self._trouble = error
                self._seen.clear()  # while nobody could say anything, nobody has been silent

    async def _beat(self) -> None:
        """Say that we run, and find out what all who run can read.

        Clocks of machines differ: who has not been seen to change for a while is forgotten, whatever time it says.
        """
        said = compact_bytes({"format": self.formats.newest, "time": time.time()})
        await self.cold.command("HSET", keys.REPLICAS, self.name, said)
        found = await self.cold.command("HGETALL", keys.REPLICAS)
        others = {name.decode(errors="replace"): _said(text) for name, text in _pairs(found)}
        alive = {name: said for name, said in others.items() if said is not None and self._lives(name, said)}
        for name in others.keys() - alive.keys():
            await self.cold.command("HDEL", keys.REPLICAS, name)
        self.formats.written = min((self.formats.newest, *(said["format"] for said in alive.values())))

    def _lives(self, name: str, said: Mapping[str, Json]) -> bool:
        now, known = time.monotonic(), self._seen.get(name)
        if known is None or known[0] != said["time"]:
            self._seen[name] = (said["time"], now)
            return True
        return now - known[1] < _DEAD_SECONDS

    def ledger(self, server: str) -> Ledger:
        """Return the ledger of a mock server, of which nothing is known yet."""
        patience = self._seconds + 0.5
        means = Means(self.name, self.hot, self.cold, self.formats, self.troubles, patience, self.bounds, self._marking)
        return Ledger(server, means)

    # Mock servers.

    async def create(self, server: str, state: dict[str, Json], ttl: float | None, name: str | None, most: int) -> None:
        """Make a mock server known to all.

        Raises:
            LimitReached, NameTaken, StoreUnavailable: when that cannot be done; then nothing is left of it.
        """
        if await self.cold.command("HLEN", keys.SERVERS) >= most:
            raise too_many(most)
        claim = await self._take_name(name, server) if name else None
        try:
            is_new = await self._put(server, state, ttl, name)
            if is_new:
                await self._keep(server, name, claim)
        except (StoreUnavailable, NameTaken):
            with suppress(PactmockError):  # else it goes when its lease runs out, or somebody ends it
                await self.remove(server, name)
            raise
        if not is_new:
            if name and claim:
                await self.cold.run(_FORGET, (keys.NAMES,), name, claim)
            raise StoreUnavailable(f"There is a mock server with the id {server} already; try again in a moment")

    async def _put(self, server: str, state: dict[str, Json], ttl: float | None, name: str | None) -> bool:
        """Put a mock server into the store and the lists; tell whether its id was free."""
        content = compact_bytes(self.formats.write(state | {"by": self.name}))
        milliseconds = 0 if ttl is None else max(1, round(ttl * 1000))
        keys_of = ServerKeys.of(server).all
        # Listed first: who ends in between leaves what everybody sweeps up.
        await self.cold.command("HSETNX", keys.SERVERS, server, compact([time.time(), name]))
        return bool(await self.cold.run(_CREATE, keys_of, self.formats.written, content, milliseconds, name or ""))

    async def _keep(self, server: str, name: str | None, claim: str | None) -> None:
        """Have a new mock server listed, and keep its name: while this replica stood still both may have been swept up.

        Raises:
            NameTaken: when another has the name by now.
        """
        listed = self.cold.command("HSET", keys.SERVERS, server, compact([time.time(), name]))
        if not (name and claim):
            await listed
            return
        kept = self.cold.run(_KEEP, (keys.NAMES,), name, claim, compact([server, _LONG_AGO]))
        if not (await asyncio.gather(listed, kept))[1]:
            raise Names.taken(name)

    async def _take_name(self, name: str, server: str) -> str:
        """Claim a name until `_keep`, and return what is written of that.

        Raises:
            NameTaken: when another has it, or claims it.
        """
        claim = compact([server, time.time()])
        while not await self.cold.command("HSETNX", keys.NAMES, name, claim):
            held = await self.cold.command("HGET", keys.NAMES, name)
            if held is None:
                continue
            if held == claim.encode():
                break  # a cluster was asked twice
            owner, since = _owner(held)
            is_new = abs(time.time() - since) < self.new_seconds
            if is_new or await self.has(owner):
                raise Names.taken(name)
            await self.cold.run(_FORGET, (keys.NAMES,), name, held)
        return claim

    async def id_of(self, name: str) -> str | None:
        """Return the id of the mock server that has a name."""
        held = await self.cold.command("HGET", keys.NAMES, name)
        return (_owner(held)[0] or None) if held is not None else None

    async def has(self, server: str) -> bool:
        """Tell whether there is a mock server."""
        return bool(await self.cold.command("EXISTS", ServerKeys.of(server).head))

    async def state_of(self, server: str) -> Mapping[str, Json] | None:
        """Return the latest snapshot of a mock server, None where there is none."""
        if not await self.has(server):
            self.troubles.forget(server)
            return None
        content = await self.cold.command("GET", ServerKeys.of(server).snapshot)
        if content is None and not await self.has(server):
            return None
        with self.troubles.with_what_others_made(server):
            if content is None:
                raise StoreUnavailable("The store has lost what it began with")
            return self.formats.read_text(content)

    async def ids(self) -> list[str]:
        """Return the ids of all mock servers, oldest first."""
        found = await self.cold.command("HGETALL", keys.SERVERS)
        made = sorted((_listed(text)[0], server.decode(errors="replace")) for server, text in _pairs(found))
        return [server for _, server in made]

    async def forget_lost(self) -> list[Ended]:
        """Look at some of the mock servers in the list; take those out that are gone all the same, and return them.

        One that a replica is about to make is listed anew when it is there (`_keep`), and so is not what was seen.
        """
        self._cursor, found = await self.cold.command("HSCAN", keys.SERVERS, self._cursor, "COUNT", _MOST_LOOKED_AT)
        listed = list(_pairs(found))
        there = await asyncio.gather(*(self.has(server.decode(errors="replace")) for server, _ in listed))
        now, lost = time.time(), []
        for (server, text), is_there in zip(listed, there, strict=True):
            made, name = _listed(text)
            is_new = abs(now - made) <= self.new_seconds
            if not (is_there or is_new) and await self.cold.run(_FORGET, (keys.SERVERS,), server, text):
                lost.append(Ended(server.decode(errors="replace"), name))
        for ended in lost:
            await self._free_name(ended.name, ended.id)
        return lost

    async def remove(self, server: str, name: str | None) -> bool:
        """End a mock server for all; tell whether it was there."""
        found = await self.cold.run(_REMOVE, ServerKeys.of(server).all)
        await self._free_name(name, server)
        await self.cold.command("HDEL", keys.SERVERS, server)
        return bool(found)

    async def remove_called(self, key: str) -> Ended | None:
        """End a mock server by its id or name for all, whatever the store has of it; None where there is none."""
        server = key if await self.has(key) else await self.id_of(key)
        if server is None:
            return None
        listed = await self.cold.command("HGET", keys.SERVERS, server)
        name = key if key != server else _listed(listed or b"")[1]
        self.troubles.forget(server)
        return Ended(server, name) if await self.remove(server, name) else None

    async def _free_name(self, name: str | None, server: str) -> None:
        """Free the name of a mock server that is gone; one that is there by now, and has kept it, keeps it."""
        held = await self.cold.command("HGET", keys.NAMES, name) if name else None
        if name and held is not None and _owner(held)[0] == server and not await self.has(server):
            await self.cold.run(_FORGET, (keys.NAMES,), name, held)

    def __repr__(self) -> str:
        return f"<Fleet as {self.name}, {self.cold!r}>"


def _pairs(found: list[bytes]) -> Iterable[tuple[bytes, bytes]]:
    return zip(found[::2], found[1::2], strict=True)


# What no replica wrote is read as of long ago, and of nobody: so it is swept up as what has run out.


def _read(text: bytes) -> Json:
    try:
        return parse(text)
    except PactmockError:
        return None


def _said(text: bytes) -> Mapping[str, Json] | None:
    said = _read(text)
    is_one = isinstance(said, dict) and type(said.get("format")) is int and said["format"] > 0 and "time" in said
    return said if is_one else None


def _listed(text: bytes) -> tuple[float, str | None]:
    """Return when a mock server was made, and its name."""
    match _read(text):
        case [int() | float() as made, str() | None as name]:
            return made, name
    return _LONG_AGO, None


def _owner(text: bytes) -> tuple[str, float]:
    """Return the id of the mock server that has a name, and when that was taken."""
    match _read(text):
        case [str() as server, int() | float() as since]:
            return server, since
    return "", _LONG_AGO


_FORGET = Script.of(
    """
    if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
    redis.call('HDEL', KEYS[1], ARGV[1])
    return 1
    """
)
"""Take something out of a list, if it is as it was seen."""

_KEEP = Script.of(
    """
    local held = redis.call('HGET', KEYS[1], ARGV[1])
    if held and held ~= ARGV[2] and held ~= ARGV[3] then return 0 end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
    return 1
    """
)
"""Keep a name that was claimed, unless somebody else has claimed it since."""
