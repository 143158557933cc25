"""The names that mock servers were given: each is that of one, and stands wherever an id does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pactmock.errors import InvalidParameter, NameTaken
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.mock_server import MockServer

LONGEST_NAME = 200


def is_number(key: str) -> bool:
    """Tell whether a key is a port number."""
    return key.isascii() and key.isdigit()


STEPS_OF_PATHS = frozenset({".", ".."})
"""Names that clients take out of a path before they send it: `/m/../users` would be `/users`."""


def can_be_name(name: str) -> bool:
    """Tell whether a mock server may have a name: it leads nowhere else where an id stands."""
    return not (is_number(name) or name in STEPS_OF_PATHS or MARK in name)


class Names:
    """Who has which name; one that is starting has its name already."""

    def __init__(self) -> None:
        self._owners: dict[str, MockServer] = {}
        self._starting: set[str] = set()

    def find(self, name: str) -> MockServer | None:
        return self._owners.get(name)

    @contextmanager
    def reserved(self, name: str | None, instead_of: MockServer | None = None) -> Iterator[None]:
        """Keep a name for one that starts, perhaps in the place of another that has it.

        Raises:
            InvalidParameter: for a name that would be taken for a port, a step of a path, or a scope.
            NameTaken: when somebody else has it.
        """
        if not name:
            yield
            return
        self.check(name)
        if name in self._starting or self._owners.get(name, instead_of) is not instead_of:
            raise self.taken(name)
        self._starting.add(name)
        try:
            yield
        finally:
            self._starting.discard(name)

    @staticmethod
    def taken(name: str) -> NameTaken:
        """Return what is said of a name that another has."""
        return NameTaken(
            f"There is a mock server with the name '{name}' already: give another, or DELETE /mockserver/{{name}}",
            name=name,
        )

    @staticmethod
    def check(name: str | None) -> None:
        """Refuse what cannot be a name; none is fine.

        Raises:
            InvalidParameter: for one that would be taken for a port, a step of a path, or a scope.
        """
        if not name:
            return
        if is_number(name):
            raise InvalidParameter(
                f"The name {name[:20]!r} is a number, and would be taken for a port: give another", parameter="name"
            )
        if name in STEPS_OF_PATHS:
            raise InvalidParameter(
                f"The name {name!r} would be taken for a step of a path by whoever calls it: give another",
                parameter="name",
            )
        if MARK in name:
            raise InvalidParameter(
                f"The name {name!r} has a '{MARK}', behind which the name of a scope stands: give another",
                parameter="name",
            )

    def add(self, server: MockServer) -> None:
        if server.options.name:
            self._owners[server.options.name] = server

    def remove(self, server: MockServer) -> None:
        if self._owners.get(server.options.name or "") is server:
            del self._owners[server.options.name or ""]
