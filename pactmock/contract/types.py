"""The types of what callers hand in and get back; `UNSET` says that there is no value, as `None` is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, TypedDict, final

from pactmock.contract.url import URL

__all__ = [
    "UNSET",
    "URL",
    "GeneratorType",
    "Matchable",
    "MatcherType",
    "Message",
    "MessageProducerArgs",
    "StateHandlerArgs",
    "StateHandlerUrl",
    "Unset",
]

Matchable: TypeAlias = Any
"""What can stand in a body: JSON, with matchers anywhere in it."""

MatcherType: TypeAlias = str
"""The name of a matcher, as integration JSON has it."""

GeneratorType: TypeAlias = str
"""The name of a generator, as integration JSON has it."""

StateHandlerUrl: TypeAlias = str


class Message(TypedDict):
    """A message: its contents, and its metadata."""

    contents: bytes
    metadata: Mapping[str, Any] | None
    content_type: str | None


class MessageProducerArgs(TypedDict, total=False):
    """What a function that makes messages is called with."""

    name: str
    metadata: Mapping[str, Any] | None


class StateHandlerArgs(TypedDict, total=False):
    """What a function that sets up a provider state is called with."""

    state: str
    action: str
    parameters: Mapping[str, Any] | None


@final
class Unset:
    """The type of `UNSET`."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()
"""No value, where `None` would be one."""
