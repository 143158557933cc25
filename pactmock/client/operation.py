"""What makes a method of both clients out of one description: `operation`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from pactmock.client.call import Steps

P = ParamSpec("P")
T = TypeVar("T")


class Blocking:
    """What waits for the answer: its operations return what they are for."""

    @abstractmethod
    def perform(self, steps: Steps[T]) -> T:
        """Make the calls of an operation."""


class Awaiting:
    """What does not wait: its operations are to be awaited."""

    @abstractmethod
    async def perform(self, steps: Steps[T]) -> T:
        """Make the calls of an operation."""


class operation(Generic[P, T]):  # noqa: N801  a decorator
    """A method of a class that both kinds of clients derive from, written as `Steps`; each performs it in its way."""

    def __init__(self, described: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        self._described = described
        self.__doc__ = described.__doc__
        returned = described.__annotations__.get("return", "")  # for who asks what it returns, not how
        described.__annotations__["return"] = returned.removeprefix("Steps[").removesuffix("]")

    @overload
    def __get__(self, client: None, owner: type) -> Callable[Concatenate[Any, P], T]: ...
    @overload
    def __get__(self, client: Blocking, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Awaiting, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        described = self._described
        if client is None:
            return described

        @wraps(described)
        def perform(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client.perform(described(client, *args, **kwargs))

        return perform
