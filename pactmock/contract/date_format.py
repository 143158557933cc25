"""Formats of dates and times: those of `strftime` into those of Java, in which a pact file has them."""

from __future__ import annotations

import warnings

_JAVA = {
    "a": "EEE", "A": "EEEE", "b": "MMM", "B": "MMMM", "d": "dd", "m": "MM", "y": "yy", "Y": "yyyy", "G": "YYYY",
    "j": "DDD", "u": "u", "f": "SSSSSS", "H": "HH", "I": "hh", "M": "mm", "S": "ss", "p": "a", "z": "Z", "Z": "z",
    ":z": "XXX", "%": "%", "U": "ww", "V": "ww", "W": "ww",
}  # fmt: skip
_BY_LOCALE = frozenset("cxX")
_WEEKS = frozenset("UVW")


def strftime_to_java(text: str) -> str:
    """Return the Java format of a `strftime` format, with letters between the codes quoted.

    Raises:
        ValueError: for a code that Java has no letters for, and for half a code.
    """
    java, plain, rest = "", "", text
    while rest:
        if not rest.startswith("%"):
            plain, rest = plain + rest[0], rest[1:]
            continue
        code, rest = _code(rest[1:], text)
        java, plain = java + _quoted(plain) + _java(code), ""
    return java + _quoted(plain)


def _code(rest: str, text: str) -> tuple[str, str]:
    """Split off the code at the start of what follows a percent sign."""
    length = 2 if rest[:1] in {":", "-"} else 1
    if len(rest) < length:
        raise ValueError(f"Incomplete Python format code at the end of `{text}`")
    return rest[:length], rest[length:]


def _java(code: str) -> str:
    if code in _BY_LOCALE:
        raise ValueError(f"Cannot convert locale-dependent Python format code `%{code}` to Java")
    if code == "w":
        raise ValueError("Python format code `%w` is not supported in Java")
    if code not in _JAVA:
        raise ValueError(f"Unsupported Python format code `%{code}`")
    if code in _WEEKS:
        warnings.warn(f"The Java equivalent for `%{code}` is locale dependent.", stacklevel=5)
    return _JAVA[code]


def _quoted(plain: str) -> str:
    """Quote a text between codes from its first letter on, which Java would take for codes of its own."""
    start = next((index for index, letter in enumerate(plain) if letter.isalpha()), None)
    escaped = plain.replace("'", "''")
    if start is None:
        return escaped
    bare = plain[:start].replace("'", "''")
    return f"{bare}'{escaped[len(bare) :]}'"
