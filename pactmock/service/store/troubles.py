"""What a replica cannot play, although another one does: it lacks a plugin, or is of an older release."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable

logger = logging.getLogger("pactmock.store")

_MOST = 100


class NotPlayable(StoreUnavailable):
    """What another replica made of a mock server is more than this one can play."""


class Troubles:
    """The mock servers that this replica cannot play, and why."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    @contextmanager
    def with_what_others_made(self, server: str) -> Iterator[None]:
        """Play what another replica could play; where this one cannot, the fault is not with who asks for it.

        Raises:
            NotPlayable: with what is wrong.
        """
        try:
            yield
        except (NotPlayable, NoSuchMockServer):
            raise
        except Exception as error:
            logger.debug("%s cannot be played", server, exc_info=True)
            why = error.message if isinstance(error, PactmockError) else repr(error)
            said = (
                f"This replica cannot play the mock server {server} as another one does: {why[:500]}; update it or"
                " install what it lacks, or end the mock server"
            )
            self._found[server] = said
            if len(self._found) > _MOST:
                del self._found[next(iter(self._found))]
            raise NotPlayable(said) from error
        self._found.pop(server, None)

    def forget(self, server: str) -> None:
        """Say nothing more of one that has ended."""
        self._found.pop(server, None)

    @property
    def servers(self) -> tuple[str, ...]:
        """The ids of those mock servers."""
        return tuple(self._found)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._found.values()))
