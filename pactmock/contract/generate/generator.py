"""What a generator is: an object that says its integration JSON. Tests can write their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from pactmock.contract.types import GeneratorType


class AbstractGenerator(ABC):
    """A generator."""

    @abstractmethod
    def to_integration_json(self) -> dict[str, Any]:
        """Return the members that stand beside an example in integration JSON."""

    @abstractmethod
    def to_generator_json(self) -> dict[str, Any]:
        """Return the generator as `generators` of a pact file has it."""


class GenericGenerator(AbstractGenerator):
    """A generator of any type, also one of a plugin: its name, and its options by theirs."""

    def __init__(self, type: GeneratorType, /, extra_fields: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.type = type
        self._fields = {**(extra_fields or {}), **kwargs}

    def to_integration_json(self) -> dict[str, Any]:
        return {"pact:generator:type": self.type, **self._fields}

    def to_generator_json(self) -> dict[str, Any]:
        return {"type": self.type, **self._fields}

    def __repr__(self) -> str:
        return f"GenericGenerator({self.type!r}, {self._fields!r})"
