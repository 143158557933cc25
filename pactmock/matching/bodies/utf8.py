"""Why bytes are not UTF-8, in the words of the reference."""

from __future__ import annotations


def reason(error: UnicodeDecodeError) -> str:
    """Say where decoding stopped, and whether a byte is wrong there or the text just ends."""
    if error.reason == "unexpected end of data":
        return f"incomplete utf-8 byte sequence from index {error.start}"
    return f"invalid utf-8 sequence of {error.end - error.start} bytes from index {error.start}"
