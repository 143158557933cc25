"""Content codings: bodies that are compressed on their way, as their `Content-Encoding` says (RFC 9110, section 8.4).

The reference does not look at that header (reference/matching.md §11 row 71, F).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import TypeAlias

from pactmock.pact.codings.coding import CHUNK, Coding, EndsTooEarly, NotDecodable
from pactmock.pact.parts.headers import Headers, find

Codings: TypeAlias = tuple[str, ...]
"""Names in lower case, in the order in which they were applied."""

_OF_PYTHON = {"gzip": "GZIP", "x-gzip": "GZIP", "deflate": "DEFLATE"}
"""What they are called in the module of zlib."""
_OF_LIBRARIES = {"br": "brotli", "zstd": "zstandard"}
"""The modules that look whether a library is installed."""

NAMES = frozenset({*_OF_PYTHON, *_OF_LIBRARIES, "compress", "x-compress", "dcb", "dcz"})
"""What clients send; all else says nothing of a body."""

_OF_TEXTS = bytes({*range(0x20, 0x7F), *b"\t\n\f\r", *range(0x80, 0x100)})
"""All but control characters."""

MOST = 5
"""How many are undone or applied, one upon another: nobody needs as many, and a header has room for thousands."""


def codings_of(headers: Headers) -> Codings:
    """Return what headers say that was done to a body; `identity` is nothing."""
    values = find(headers, "Content-Encoding") if headers else None
    if values is None:
        return ()
    names = (name.strip().lower() for name in ",".join(values).split(","))
    return tuple(name for name in names if name not in {"", "identity"})


@cache
def _find(name: str) -> Coding | None:
    """Return how a coding is undone and applied, None where nothing here knows that."""
    found: Coding | None = None
    if name in _OF_LIBRARIES:  # late: libraries take their time, and few bodies need one
        found = import_module(f"pactmock.pact.codings.{_OF_LIBRARIES[name]}").find()
    elif name in _OF_PYTHON:
        found = getattr(import_module("pactmock.pact.codings.deflate"), _OF_PYTHON[name])
    return found


def _all_of(codings: Iterable[str]) -> list[Coding]:
    return [coding for coding in map(_find, codings) if coding is not None]


def library_for(codings: Codings) -> str | None:
    """Name the library without which one of these cannot be undone; None where none is missing."""
    return next((_OF_LIBRARIES[name] for name in codings if name in _OF_LIBRARIES and _find(name) is None), None)


def are_known(codings: Codings) -> bool:
    """Tell whether these can be undone and applied."""
    return len(codings) <= MOST and all(_find(name) for name in set(codings) & NAMES) and NAMES.issuperset(codings)


def decode(content: bytes, codings: Codings, watch: Callable[[int], None]) -> bytes:
    """Undo codings of which all are known; `watch` is told how many bytes there are so far, and may raise.

    Raises:
        NotDecodable: when the body is not coded so.
    """
    for coding in _all_of(reversed(codings)):
        made = bytearray()
        for piece in coding.decoded(content):
            made += piece
            watch(len(made))
        content = bytes(made)
    return content


def encode(content: bytes, codings: Codings) -> bytes:
    """Apply codings of which all are known; the same content is the same bytes each time."""
    for coding in _all_of(codings):
        content = coding.encoded(content)
    return content


def is_coded(content: bytes, codings: Codings) -> bool:
    """Tell whether a body is coded so, as one that was recorded as bytes; not by a `deflate` without its frame.

    Of that, nobody could tell it from a text. The beginning tells: a small body may become one that fills the memory.
    """
    # With its frame, `deflate` is what reads `gzip` too.
    for coding in _all_of("gzip" if name == "deflate" else name for name in reversed(codings)):
        if not coding.has_signature and not content.translate(None, _OF_TEXTS):
            return False
        beginning = _beginning(content, coding)
        if beginning is None:
            return False
        content = beginning
    return True


def _beginning(content: bytes, coding: Coding) -> bytes | None:
    """Decode the beginning of a body, which may itself be only a beginning; None where it is not coded so."""
    made = bytearray()
    try:
        for piece in coding.decoded(content):
            made += piece
            if len(made) >= CHUNK:
                break
    except EndsTooEarly:
        return bytes(made) or None
    except NotDecodable:
        return None
    return bytes(made)
