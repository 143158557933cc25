"""What is an answer to a call of a plugin, as nobody checks the types of one in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    Configured,
    ContentMismatch,
    Contents,
    ContentTypeMismatch,
    EntryKind,
    MockServerDetails,
    MockServerResults,
    PluginData,
)


class Answer:
    """What may be answered: a value of some types, or `many` values of another one."""

    def __init__(self, *types: type, many: type | None = None) -> None:
        self._types = types
        self._many = many

    def taken_out(self, answer: Any) -> Any:
        """Take out many values at once, where the plugin runs: a generator makes them only then, and once."""
        if self._many is None or isinstance(answer, self._types):
            return answer
        return tuple(answer) if isinstance(answer, Sequence) or hasattr(answer, "__next__") else answer

    def admits(self, answer: object) -> bool:
        """Tell whether this is an answer, when many values have been taken out."""
        if isinstance(answer, self._types):
            return _is_proper(answer)
        if self._many is None or not isinstance(answer, tuple):
            return False
        return all(isinstance(item, self._many) and _is_proper(item) for item in answer)


JSON_TYPES = (dict, list, str, int, float, type(None))

_MEMBERS: dict[type, dict[str, type | tuple[type, ...]]] = {
    CatalogueEntry: {"kind": EntryKind, "key": str, "values": Mapping},
    Contents: {"content": bytes, "content_type": str, "hint": str},
    Configured: {"parts": Sequence, "data": PluginData},
    ContentMismatch: {
        "mismatch": str,
        "path": str,
        "expected": (bytes, type(None)),
        "actual": (bytes, type(None)),
        "diff": str,
    },
    ContentTypeMismatch: {"expected": str, "actual": str},
    MockServerDetails: {"key": str, "port": int, "address": str},
    MockServerResults: {"results": Sequence},
}
"""What the members of answers have to be."""


def _is_proper(answer: object) -> bool:
    if isinstance(answer, dict):
        return all(isinstance(name, str) and _is_json(item) for name, item in answer.items())
    if isinstance(answer, list):
        return all(map(_is_json, answer))
    members = _MEMBERS.get(type(answer), {})
    return all(isinstance(getattr(answer, name), kinds) for name, kinds in members.items())


def _is_json(value: object) -> bool:
    return isinstance(value, JSON_TYPES) and _is_proper(value)
