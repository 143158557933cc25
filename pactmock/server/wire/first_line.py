"""The first line of a request: what may become one, and what the parser cannot read in it.

The parser knows some methods and no target beyond ASCII; the reference takes any. So it is given another line than was
sent, and what was sent is kept beside it.
"""

from __future__ import annotations

import re
from functools import cache

from pactmock.pact.parts.received_headers import decode
from pactmock.server.wire.refused import Refused

_KNOWN = (
    b"ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY"
    b" OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND"
    b" UNLINK UNLOCK UNSUBSCRIBE"
)
METHODS = {name: name.decode() for name in _KNOWN.split()}
"""The methods that the parser knows, but `PRI`: it takes that for the beginning of HTTP/2 only."""

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_BEGUN = _TOKEN + rb"{0,64}( [^\x00-\x20]*)?( [HTTP/0-9.]*)?\r?"
_WHOLE = rb"(" + _TOKEN + rb"+) ([^\r\n]*) HTTP/[0-9.]+\r?\n"
_OWN_METHOD = _TOKEN + rb"+ (?=[/*h])"
_RAW = rb"([^ ]+ )([^ \r\n]+)( HTTP/[0-9.]+\r?)"
_ANY_ASCII = "".join(map(chr, range(33, 127)))
_TLS_HELLO = b"\x16\x03"


@cache
def _pattern(text: bytes) -> re.Pattern[bytes]:
    return re.compile(text)  # late, as most lines need none of them


def asked_for(begin: bytes) -> tuple[str, str] | None:
    """Return method and target of what begins with the line of a request; None for no HTTP."""
    found = _pattern(_WHOLE).match(begin)
    return (decode(found[1]), decode(found[2])) if found else None


def target_of(begin: bytes) -> bytes:
    """Return what came of the target of a first line that is not whole."""
    return begin.partition(b" ")[2].partition(b" ")[0]


def is_begun(data: bytes) -> bool:
    """Tell whether something is no whole line, and may become one, or what TLS begins with."""
    return data == _TLS_HELLO[:1] or (b"\n" not in data and _pattern(_BEGUN).fullmatch(data) is not None)


def refuse_tls(data: bytes) -> None:
    """Say what to do to a client that begins with TLS.

    Raises:
        Refused: for such a client.
    """
    if data.startswith(_TLS_HELLO):
        raise Refused(
            400,
            "This looks like TLS, and here http is spoken: call it by http://, or post the pact with tls=true (or with"
            " --tls)",
        )


def for_the_parser(data: bytes) -> tuple[str, bytes, bytes]:
    """Return the method, the target where the parser has to read it in another form, and the data for the parser."""
    target, data = _without_raw_bytes(data)
    method, _, rest = data.partition(b" ")
    if method not in METHODS and _pattern(_OWN_METHOD).match(data):
        data = b"POST " + rest
    return method.decode("ascii", errors="replace"), target, data


def _without_raw_bytes(data: bytes) -> tuple[bytes, bytes]:
    """Encode a target that holds bytes beyond ASCII, as some clients send them."""
    line, end, rest = data.partition(b"\n")
    found = None if not end or line.isascii() else _pattern(_RAW).fullmatch(line)
    if found is None:
        return b"", data
    from urllib.parse import quote_from_bytes  # late, as above

    encoded = quote_from_bytes(found[2], safe=_ANY_ASCII).encode()
    return found[2], b"".join((found[1], encoded, found[3], end, rest))
