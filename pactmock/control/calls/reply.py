"""What a call is answered with, apart from how it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from pydantic import BaseModel

from pactmock.pact.json.values import compact_bytes
from pactmock.pact.value import value
from pactmock.reports.visible import visible


@value
class Reply:
    """A status, content of some type, headers."""

    content: bytes = b""
    content_type: str | None = None
    status: int = 200
    headers: Iterable[tuple[str, str]] = ()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """All header lines, with the type. What cannot stand in one, and may come out of a pact, is escaped."""
        kind = [("Content-Type", self.content_type)] if self.content_type else []
        return [(name, in_a_header(text)) for name, text in (*self.headers, *kind)]

    @classmethod
    def json(cls, value: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Reply:
        """Answer with a document: a model, or JSON."""
        document = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        return cls(compact_bytes(document), "application/json; charset=utf-8", status, headers)

    @classmethod
    def text(cls, text: str) -> Reply:
        """Answer with plain text; what of it is no text is escaped."""
        return cls(text.encode(errors="backslashreplace"), "text/plain; charset=utf-8")

    @classmethod
    def of(cls, value: Any) -> Reply:
        """Answer with what a handler returned."""
        if isinstance(value, Reply):
            return value
        return cls(status=204) if value is None else cls.json(value)


def in_a_header(text: str) -> str:
    """Write a text so that it can be a header: control characters, and what is not ASCII, as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return visible(text).encode("ascii", "backslashreplace").decode()


@value
class Streamed:
    """What is sent piece by piece, as it comes, until nothing more does or the caller is gone."""

    pieces: AsyncIterator[bytes]
    close: Callable[[], None]
    """Called at the end in any case, and when the caller has ended: then `pieces` end."""
    content_type: str
