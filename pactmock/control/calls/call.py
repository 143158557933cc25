"""One call of the control API as handlers are asked by it, whoever has read it: the front door, or aiohttp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pactmock.pact.parts.received_headers import RawLines, decode
from pactmock.pact.value import value


@value
class Call:
    """A call that was made, whole."""

    method: str
    path: str
    """Without escapes."""
    names: Mapping[str, str]
    """What the path has where that of its route varies."""
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    """By names in lower case; several lines of a name are one, with commas between."""
    content: bytes
    peer: str
    """The address of whoever sent it."""

    def header(self, name: str) -> str:
        """Return the value of a header, an empty text where there is none."""
        return self.headers.get(name.lower(), "")


def headers_of(lines: RawLines | Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Put header lines in order, for a `Call`."""
    found: dict[str, str] = {}
    for raw, text in lines:
        name, said = decode(raw).lower(), decode(text)
        found[name] = f"{found[name]},{said}" if name in found else said
    return found
