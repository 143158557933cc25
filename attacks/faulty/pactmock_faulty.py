"""A plugin in Python, installed beside pactmock, that does what the body of a request tells it: raise, or be slow."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pactmock.plugins import CatalogueEntry, CompareRequest, Comparison, Plugin, content_entries

_RAISED: dict[bytes, type[BaseException]] = {
    kind.__name__.encode(): kind
    for kind in (SystemExit, KeyboardInterrupt, GeneratorExit, RecursionError, MemoryError, OSError, BaseException)
}


class FaultyPlugin(Plugin):
    """It matches whatever it does not fail on."""

    name = "faulty"
    version = "1.0.0"

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return content_entries("faulty", "text/faulty")

    def compare_contents(self, request: CompareRequest) -> Comparison:
        told = request.actual.content if request.actual else b""
        if told in _RAISED:
            raise _RAISED[told]
        if told.startswith(b"sleep "):
            time.sleep(float(told.split()[1]))
        return []
