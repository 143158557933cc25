"""The formats in which replicas write what they share, so that two releases can run beside each other.

A value says its format in `v`. A replica reads all formats up to its own, and writes the newest that every running
replica knows, which `fleet.py` keeps track of. Who changes how something is written makes a `Step` of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pactmock.errors import PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json, parse
from pactmock.pact.value import value

Value: TypeAlias = dict[str, Json]


@value
class Step:
    """What leads from a format to the next one, and back: a value of one into the same of the other."""

    up: Callable[[Value], Value]
    down: Callable[[Value], Value]


STEPS: Sequence[Step] = ()
"""From format 1 to 2, from 2 to 3, and so on."""


class Formats:
    """Which formats this replica knows, and in which it writes."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self._steps = steps
        self.newest = len(steps) + 1
        self.written = self.newest
        """The newest that all running replicas know."""

    def write(self, value: Value) -> Value:
        """Return a value of the newest format as it is written now."""
        for step in reversed(self._steps[self.written - 1 :]):
            value = step.down(value)
        return value | {"v": self.written}

    def read_text(self, text: bytes) -> Value:
        """Return a value of any format in the newest, by its JSON.

        Raises:
            StoreUnavailable: as `read` does, and for what no replica has written.
        """
        try:
            value = parse(text)
        except PactmockError as error:
            raise StoreUnavailable(f"The store has what no replica wrote: {error.message}") from None
        return self.read(value)

    def read(self, value: Mapping[str, Json]) -> Value:
        """Return a value of any format in the newest.

        Raises:
            StoreUnavailable: for one of a release to come, which no replica writes as long as ours says that it runs,
                and for what no replica has written.
        """
        version = value.get("v") if isinstance(value, Mapping) else None
        if type(version) is not int or version < 1:
            raise StoreUnavailable("The store has what no replica wrote: a value that does not name its format")
        if version > self.newest:
            raise StoreUnavailable(
                f"The store has a value of format {version}, and this replica knows none above {self.newest}: update it"
            )
        read = dict(value)
        for step in self._steps[version - 1 :]:
            read = step.up(read)
        return read
