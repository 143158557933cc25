"""The attributes of a generator, read as the reference reads them (reference/matching.md §7.1).

What is missing or of the wrong kind counts as not given; nothing here fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pactmock.pact.json.values import Json, to_text

Attributes: TypeAlias = Mapping[str, Json]

MAX_LENGTH = 65535
"""The longest text that a generator makes: the most that the reference's 16 bits hold."""


def integer(attributes: Attributes, name: str, default: int) -> int:
    """Read a whole number; `1.0`, `"1"` and `true` are none."""
    value = attributes.get(name)
    return value if type(value) is int else default


def length(attributes: Attributes, name: str, default: int = 10) -> int:
    """Read a length; what is too long is cut, where the reference would start at zero again."""
    value = integer(attributes, name, default)
    return min(value, MAX_LENGTH) if value >= 0 else default


def text(attributes: Attributes, name: str) -> str | None:
    """Read a text; null and the empty text count as not given."""
    return to_text(attributes.get(name)) or None
