"""The scope that a request belongs to: how it is named, by the request itself or by the path that it came by.

Many tests share one mock server, and each has its own verdict there. A request that names its scope in a way that
nobody can be sure of must not be counted in another one, so it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pactmock.errors import InvalidParameter
from pactmock.pact.parts.headers import Headers

HEADER = "X-Pactmock-Scope"
"""Names the scope of a request."""

BAGGAGE = "baggage"
MEMBER = "pactmock.scope"
"""The member of W3C baggage that names it, which systems that are traced pass on by themselves."""

MARK = "~"
"""Stands between a mock server and a scope in a path, `/m/{id}~{scope}/...`; no id, port or name holds it."""

LONGEST = 100
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST - 1}}}", re.ASCII)


def checked(name: str) -> str:
    """Return the name of a scope.

    Raises:
        InvalidParameter: when it cannot be one.
    """
    if _NAME.fullmatch(name):
        return name
    shown = f"{name[:LONGEST]!r}{' ...' if len(name) > LONGEST else ''}"
    raise InvalidParameter(
        f"{shown} cannot be the name of a scope: use 1 to {LONGEST} letters, digits, dots, hyphens and underscores,"
        " and begin with a letter or a digit",
        parameter="scope",
    )


def named_by(headers: Headers, by_path: str | None = None) -> str | None:
    """Return the scope that a request names, None for none.

    The path that it came by goes before its own header, and that before its baggage. Path and header are written for
    this very request, so they have to agree; baggage may be that of a caller far away, and is only asked where nothing
    else says anything.

    Raises:
        InvalidParameter: when what it names cannot be a scope, or it names two.
    """
    said = [checked(value.strip()) for value in _lines(headers, HEADER)]
    if by_path is not None:
        said.insert(0, checked(by_path))
    if not said:
        said = [checked(value) for value in _in_baggage(headers)]
    others = [name for name in said if name != said[0]]
    if others:
        raise InvalidParameter(
            f"This request names two scopes, '{said[0]}' and '{others[0]}': let path and {HEADER}, or all of its"
            f" baggage, name the same one",
            parameter="scope",
        )
    return said[0] if said else None


def _lines(headers: Headers, name: str) -> Sequence[str]:
    return headers.get(name) or ()


def _in_baggage(headers: Headers) -> Iterator[str]:
    """Yield the values of our member, decoded; what else is in there is for others, and may be as they like it.

    See https://www.w3.org/TR/baggage/: members are parted by commas, and a value may have properties behind it.
    """
    from urllib.parse import unquote_to_bytes  # late: few requests have any baggage

    for line in _lines(headers, BAGGAGE):
        for member in line.split(","):
            key, equals, value = member.partition("=")
            if equals and key.strip() == MEMBER:
                yield unquote_to_bytes(value.partition(";")[0].strip()).decode(errors="replace")
