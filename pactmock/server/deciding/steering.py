"""Headers by which a request says how it is to be played: in which provider state, and to which scope it belongs.

They ask for nothing, so no interaction differs for them. Nearly no request has any, so one look at the names tells
that for all of them, and is remembered: who plays a request and who decides on it both have to know.
"""

from __future__ import annotations

from pactmock.pact.parts.headers import Headers
from pactmock.pact.parts.received_headers import ReceivedHeaders
from pactmock.server.deciding import provider_states, scope_names

_NAMES = frozenset({provider_states.HEADER.lower(), scope_names.HEADER.lower(), scope_names.BAGGAGE})
_LINES = frozenset(name.encode() for name in _NAMES)
_SIZES = frozenset(map(len, _LINES))


def is_steered(headers: Headers) -> bool:
    """Tell whether there may be such a header: a provider state, a scope, or `baggage` that may name one."""
    if type(headers) is not ReceivedHeaders:
        return not _NAMES.isdisjoint(headers)
    if headers.is_steering is not None:
        return headers.is_steering
    sizes = _SIZES
    for line in headers.raw_lines:  # each request pays for this, and `any` takes twice as long
        if len(line[0]) in sizes and line[0].lower() in _LINES:
            headers.is_steering = True
            return True
    headers.is_steering = False
    return False
