"""Pacts that are posted again and again, as by each test of a suite: they are read, compiled and reviewed once.

What is made of a pact does not change, so all mock servers that play it can share it. A document is kept from the
second time on that it comes: most that came once never come again, and would only take room.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from pactmock.pact.model import Pact

T = TypeVar("T")

_MOST_BYTES = 512 * 1024
"""How long all documents that are kept may be together; what is made of one takes fifteen to thirty times as much."""

_MOST = 64
"""How many are kept: what is made of a short document takes more."""

_MOST_SEEN = 1024


class _Known:
    """A pact, how long its document is, and what was made of it."""

    __slots__ = ("made", "pact", "size")

    def __init__(self, pact: Pact, size: int) -> None:
        self.pact = pact
        self.size = size
        self.made: dict[Hashable, Any] = {}


class KnownPacts:
    """The pacts of the documents that were posted last, of those that came more than once."""

    def __init__(self) -> None:
        self._kept: dict[bytes, _Known] = {}
        """By their documents; the one that came last is at the end."""
        self._by_pact: dict[int, _Known] = {}
        self._bytes = 0
        self._seen: set[int] = set()

    def find(self, document: bytes) -> Pact | None:
        """Return the pact of a document that is known."""
        # To look for one it is hashed, which for a hundred megabytes takes twenty milliseconds.
        known = self._kept.pop(document, None) if len(document) <= _MOST_BYTES else None
        if known is None:
            return None
        self._kept[document] = known
        return known.pact

    def note(self, document: bytes, pact: Pact) -> None:
        """Keep the pact that was read of a document, if this one came before."""
        if len(document) > _MOST_BYTES or self.find(document) is not None:
            return
        key = hash(document)
        if key in self._seen:
            self._keep(document, _Known(pact, len(document)))
            return
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(key)

    def _keep(self, document: bytes, known: _Known) -> None:
        self._kept[document] = self._by_pact[id(known.pact)] = known
        self._bytes += known.size
        while self._bytes > _MOST_BYTES or len(self._kept) > _MOST:
            oldest = self._kept.pop(next(iter(self._kept)))
            del self._by_pact[id(oldest.pact)]
            self._bytes -= oldest.size

    def once(self, pact: Pact, what: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of a pact, which it does once for one that is known; `what` says what that is.

        This can be called in any thread; two that come first at once both make it.
        """
        known = self._by_pact.get(id(pact))
        if known is None or known.pact is not pact:
            return make()
        if what not in known.made:
            known.made[what] = make()
        found: T = known.made[what]
        return found

    def __repr__(self) -> str:
        return f"<KnownPacts: {len(self._kept)} of {self._bytes} bytes>"
