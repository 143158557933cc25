"""Header values: one text, or a list where HTTP says the header is one (reference/matching.md §5.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from pactmock.pact.json.values import Json, to_text

Headers: TypeAlias = Mapping[str, tuple[str, ...]]
"""Header name, spelled as given, to its values."""

LIST_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-expose-headers",
        "access-control-request-headers",
        "allow",
        "cache-control",
        "if-match",
        "if-none-match",
        "vary",
    }
)
"""The only headers whose value is split on commas. Splitting others breaks dates, cookies and JSON in headers."""


def is_token(text: str) -> bool:
    """Tell whether a text can be the name of a header, or a method (RFC 9110, section 5.6.2)."""
    return re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", text) is not None


def split_value(name: str, value: str) -> tuple[str, ...]:
    """Split one header line into its values."""
    if name.lower() in LIST_HEADERS:
        return tuple(item.strip() for item in value.split(","))
    return (value.strip(),)


def from_json(value: Json) -> Headers:
    """Read the `headers` of a pact file: a text is split, the items of a list are taken as they are."""
    if not isinstance(value, dict):
        return {}
    headers: dict[str, tuple[str, ...]] = {}
    for name, item in value.items():
        if isinstance(item, str):
            headers[name] = _split_often(name, item)
        else:
            headers[name] = tuple(map(to_text, item)) if isinstance(item, list) else (to_text(item),)
    return headers


_split_often = lru_cache(maxsize=256)(split_value)  # the same few stand in most interactions: 0.1 us instead of 0.25


def to_single_values(headers: Headers) -> dict[str, str]:
    """Write headers as texts, one a name, as explanations show them."""
    return {name: ", ".join(values) for name, values in headers.items()}


def to_texts(headers: Headers) -> dict[str, str | list[str]]:
    """Write headers for V1 to V3: a text a name, or a list where the text would be read otherwise (§11 row 74, F)."""
    return {
        name: text if split_value(name, text) == headers[name] else list(headers[name])
        for name, text in to_single_values(headers).items()
    }


def to_lists(headers: Headers) -> dict[str, list[str]]:
    """Write headers for V4: a list a name."""
    return {name: list(values) for name, values in headers.items()}


def find(headers: Headers, name: str) -> tuple[str, ...] | None:
    """Look a header up in any spelling of its name."""
    if name in headers:
        return headers[name]
    wanted = name.lower()
    for key, values in headers.items():
        if key.lower() == wanted:
            return values
    return None
