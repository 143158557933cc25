"""The kinds of values that the suite says generators make."""

from __future__ import annotations

import json
import re
from typing import Any

_HEX = "[0-9a-f]"
_HYPHENATED = f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"
_PATTERNS = {
    "integer": r"\d+",
    "decimal number": r"\d+\.\d+",
    "hexadecimal number": "[0-9a-fA-F]+",
    "random string": ".+",
    "string from the regex": r"\d{1,8}",
    "date": r"\d{4}-\d{2}-\d{2}",
    "time": r"\d{2}:\d{2}:\d{2}",
    "date-time": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,9}([+-]\d{4})?",
    "UUID": _HYPHENATED,
    "simple UUID": f"{_HEX}{{32}}",
    "lower-case-hyphenated UUID": _HYPHENATED,
    "upper-case-hyphenated UUID": _HYPHENATED.replace("a-f", "A-F"),
    "URN UUID": f"urn:uuid:{_HYPHENATED}",
    "boolean": "true|false",
}


def text_of(value: Any) -> str:
    """Return a text as it is, and the JSON of anything else."""
    return value if isinstance(value, str) else json.dumps(value)


def value_at(path: str, document: Any) -> Any:
    """Return what stands at a path such as `$.one` of a JSON document."""
    root, *names = path.split(".")
    assert root == "$"
    for name in names:
        document = document[name]
    return document


def assert_replaced(original: Any, generated: Any, kind: str) -> None:
    """Check that a value was replaced with one of a kind."""
    assert generated != original
    assert re.fullmatch(_PATTERNS[kind], text_of(generated)), f"{generated!r} is no {kind}"
