"""The coding `br` (RFC 7932), where one of its libraries is installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from pactmock.pact.codings.coding import CHUNK, Coding, EndsTooEarly, NotDecodable


def find() -> Coding | None:
    """Return the coding, None where no library for it can be imported."""
    for name in ("brotli", "brotlicffi"):
        try:
            library = import_module(name)
        except ImportError:
            continue
        if _is_bounded(library):
            return _coding(library)
    return None


def _coding(library: ModuleType) -> Coding:
    return Coding(lambda content: _decoded(library, content), library.compress, has_signature=False)


def _is_bounded(library: ModuleType) -> bool:
    """Tell whether a library decodes piece by piece; before 1.2 it makes all that a body says at once."""
    try:
        library.Decompressor().process(b"", output_buffer_limit=CHUNK)
    except TypeError:
        return False
    return True


def _decoded(library: ModuleType, content: bytes) -> Iterator[bytes]:
    stream = library.Decompressor()
    rest = content
    while not stream.is_finished():
        try:
            piece: bytes = stream.process(rest, output_buffer_limit=CHUNK)
        except library.error:
            raise NotDecodable("it is not valid") from None
        if not piece and not stream.is_finished():
            raise EndsTooEarly
        yield piece
        rest = b""  # the stream keeps what it has not come to
