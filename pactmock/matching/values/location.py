"""Where in a body a comparison is, kept as a chain of steps and written out only when something differs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from pactmock.pact.json.values import to_index
from pactmock.pact.path_expression import write_token

Location: TypeAlias = tuple[Any, str | int] | None
"""The place of the parent and the step from it; None is the root."""


def render(location: Location) -> str:
    """Write a location as a path expression: `$.items[0].name`.

    Keys of digits come out as indexes (reference/matching.md §2.2).
    """
    steps = []
    while location is not None:
        location, step = location
        steps.append(_LIKE_WILDCARDS.get(step) or write_token(step_of_key(step) if isinstance(step, str) else step))
    return "$" + "".join(reversed(steps))


# Keys that look like wildcards are written like them (§2.2).
_LIKE_WILDCARDS: dict[str | int, str] = {"*": ".*", "[*]": "[*]"}


def field_name(key: str) -> str:
    """Return the key when it is a field of a path, and nothing when it is an index or a wildcard, which have no name.

    So mismatches of a parameter's values name no parameter that is called `1` or `*`; their texts do.
    """
    return "" if key in _LIKE_WILDCARDS or isinstance(step_of_key(key), int) else key


@lru_cache(maxsize=4096)
def step_of_key(name: str) -> str | int:
    """Turn an object's key into a step of an actual path: `7`, `007` and `+7` are the index 7 (§2.2)."""
    if name[:1].isalpha():  # nearly all keys, and cheaper to tell than that it is no number
        return name
    index = to_index(name)
    return name if index is None else index
