"""What is made of an object when it is first asked for, and kept with it.

`functools.cached_property` does that too, but in Python 3.11 it has one lock for a property of all objects: while a
thread compiled a large body, whoever asked for the comparison of any other body waited, and that may be the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class made_once(Generic[T]):  # noqa: N801  it is used as a decorator
    """A property that is made by a method once. Threads that ask first at once may each make it; the last is kept."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> made_once[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object, owner: type) -> made_once[T] | T:
        if instance is None:
            return self
        made = instance.__dict__[self._name] = self._make(instance)  # from now on it is found there
        return made

    def __repr__(self) -> str:
        return f"<made_once {self._name}>"
