"""Multipart bodies (reference/matching.md §4.7).

Parts are paired by name. A field is compared as a text, a file as a body of its own type with the rules below its
name. The boundaries of the two sides differ at every run, so each side is taken apart with its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from pactmock.matching import budget
from pactmock.matching.bodies.reading import Unreadable, compile_read
from pactmock.matching.mismatch import BodyMismatch, BodyTypeMismatch, UndecidedMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import Place
from pactmock.matching.texts.rendering import quoted
from pactmock.matching.values.location import Location, field_name, render
from pactmock.pact import content_type as types
from pactmock.pact.body import Body, BodyState, decode_base64
from pactmock.pact.headers import find
from pactmock.pact.value import value

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected multipart body, which is taken apart once."""

    def compile_comparison(parts: _Parts) -> Callable[[_Parts], BodyMismatches]:
        header_rules = expected.rules.in_lower_case()
        checks = [_compile_part(part, expected, header_rules.field(part.key)) for part in parts]

        def compare(received: _Parts) -> BodyMismatches:
            counterparts = _Counterparts(received)
            return [item for check_part in checks for item in check_part(counterparts)]

        return compare

    return compile_read(expected, _parse, compile_comparison, " as a MIME multipart body")


@value
class _MimePart:
    """One part; names of headers are lower-cased, and of repeated headers the last one is kept."""

    index: int
    name: str
    is_file: bool
    headers: Mapping[str, str]
    content: bytes

    @property
    def key(self) -> str:
        """What stands for the part in paths: its name, or its index."""
        return self.name or str(self.index)

    @property
    def decoded(self) -> bytes:
        """The content without its transfer encoding; the content as it is when it is not of that encoding."""
        if self.headers.get("content-transfer-encoding", "").lower() != "base64":
            return self.content
        decoded = decode_base64(self.content.decode("latin-1"))
        return self.content if decoded is None else decoded


_Parts: TypeAlias = Sequence[_MimePart]
_BodyMismatch: TypeAlias = BodyMismatch | BodyTypeMismatch | UndecidedMismatch
_PartCheck: TypeAlias = Callable[[_MimePart], BodyMismatches]


class _Counterparts:
    """Finds the received part of an expected one: the first, as more parts of its name are ignored (§11 row 30, K)."""

    def __init__(self, received: _Parts) -> None:
        self._by_name: dict[str, _MimePart] = {}
        for item in received:
            self._by_name.setdefault(item.name, item)
        self._received = received

    def of(self, part: _MimePart) -> _MimePart | None:
        """Return the part of this name, or where that is at this place and has no name."""
        unnamed = self._received[part.index] if part.index < len(self._received) else None
        candidates = [unnamed] if unnamed is not None and not unnamed.name else []
        if part.name and part.name in self._by_name:
            candidates.append(self._by_name[part.name])
        return min(candidates, key=attrgetter("index"), default=None)


def _compile_part(
    part: _MimePart, expected: ExpectedPart, header_rules: Place
) -> Callable[[_Counterparts], BodyMismatches]:
    check_content = _compile_file(part, expected) if part.is_file else _compile_field(part, expected)
    kinds = ("file", "field") if part.is_file else ("field", "file")

    def check(received: _Counterparts) -> BodyMismatches:
        budget.current().spend(_STEPS_A_PART)
        actual = received.of(part)
        if actual is None:
            return [_about(part, f"Expected a MIME part '{part.name}' but was missing")]
        if actual.is_file is not part.is_file:
            return [_about(part, f"Expected a MIME {kinds[0]} '{part.name}' but was {kinds[1]}")]
        return [*_header_mismatches(part, actual, header_rules), *check_content(actual)]

    return check


def _about(part: _MimePart, text: str) -> BodyMismatch:
    return BodyMismatch("$", part.name.encode(), None, text)


def _compile_field(part: _MimePart, expected: ExpectedPart) -> _PartCheck:
    place = expected.rules.field(part.key)
    location: Location = (None, part.key)
    wanted = part.decoded.decode(errors="replace")

    def check(actual: _MimePart) -> BodyMismatches:
        received = actual.decoded.decode(errors="replace")
        if place.rules is not None:
            problems = place.rules.string_problems(wanted, received, place.cascaded)
        else:
            text = f"MIME part '{part.name}': Expected '{received}' to be equal to '{wanted}'"
            problems = [] if received == wanted else [text]
        return [BodyMismatch(render(location), part.content, actual.content, problem) for problem in problems]

    return check


