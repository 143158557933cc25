"""Values: what does not change once it is made. `@value` makes a class of them.

To the type checker they are frozen dataclasses, and `make check` refuses whoever writes to one. While the program runs
nothing stands in the way: the constructor of a frozen dataclass calls `object.__setattr__` for each field, which for a
request of eight fields takes 1.3 microseconds instead of 0.25, and a mock server makes half a dozen values a request.

A dataclass also writes and compiles a method each to compare, to hash and to show, 0.4 milliseconds a class, which for
all classes of values here was as much as starting Python takes four times. These three are written once, below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Make a class of values of one with annotated fields: equal, and of one hash, when their fields are."""
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, eq=False, repr=False)
    own = kind.__dict__
    made = make(kind)
    members = fields(cast("Any", made))
    methods = _comparing([item.name for item in members if item.compare])
    for name, method in (*methods, ("__repr__", _showing([item.name for item in members if item.repr]))):
        if name not in own:
            setattr(made, name, method)
    return made


def _comparing(names: list[str]) -> tuple[tuple[str, object], ...]:
    compared: Callable[[Any], object] = attrgetter(*names) if names else type

    def is_equal(self: Any, other: object) -> object:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_of(self: Any) -> int:
        return hash(compared(self))

    return ("__eq__", is_equal), ("__hash__", hash_of)


def _showing(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def show(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return show
