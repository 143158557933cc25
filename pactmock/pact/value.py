"""Values: what does not change once it is made. `@value` makes a class of them.

To the type checker they are frozen dataclasses, and `make check` refuses whoever writes to one. While the program runs
nothing stands in the way: the constructor of a frozen dataclass calls `object.__setattr__` for each field, which for a
request of eight fields takes 1.3 microseconds instead of 0.25, and a mock server makes half a dozen values a request.

They become dataclasses when the first of them is made, or somebody asks for their fields. A dataclass writes and
compiles its methods, 0.4 milliseconds a class, which for all that a program imports was as much as starting Python
takes four times; and of most kinds of values, most programs never make one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from inspect import Signature, get_annotations, signature
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Make a class of values of one with annotated fields: equal, and of one hash, when their fields are."""
    names = [name for name, text in get_annotations(kind).items() if "ClassVar" not in str(text)]
    inherited = {name for base in kind.__mro__[1:] for name in getattr(base, "__slots__", ())}
    members: dict[str, Any] = {"__slots__": tuple(name for name in names if name not in inherited)}
    left_out = {*names, "__dict__", "__weakref__"}
    members |= {name: member for name, member in kind.__dict__.items() if name not in left_out}
    metaclass: Any = type(kind)
    made = metaclass(kind.__name__, kind.__bases__, members)
    made.__qualname__ = kind.__qualname__
    for name in ("__init__", "__dataclass_fields__"):
        setattr(made, name, _Late(name, made, kind))
    made.__signature__ = _Signature()
    return cast("type[T]", made)


class _Late:
    """What is asked of a class of values before all else: to make one, or for its fields. Then it is completed."""

    def __init__(self, name: str, made: type, described: type) -> None:
        self._name = name
        self._made = made
        self._described = described

    def __get__(self, instance: object, owner: type) -> Any:
        with _completing:
            if self._made.__dict__[self._name] is self:
                _complete(self._made, self._described)
        found = self._made.__dict__[self._name]
        return found.__get__(instance, owner) if callable(found) else found


_completing = RLock()


class _Signature:
    def __get__(self, _instance: object, owner: type) -> Signature:
        _, *taken = signature(owner.__init__).parameters.values()  # type: ignore[misc]
        return Signature(taken)


def _complete(made: Any, described: type) -> None:
    """Give a class of values what `dataclass` makes of it as it was described, with the defaults of its fields."""
    described.__doc__ = described.__doc__ or described.__name__  # else it composes one, which takes as long again
    dataclass(eq=False, repr=False)(described)
    for name in ("__init__", "__dataclass_params__", "__match_args__", "__dataclass_fields__"):
        setattr(made, name, described.__dict__[name])
    members = fields(made)
    methods = _comparing([item.name for item in members if item.compare])
    for name, method in (*methods, ("__repr__", _showing([item.name for item in members if item.repr]))):
        if name not in described.__dict__:
            setattr(made, name, method)


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
