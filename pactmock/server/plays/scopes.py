"""The scopes of one mock server: made by their first use, found by their names, ended when others need the room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pactmock.errors import LimitReached, NoScopes, NoSuchScope, ScopeGone
from pactmock.server.deciding import scope_names
from pactmock.server.plays.scope_play import ScopePlay
from pactmock.server.records.scope_journal import Together

if TYPE_CHECKING:
    from pactmock.server.plays.http_play import HttpPlay
    from pactmock.server.plays.stage import Stage
    from pactmock.server.records.entries import Entry

_MOST_GONE = 10_000
"""How many names of scopes are remembered that were ended with what they had received, and not by their test."""


class Scopes:
    """The one holder of the scopes of a mock server."""

    def __init__(self, whole: HttpPlay, stage: Stage) -> None:
        self.whole = whole
        self._stage = stage
        self._limits = stage.options.scopes
        self._together = Together(stage.options.journal, stage.shared.events, stage.journal.server)
        self._all: dict[str, ScopePlay] = {}
        self._gone: dict[str, str] = {}
        """Names, and why: who goes on in one of them must not get a verdict on half of what it asked."""
        stage.journal.drop = self._drop

    def __iter__(self) -> Iterator[ScopePlay]:
        self._expire()
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def use(self, name: str) -> ScopePlay:
        """Return the scope of a request, which is its first use where there was none.

        Raises:
            InvalidParameter: when it cannot be the name of one.
            ScopeGone: when it was ended, and nobody has begun it anew.
            LimitReached: when there are too many, none of which is idle.
        """
        scope = self._all.get(name)
        if scope is None or self._has_expired(scope):
            self._check_gone(name)
            scope = self._made(scope_names.checked(name))
        scope.lease.touch()
        return scope

    def find(self, name: str) -> ScopePlay:
        """Return the scope that somebody asks for, and count that as a use.

        Raises:
            NoSuchScope, ScopeGone: when there is none.
        """
        scope = self._all.get(name)
        if scope is None or self._has_expired(scope):
            self._check_gone(name)
            raise NoSuchScope(
                f"There is no scope '{name[: scope_names.LONGEST]}' here: the first request in it makes it, or PUT"
                " .../scopes/{scope}; GET .../scopes lists those that there are",
                scope=name[: scope_names.LONGEST],
            )
        scope.lease.touch()
        return scope

    def begin(self, name: str, interactions: Iterable[str] | None) -> ScopePlay:
        """Begin a scope, perhaps anew, that expects some interactions by their keys or descriptions; None for all.

        Raises:
            InvalidParameter, LimitReached: as above.
            NoSuchInteraction: for a key that there is not; then all is as it was.
        """
        keys = self.check(name, interactions)
        scope = self._all.get(name)
        if scope is None:
            scope = self._made(name)
        self._gone.pop(name, None)
        scope.lease.touch()
        scope.expect(keys)
        return scope

    def check(self, name: str, interactions: Iterable[str] | None) -> frozenset[str] | None:
        """Return the keys of what a scope is to expect, if it can be begun.

        Raises:
            InvalidParameter, NoSuchInteraction: as above.
        """
        scope_names.checked(name)
        return None if interactions is None else self.whole.keys_of(interactions)

    def end(self, scope: ScopePlay, why: str | None = None) -> None:
        """End a scope. `why` is told to who still asks for it; None where its test has ended it."""
        if self._all.get(scope.name) is scope:
            del self._all[scope.name]
        scope.end()
        if why is not None:
            self._gone[scope.name] = why
            if len(self._gone) > _MOST_GONE:
                del self._gone[next(iter(self._gone))]

    def follow(self, *, anew: bool) -> None:
        """Have all expect what the mock server expects now; where a part of that is gone, the scope goes too."""
        keys = {each.key for each in self.whole.edition.book.expectations}
        for scope in tuple(self._all.values()):
            if scope.keys is None or scope.keys <= keys:
                scope.follow(anew=anew)
            else:
                self.end(scope, "expected interactions that its mock server does not play any more")

    def close(self) -> None:
        """End all of them: the mock server ends. What they found can still be asked for."""
        self._stage.journal.drop = None
        for scope in self._all.values():
            scope.end()

    def end_delays(self) -> None:
        for scope in self._all.values():
            scope.end_delays()

    def _made(self, name: str) -> ScopePlay:
        self._check_requests()
        self._expire()
        if len(self._all) >= self._limits.most:
            self._make_room()
        scope = self._all[name] = self._new(name)
        return scope

    def _new(self, name: str) -> ScopePlay:
        return ScopePlay(name, self.whole, self._stage, self._together)

    def _check_requests(self) -> None:
        if not self.whole.interactions and self.whole.messages is not None:
            raise NoScopes("This mock server hands out messages, and no request tells the scope of one: leave it out")

    def _make_room(self) -> None:
        """End the scope that nobody used for the longest time.

        Raises:
            LimitReached: when that was a moment ago.
        """
        oldest = self._oldest()
        self.end(oldest, f"was not used for {oldest.lease.idle:.0f} seconds, and made room for another")

    def _oldest(self) -> ScopePlay:
        oldest = min(self._all.values(), key=lambda scope: scope.lease.touched)
        if oldest.lease.idle < self._limits.idle_seconds:
            raise LimitReached(
                f"This mock server has {self._limits.most} scopes already, all of which were used within the last"
                f" {self._limits.idle_seconds:g} seconds: DELETE .../scopes/{{scope}} ends one, or take another"
                " mock server",
                limit=self._limits.most,
            )
        return oldest

    def _has_expired(self, scope: ScopePlay) -> bool:
        left = scope.lease.left
        if left is None or left > 0:
            return False
        self.end(scope, f"was not used for the {scope.lease.seconds:g} seconds of its time to live")
        return True

    def _expire(self) -> None:
        if self._stage.options.ttl is not None:
            for scope in tuple(self._all.values()):
                self._has_expired(scope)

    def _check_gone(self, name: str) -> None:
        why = self._gone.get(name)
        if why is not None:
            raise ScopeGone(
                f"The scope '{name}' {why}: what it had received is gone; PUT .../scopes/{{scope}} begins it anew",
                scope=name,
            )

    def _drop(self, entry: Entry) -> None:
        """List in no scope what the mock server does not list any more."""
        scope = self._all.get(entry.scope or "")
        if scope is not None:
            scope.journal.drop_until(entry.event)

    def __repr__(self) -> str:
        return f"<Scopes: {len(self)} of {self.whole!r}>"
