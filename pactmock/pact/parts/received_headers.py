"""The headers of a received request: looked up in any case, kept as they were spelled, read when they are asked for.

Most requests are decided by a header or two, and noted without anybody reading the others. So lines stay bytes; names
are put in order when the first is looked up, and a value is decoded when it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pactmock.pact.parts.headers import Headers, split_value

RawLines: TypeAlias = Sequence[tuple[bytes, bytes]]
"""Names and values as they were on the wire."""


HTTP_1, HTTP_2 = "HTTP/1.1", "HTTP/2"


class LinesOfHttp2(list[tuple[bytes, bytes]]):
    """Lines of a request that came over HTTP/2. Their type says so: requests of HTTP/1.1 pay nothing for it."""


class ReceivedHeaders(Mapping[str, tuple[str, ...]]):
    """Header lines as a mapping of names to values; repeated lines add up (reference/matching.md §6.5).

    It holds names in lower case, and finds them in any. It does not change.
    """

    __slots__ = ("_values", "is_steering", "raw_lines")

    def __init__(self, lines: RawLines) -> None:
        self.raw_lines = lines
        """Names and values as they were on the wire, in their order."""
        self._values: dict[str, tuple[str, ...] | bytes] | None = None
        """By names in lower case; bytes until somebody asks for them."""
        self.is_steering: bool | None = None
        """Whether one of them is for the mock server itself, once somebody has looked: each request pays for that."""

    @classmethod
    def of_texts(cls, lines: Iterable[tuple[str, str]]) -> ReceivedHeaders:
        """Make them of lines that somebody wrote as texts."""
        return cls([(name.encode(), value.encode()) for name, value in lines])

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Names and values as they were sent, in their order."""
        return tuple((decode(name), decode(value)) for name, value in self.raw_lines)

    def get(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...] | None:  # type: ignore[override]
        values = self._values
        if values is None:
            values = self._in_order()
        found = values.get(name)
        if found is None:
            name = name.lower()
            found = values.get(name)
        if type(found) is bytes:
            found = values[name] = split_value(name, decode(found))
        return default if found is None else found  # type: ignore[return-value]

    def __getitem__(self, name: str) -> tuple[str, ...]:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        values, name = self._values, name.lower()
        if values is not None:
            return name in values
        wanted = name.encode()
        size = len(wanted)
        # They are not put in order: of most requests it is only asked whether a page sent them.
        for line in self.raw_lines:  # noqa: SIM110  `any` takes twice as long
            if len(line[0]) == size and line[0].lower() == wanted:
                return True
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(self._in_order() if self._values is None else self._values)

    def __len__(self) -> int:
        return len(self._in_order() if self._values is None else self._values)

    def _in_order(self) -> dict[str, tuple[str, ...] | bytes]:
        lines = self.raw_lines
        values: dict[str, tuple[str, ...] | bytes] = {name.lower().decode(): value for name, value in lines}
        if len(values) < len(lines):
            repeated: dict[str, tuple[str, ...]] = {}
            for name, value in lines:
                key = name.lower().decode()
                repeated[key] = (*repeated.get(key, ()), *split_value(key, decode(value)))
            values |= repeated
        self._values = values
        return values

    def __repr__(self) -> str:
        return f"<ReceivedHeaders {', '.join(self)}>"


def protocol_of(headers: Headers) -> str:
    """Return the protocol by which headers came."""
    return HTTP_2 if isinstance(headers, ReceivedHeaders) and isinstance(headers.raw_lines, LinesOfHttp2) else HTTP_1


def received(headers: Headers) -> ReceivedHeaders:
    """Return headers as if they had been received; the values of those that a pact has are not split again."""
    if isinstance(headers, ReceivedHeaders):
        return headers
    made = ReceivedHeaders.of_texts((name, value) for name, values in headers.items() for value in values)
    made._values = {name.lower(): values for name, values in headers.items()}
    return made


def decode(raw: bytes) -> str:
    """Decode what was on the wire: as UTF-8, and byte by byte where it is not."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