def _compile_file(part: _MimePart, expected: ExpectedPart) -> _PartCheck:
    # Imported late: a part is a body again, and bodies of all kinds come together there.
    from pactmock.matching.bodies.body import compile_body as compile_any

    own = _as_body(part)
    rules = expected.rules.rooted_at(part.key)
    compare = compile_any(ExpectedPart(own.body, own.content_type, rules=rules, strict=expected.strict))

    def check(actual: _MimePart) -> BodyMismatches:
        return [_prefixed(part, item) for item in compare(_as_body(actual))]

    return check


def _as_body(part: _MimePart) -> Part:
    content_type = types.parse(part.headers.get("content-type", "")) or types.UNKNOWN
    return Part(Body(BodyState.PRESENT, part.decoded, content_type), content_type)


def _prefixed(part: _MimePart, item: _BodyMismatch) -> _BodyMismatch:
    return replace(item, mismatch=f"MIME part '{part.key}': {item.mismatch}")


def _header_mismatches(part: _MimePart, actual: _MimePart, rules: Place) -> list[BodyMismatch]:
    """Compare the headers of two parts, by the rules below the part's name in lower case.

    The name itself is looked for as it is, so that no rule holds for the headers of a part called `File`: the
    reference lowers the rules alone.
    """
    # Parts without a name, or with a number for one, have no name in these texts in the reference either.
    shown = field_name(part.key) or "unknown part"
    found = []
    for name, expected in part.headers.items():
        location = ((None, part.key), name)
        received = actual.headers.get(name)
        content = None if received is None else received.encode()
        for problem in _header_problems(name, expected, received, rules.field(name)):
            text = f"MIME part '{shown}': {problem}"
            found.append(BodyMismatch(render(location), expected.encode(), content, text))
    return found


_MAY_BE_MISSING = frozenset({"content-type", "content-disposition", "content-transfer-encoding"})


def _header_problems(name: str, expected: str, actual: str | None, place: Place) -> list[str]:
    if actual is None:
        missing = f"Expected multipart header '{name}' with value '{expected}' but was missing"
        return [] if name in _MAY_BE_MISSING else [missing]
    if place.rules is not None and place.is_direct:  # none come from above
        return place.rules.string_problems(expected, actual, place.cascaded)
    if actual == expected or name == "content-disposition":
        return []
    return [f"header '{name}': Expected '{actual}' to be equal to '{expected}'"]


_STEPS_A_PART = 8

_MOST_HEADERS = 32
"""How many headers a part may have."""


def _parse(part: Part) -> _Parts:
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
    """Collects the parts of one body while the parser goes through it."""

    def __init__(self) -> None:
        self.parts: list[_MimePart] = []
        self.is_complete = False
        self._is_in_content = False
        self._spend = budget.current().spend

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._begin_header,
            "on_header_value": self._add_value,
            "on_headers_finished": self._begin_content,
            "on_part_data": self._add_content,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def what_is_missing(self) -> str:
        if not self._is_in_content:
            return _INCOMPLETE
        return f"field {quoted(self._part().name or '<unknown>')} received with incomplete data"

    def _begin_part(self) -> None:
        self._spend(_STEPS_A_PART)
        self._headers: list[tuple[str, bytes]] = []
        self._content = bytearray()

    def _begin_header(self, data: bytes, start: int, end: int) -> None:
        self._headers.append((data[start:end].decode("latin-1"), b""))

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        name, value = self._headers[-1]
        self._headers[-1] = (name, value + data[start:end])

    def _begin_content(self) -> None:
        self._is_in_content = True

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _end_part(self) -> None:
        self._is_in_content = False
        self.parts.append(self._part())

    def _end(self) -> None:
        self.is_complete = True

    def _part(self) -> _MimePart:
        texts = [(name, value.decode(errors="replace").strip()) for name, value in self._headers]
        headers = {name.lower(): value for name, value in texts}
        disposition = _parameters(headers.get("content-disposition", ""))
        return _MimePart(
            len(self.parts),
            disposition.get("name", ""),
            "content-disposition" not in headers or "filename" in disposition,
            headers,
            bytes(self._content),
        )
