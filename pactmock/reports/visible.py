"""Makes a text safe to stand in a line: what was received must not forge lines of a log, nor hide part of one."""

from __future__ import annotations

import re

_CONTROL = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
"""Control characters, other line ends, what turns the direction of writing, halves of characters: none is printable."""

_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Write control characters as escapes, such as `\\n` and `\\u{1b}`; all others stay."""
    if text.isprintable():
        return text
    return re.sub(_CONTROL, lambda found: _NAMES.get(found[0]) or f"\\u{{{ord(found[0]):x}}}", text)
