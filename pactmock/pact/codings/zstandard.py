"""The coding `zstd` (RFC 8878), where one of its libraries is installed; Python has one of its own from 3.14 on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from pactmock.pact.codings.coding import Coding, EndsTooEarly, NotDecodable

_WINDOW_LOG = 23
"""No more than 8 MB of what was decoded have to be kept to decode the rest (RFC 9659)."""

_PIECE = 256
"""How many bytes are decoded at once: of four, 128 kB may become."""


def find() -> Coding | None:
    """Return the coding, None where no library for it can be imported."""
    return next((coding for coding in map(of, _LIBRARIES) if coding is not None), None)


def of(module: str) -> Coding | None:
    """Return the coding as one of the libraries has it, None where that cannot be imported, or is too old."""
    try:
        return _LIBRARIES[module](import_module(module))
    except ImportError:
        return None


def _of_python(library: ModuleType) -> Coding:
    options = {library.DecompressionParameter.window_log_max: _WINDOW_LOG}
    return _coding(lambda: library.ZstdDecompressor(options=options), library.compress, library.ZstdError)


def _of_zstandard(library: ModuleType) -> Coding | None:
    reads = library.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG)
    if not hasattr(reads.decompressobj(), "unused_data"):  # before 0.19
        return None
    return _coding(reads.decompressobj, lambda content: library.ZstdCompressor().compress(content), library.ZstdError)


_LIBRARIES: Mapping[str, Callable[[ModuleType], Coding | None]] = {
    "compression.zstd": _of_python,
    "backports.zstd": _of_python,
    "zstandard": _of_zstandard,
}


def _coding(begin: Callable[[], Any], encoded: Callable[[bytes], bytes], error_type: type[Exception]) -> Coding:
    def decoded(content: bytes) -> Iterator[bytes]:
        try:
            yield from _frames(begin, content)
        except error_type:
            raise NotDecodable("it is not valid") from None

    return Coding(decoded, encoded)


def _frames(begin: Callable[[], Any], content: bytes) -> Iterator[bytes]:
    """Yield what one frame after the other says; `begin` makes what reads one, as that of bz2 in Python does."""
    end = 0
    while end < len(content) or not end:
        stream = begin()
        while not stream.eof:
            if end >= len(content):
                raise EndsTooEarly
            yield stream.decompress(content[end : end + _PIECE])
            end += _PIECE
        end = min(end, len(content)) - len(stream.unused_data)
