"""Paths: as a pact has them, and as clients send them (reference/matching.md §5.4; §11 row 72, F).

No client sends a blank in a path, or a letter beyond ASCII: it sends them percent-encoded, and so does the provider's
verification. A pact that was written by hand has them as they are, and sometimes a query in its path, or no slash in
front, of which the verification makes what can be sent, too.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.parts import query_string

_UNSENDABLE = re.compile(r"[^!#-;=?-\[\]_a-z~]")  # said by what can be sent: listing the rest takes re 4 ms to compile


def as_sent(interaction: HttpInteraction) -> HttpInteraction:
    """Return an interaction with the path that its request is sent to: one that starts with a slash, without a query.

    What stands behind a `?` in the path is a query, before that of the pact. A path that is empty stays so, and is met
    by no request, as the cases of the specification have it.
    """
    request = interaction.request
    if not request.path or (request.path[0] == "/" and "?" not in request.path):
        return interaction
    return replace(interaction, request=_as_sent(request))


def _as_sent(request: Request) -> Request:
    path, _, text = request.path.partition("?")
    path = path if path.startswith("/") else f"/{path}"
    if not text:
        return replace(request, path=path)
    query = dict(query_string.parse(text) or {})
    for name, values in (request.query or {}).items():
        query[name] = query.get(name, ()) + values
    if request.query_text is None:
        return replace(request, path=path, query=query or None)
    whole = "&".join(filter(None, (text, request.query_text)))
    return replace(request, path=path, query=query or None, query_text=whole)


def is_sendable(path: str) -> bool:
    """Tell whether a client can send a path as it is."""
    return _UNSENDABLE.search(path) is None


def encoded(path: str) -> str:
    """Return the form that all spellings of a path have which only differ in what clients encode, and in which case.

    What is percent-encoded stays so: `%2F` is no slash.
    """
    from urllib.parse import quote  # late, as below: few paths have what is encoded, or has to be

    upper = _ENCODED.sub(lambda found: found[0].upper(), path)
    return _UNSENDABLE.sub(lambda found: quote(found[0], safe=""), upper)


def decoded(path: str) -> str:
    """Return a path with what is percent-encoded in it as it is, but for slashes; itself where that is no UTF-8."""
    if "%" not in path:
        return path
    from urllib.parse import unquote_to_bytes

    pieces = _ENCODED_SLASH.split(path)
    try:
        return "".join(piece if number % 2 else unquote_to_bytes(piece).decode() for number, piece in enumerate(pieces))
    except UnicodeDecodeError:
        return path


_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_ENCODED_SLASH = re.compile("(%2[Ff])")
