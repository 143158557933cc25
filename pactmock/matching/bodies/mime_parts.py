"""Multipart bodies taken apart into their parts, each side at a boundary of its own (reference/matching.md §4.7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from pactmock.matching import budget
from pactmock.matching.bodies.reading import Unreadable
from pactmock.matching.parts.part import Part
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.values.location import render
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import decode_base64
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import find
from pactmock.pact.value import value

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks


@value
class MimePart:
    """One part; names of headers are lower-cased, and of repeated headers the last one is kept."""

    index: int
    name: str
    is_file: bool
    headers: Mapping[str, str]
    content: bytes
    occurrence: int = 0
    """How many parts before it have its name."""

    @property
    def key(self) -> str:
        """What stands for the part in paths: its name, or its index."""
        return self.name or str(self.index)

    @property
    def path(self) -> str:
        """The path expression of the part."""
        return render((None, self.key))

    @property
    def content_type(self) -> ContentType:
        return types.parse(self.headers.get("content-type", "")) or types.UNKNOWN

    @property
    def decoded(self) -> bytes:
        """The content without its transfer encoding; the content as it is when it is not of that encoding."""
        if self.headers.get("content-transfer-encoding", "").lower() != "base64":
            return self.content
        decoded = decode_base64(self.content.decode("latin-1"))
        return self.content if decoded is None else decoded


STEPS_A_PART = 8
"""What a part costs of the steps after which the clock is looked at."""

_MOST_HEADERS = 32
"""How many headers a part may have."""


def take_apart(part: Part) -> list[MimePart]:
    """Take a body apart at the boundary that its own Content-Type names.

    Raises:
        Unreadable: why that cannot be done.
    """
    boundary = _boundary(part)
    collector = _Collector()
    try:
        parser = MultipartParser(boundary, collector.callbacks())
        parser.max_header_count = _MOST_HEADERS
        parser.write(_normalised(part.content, b"--" + boundary))
    except FormParserError as error:
        raise Unreadable(str(error)) from None
    if not collector.is_complete:
        raise Unreadable(collector.what_is_missing())
    return collector.parts


def _boundary(part: Part) -> bytes:
    values = find(part.headers, "Content-Type")
    if not values:
        raise Unreadable("no content-type header")
    if types.parse(values[0]) is None:
        raise Unreadable(f"invalid content-type: {quoted(values[0])} is not one")
    boundary = _parameters(values[0]).get("boundary")
    if not boundary:
        raise Unreadable("no boundary in content-type")
    return boundary.encode(errors="replace")


_INCOMPLETE = "incomplete multipart stream"


def _normalised(content: bytes, delimiter: bytes) -> bytes:
    """Cut off what the parser does not skip: a preamble, and blanks after the first delimiter."""
    _, found, rest = (b"\r\n" + content).partition(b"\r\n" + delimiter)
    if not found:
        raise Unreadable(_INCOMPLETE)
    return _without_false_headers(delimiter + rest.lstrip(b" \t"), delimiter)


def _without_false_headers(content: bytes, delimiter: bytes) -> bytes:
    """Cut off the beginning of parts without headers, which the reference takes for their headers and drops."""
    pieces, start = [], 0
    for found in re.finditer(re.escape(delimiter) + rb"[ \t]*\r\n\r\n", content):
        if found.start() < start or (found.start() and not content.startswith(b"\r\n", found.start() - 2)):
            continue
        blank_line = content.find(b"\r\n\r\n", found.end() - 2)
        if blank_line < 0:
            raise Unreadable(_INCOMPLETE)
        pieces.append(content[start : found.end()])
        start = blank_line + 4
    return b"".join(pieces) + content[start:]


def _parameters(header: str) -> dict[str, str]:
    # The parser of options takes texts of which each character is a byte.
    _, options = parse_options_header(header.encode(errors="replace").decode("latin-1"))
    return {name.decode(errors="replace"): value.decode(errors="replace") for name, value in options.items()}


class _Collector:
    """Collects the parts of one body while the parser goes through it, which calls what begins with `on_`."""

    def __init__(self) -> None:
        self.parts: list[MimePart] = []
        self.is_complete = False
        self._named: Counter[str] = Counter()
        self._is_in_content = False
        self._spend = budget.current().spend

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self.on_part_begin,
            "on_header_field": self.on_header_field,
            "on_header_value": self.on_header_value,
            "on_headers_finished": self.on_headers_finished,
            "on_part_data": self.on_part_data,
            "on_part_end": self.on_part_end,
            "on_end": self.on_end,
        }

    def what_is_missing(self) -> str:
        if not self._is_in_content:
            return _INCOMPLETE
        return f"field {quoted(self._part().name or '<unknown>')} received with incomplete data"

    def on_part_begin(self) -> None:
        self._spend(STEPS_A_PART)
        self._headers: list[tuple[str, bytes]] = []
        self._content = bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._headers.append((data[start:end].decode("latin-1"), b""))

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        name, value = self._headers[-1]
        self._headers[-1] = (name, value + data[start:end])

    def on_headers_finished(self) -> None:
        self._is_in_content = True

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def on_part_end(self) -> None:
        self._is_in_content = False
        part = self._part()
        self.parts.append(part)
        self._named[part.name] += 1

    def on_end(self) -> None:
        self.is_complete = True

    def _part(self) -> MimePart:
        texts = [(name, value.decode(errors="replace").strip()) for name, value in self._headers]
        headers = {name.lower(): value for name, value in texts}
        disposition = _parameters(headers.get("content-disposition", ""))
        name = disposition.get("name", "")
        return MimePart(
            len(self.parts),
            name,
            "content-disposition" not in headers or "filename" in disposition,
            headers,
            bytes(self._content),
            self._named[name],
        )
