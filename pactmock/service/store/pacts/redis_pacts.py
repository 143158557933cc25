"""The pacts that were written, kept in the store of all replicas: each can list and read what any of them wrote.

A pact is merged where it is written, on values, and put into the store if what it was merged with is still there; else
it is merged again. So nothing is lost, whoever writes at the same time, and nobody waits for a lock of who has died.
"""

from __future__ import annotations

import time
from functools import partial
from hashlib import sha256
from operator import attrgetter
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from pactmock.errors import NoSuchPact, PactmockError
from pactmock.matching.texts.shortening import cut
from pactmock.pact.directory.file_names import file_name
from pactmock.pact.documents.summary import PactSummary, summarize
from pactmock.pact.json.values import compact_bytes, parse, parse_document
from pactmock.pact.merging.combining import Order, Written, combine
from pactmock.pact.merging.document import PactDocument
from pactmock.pact.model import Pact
from pactmock.reports.visible import visible
from pactmock.server.pact_writer import FileWriter, ToWrite
from pactmock.server.workers import Workers
from pactmock.service.store.pacts.kept_pact import KeptPact, PactPage, Unread
from pactmock.service.store.redis import keys
from pactmock.service.store.redis.link import Script
from pactmock.service.store.redis.links import AnyLink

_PUT = Script.of(
    """
    if (redis.call('HGET', KEYS[1], 'edition') or '0') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'edition', ARGV[1] + 1, 'content', ARGV[2])
    return 1
    """
)


class RedisPacts:
    """The pacts of a store; `files` writes them as files too, None where nobody wants any."""

    def __init__(self, link: AnyLink, workers: Workers, files: FileWriter | None) -> None:
        self._link = link
        self._workers = workers
        self._files = files

    async def write(self, wanted: ToWrite) -> Written:
        """Write a pact, merged with what is there of its pair (`pactmock.pact.merging.combining.combine`).

        Raises:
            WriteFailed, Conflict: as there, or when the file cannot be written.
            StoreUnavailable: when it is not known that it is kept.
        """
        pact, order = wanted.pact, await self._workers.run(self, wanted.order)
        key, path = _key(pact.consumer, pact.provider), _place(pact)
        while True:
            edition, content = await self._link.command("HMGET", key, "edition", "content")
            make = partial(_combined, order, content, path)
            written, changed, summary = await self._workers.run(self, make)
            if changed is None or await self._link.run(_PUT, (key,), edition or b"0", changed):
                break
        listed = [time.time(), summary.specification, summary.interactions, summary.messages]
        entry = compact_bytes([file_name(pact), pact.consumer, pact.provider, *listed])
        if changed is not None:
            await self._link.command("HSET", keys.PACTS, key, entry)
        return written if self._files is None else await self._files.write(wanted)

    async def page(self, offset: int, limit: int) -> PactPage:
        """List some of the pacts, sorted by the names of their files."""
        found = await self._link.command("HGETALL", keys.PACTS)
        read = [
            (key.decode(errors="replace"), _listed(text)) for key, text in zip(found[::2], found[1::2], strict=True)
        ]
        kept = sorted(
            (pact for _, pact in read if pact is not None),
            key=attrgetter("file", "summary.consumer", "summary.provider"),
        )
        unread = tuple(Unread(visible(cut(key)), "no replica has written this") for key, pact in read if pact is None)
        end = offset + limit
        next_one = end if end < len(kept) else None
        return PactPage(tuple(kept[offset:end]), () if offset else unread, len(kept), next_one)

    async def read(self, consumer: str, provider: str) -> bytes:
        """Return a pact as it was written.

        Raises:
            NoSuchPact: when there is none of this pair.
        """
        content: bytes | None = await self._link.command("HGET", _key(consumer, provider), "content")
        if content is None:
            names = " and ".join(f"'{visible(cut(name))}'" for name in (consumer, provider))
            raise NoSuchPact(f"There is no pact of {names} in the store: GET /pacts lists those that are there")
        return content


def _listed(text: bytes) -> KeptPact | None:
    try:
        file, consumer, provider, written, version, interactions, messages = parse(text)
    except (PactmockError, TypeError, ValueError):
        return None
    names, numbers = (file, consumer, provider, version), (written, interactions, messages)
    if not (all(isinstance(item, str) for item in names) and all(isinstance(item, int | float) for item in numbers)):
        return None
    return KeptPact(PactSummary(consumer, provider, version, interactions, messages), file, written)


def _combined(order: Order, content: bytes | None, path: Path) -> tuple[Written, bytes | None, PactSummary]:
    combined = combine(order, None if content is None else PactDocument.read(content), path)
    changed = combined.content
    return combined.written, changed, summarize(parse_document(changed or content or b""))


def _key(consumer: str, provider: str) -> str:
    named = f"{consumer}\0{provider}".encode(errors="surrogatepass")
    return f"{keys.PACT}{sha256(named).hexdigest()[:32]}"


def _place(pact: Pact) -> Path:
    """Return where every replica shows a pact."""
    return Path(PurePosixPath("/pacts", quote(pact.consumer, safe=""), quote(pact.provider, safe="")))
