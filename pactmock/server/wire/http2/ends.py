"""How a stream ends instead of an answer, where a test wants to see that the code copes with it.

Over HTTP/1.1 the connection ends. Here other requests are under way on it, to which nobody wanted anything to happen.
"""

from __future__ import annotations

from pactmock.server.wire.broken import BrokenOff, empty, malformed
from pactmock.server.wire.http2.broken_rule import Code
from pactmock.server.wire.http2.machine import Machine

_BEGINNING = b"this is not all that was promised"


def end(machine: Machine, stream_id: int, broken: BrokenOff) -> None:
    """End a stream whose client waits for an answer.

    One that is *empty* is cancelled, one that is *malformed* begins an answer well and breaks off amid its body, and
    one that is *reset* ends in an error of ours.
    """
    if broken.end is empty:
        machine.reset(stream_id, Code.CANCEL)
    elif broken.end is malformed:
        machine.send_head(stream_id, [(b":status", b"200"), (b"content-length", b"1000")], ends=False)
        if machine.room(stream_id) >= len(_BEGINNING):
            machine.send_body(stream_id, _BEGINNING, ends=False)
        machine.reset(stream_id, Code.PROTOCOL_ERROR)
    else:
        machine.reset(stream_id, Code.INTERNAL_ERROR)
