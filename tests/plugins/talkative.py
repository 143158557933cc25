"""A plugin in one file, as authors write them, that prints wherever it can: for tests of how it is served.

python talkative.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from pactmock.errors import PluginError
from pactmock.plugins import (
    CatalogueEntry,
    CompareRequest,
    Comparison,
    Configured,
    ConfiguredPart,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    Plugin,
    content_entries,
    serve,
)


def _shout(text: str) -> None:
    print(f'{{"port": 1, "serverKey": "{text}"}}', flush=True)  # noqa: T201  that is the point


class TalkativePlugin(Plugin):
    """It matches loud texts."""

    name = "talkative"
    version = "0.1.0"

    def catalogue(self) -> Sequence[CatalogueEntry]:
        _shout("printed")
        os.write(1, b"written\n")
        subprocess.run([sys.executable, "-c", "print('by a child')"], check=True)
        fields = [CatalogueEntry(kind, "loud") for kind in (EntryKind.MATCHER, EntryKind.GENERATOR)]
        return [*content_entries("talkative", "text/loud"), *fields]

    def configure_interaction(self, request: ConfigureRequest) -> Configured:
        text = request.config.get("text")
        if not isinstance(text, str):
            raise PluginError("it needs a 'text'")
        return Configured([ConfiguredPart(Contents(text.upper().encode(), "text/loud"))])

    def compare_contents(self, request: CompareRequest) -> Comparison:
        _shout("comparing")
        actual = request.actual.content if request.actual else b""
        return [] if actual.isupper() else [ContentMismatch("it is quiet", "$", actual=actual)]

    def generate_content(self, request: GenerateRequest) -> Contents | None:
        if not request.generators:
            return None
        raise PluginError("it generates nothing")

    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        if not isinstance(request.actual, str):
            raise TypeError("no text")
        return [] if request.actual.isupper() else [ContentMismatch("it is quiet", request.path)]

    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        return str(request.example).upper()


if __name__ == "__main__":
    serve(TalkativePlugin())
