"""The members of an object in a form that people write by hand: every name is known, or the error says which are.

Each member knows its place, so that the flattened form, with `"request.path"`, is read just as the nested one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pactmock.errors import InvalidPact, Steps
from pactmock.pact.json.values import Json, compact
from pactmock.pact.value import value


@value
class Member:
    """A value, and its place in the document."""

    value: Json
    place: Steps

    def wrong(self, problem: str) -> InvalidPact:
        """Make the error that names the place."""
        return InvalidPact(problem).below(*self.place)

    def shown(self) -> str:
        """Return the value for an error, cut short."""
        return _cut(compact(self.value))

    def text(self) -> str:
        """Return the value when it is a text that says something."""
        if isinstance(self.value, str) and self.value:
            return self.value
        raise self.wrong(f"This has to be a text that is not empty, not {self.shown()}")

    def any_text(self) -> str:
        """Return the value when it is a text, also an empty one."""
        if isinstance(self.value, str):
            return self.value
        raise self.wrong(f"This has to be a text, not {self.shown()}")

    def flag(self) -> bool:
        """Return the value when it is a boolean."""
        if isinstance(self.value, bool):
            return self.value
        raise self.wrong(f"This has to be true or false, not {self.shown()}")

    def mapping(self) -> dict[str, Json]:
        """Return the value when it is an object."""
        if isinstance(self.value, dict):
            return self.value
        raise self.wrong(f"This has to be an object, not {self.shown()}")

    def items(self) -> Iterator[Member]:
        """Return the items, with their places, when it is a list."""
        if isinstance(self.value, list):
            return (Member(item, (*self.place, i)) for i, item in enumerate(self.value))
        raise self.wrong(f"This has to be a list, not {self.shown()}")


_SHOWN = 100


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class Members:
    """The members of one object, by name. `what` is the object's name in errors."""

    def __init__(self, what: str, place: Steps, members: Mapping[str, Member]) -> None:
        self.what = what
        self.place = place
        self._members = members

    @classmethod
    def of(cls, what: str, member: Member) -> Members:
        """Take an object apart.

        Raises:
            InvalidPact: when it is none.
        """
        members = {name: Member(value, (*member.place, name)) for name, value in member.mapping().items()}
        return cls(what, member.place, members)

    @classmethod
    def named(cls, what: str, member: Member, *others: str) -> Members:
        """Take an object apart that has a name and maybe others, or is written as its name alone.

        Raises:
            InvalidPact: when it is neither.
        """
        if isinstance(member.value, str):
            return cls(what, member.place, {"name": member})
        members = cls.of(what, member)
        members.allow("name", *others)
        return members

    def get(self, name: str) -> Member | None:
        """Return a member, or None where it is not."""
        return self._members.get(name)

    def need(self, name: str) -> Member:
        """Return a member.

        Raises:
            InvalidPact: when it is not there.
        """
        found = self._members.get(name)
        if found is None:
            raise InvalidPact(f"{self.what} has no '{name}'").below(*self.place)
        return found

    def allow(self, *names: str, advice: str = "") -> None:
        """Check that there are no members but these.

        Raises:
            InvalidPact: with the name that it may have been meant to be, and all that there are.
        """
        for name, member in self._members.items():
            if name not in names:
                from difflib import get_close_matches

                close = get_close_matches(name, names, n=1)
                guess = f"did you mean '{close[0]}'? It takes" if close else "it takes"
                raise member.wrong(f"{self.what} has no member '{_cut(name)}': {guess} {_listed(names)}{advice}")

    def split(self, parts: Collection[str]) -> dict[str, Members]:
        """Turn `{"request.path": …}` into the members of each part.

        Raises:
            InvalidPact: for a name that is not that of a member of a part.
        """
        found: dict[str, dict[str, Member]] = {}
        for name, member in self._members.items():
            part, _, rest = name.partition(".")
            if part not in parts or not rest:
                known = _listed([f"{part}.…" for part in parts])
                raise member.wrong(f"{self.what} has no member '{_cut(name)}': it takes names such as {known}")
            found.setdefault(part, {})[rest] = member
        return {part: Members(f"'{part}'", self.place, members) for part, members in found.items()}


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
