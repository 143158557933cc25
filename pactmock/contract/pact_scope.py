"""A scope of the mock server of a contract, for a `with` block: one test among many that share it. `PactScope`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from pactmock.contract.error import Mismatch, MismatchesError
from pactmock.contract.mismatch import of_explanation
from pactmock.contract.url import URL

if TYPE_CHECKING:
    from pactmock.pact.json.values import Json


class Scoped(Protocol):
    """A scope, wherever it is played."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def matched(self) -> bool: ...
    @property
    def mismatches(self) -> list[dict[str, Json]]: ...
    def report(self) -> str: ...
    def keep(self) -> None:
        """Keep what it found, when what was sent is decided on, and end it."""


class PactScope:
    """What was asked in one block, apart from all else that its mock server is asked. `PactServer.scope` makes it."""

    def __init__(self, scope: Scoped) -> None:
        self._scope = scope

    @property
    def name(self) -> str:
        """What it is called on its mock server."""
        return self._scope.name

    @property
    def url(self) -> URL:
        """Where to send requests, with its `headers`; of a service they are in this scope by the URL alone."""
        return URL(self._scope.url)

    @property
    def headers(self) -> Mapping[str, str]:
        """The header by which its requests are told apart, where their URL does not do it."""
        return self._scope.headers

    @property
    def matched(self) -> bool:
        """Whether by now all that was expected was received in it, and nothing else."""
        return self._scope.matched

    @property
    def mismatches(self) -> list[Mismatch]:
        """What did not match by now: requests as they came, then those that never did."""
        return [of_explanation(document) for document in self._scope.mismatches]

    @property
    def report(self) -> str:
        """What did not match, as `pactmock verify` says it; empty when all did."""
        return "" if self.matched else self._scope.report().partition("\n")[2].strip("\n")

    def end(self) -> MismatchesError | None:
        """End it; return what did not match, if anything did not."""
        self._scope.keep()
        return None if self.matched else MismatchesError(*self.mismatches, report=self.report)

    def __repr__(self) -> str:
        return f"<PactScope {self.name} at {self.url}>"
