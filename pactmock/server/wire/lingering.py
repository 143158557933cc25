"""How a connection ends whose client may still be sending: what comes is read and dropped for a moment.

To close at once could take from the client what it was sent last: what comes to a socket that is closed resets the
connection, and what was not read yet is lost with it.
"""

from __future__ import annotations

import asyncio

MOST_BYTES = 1024 * 1024
"""How much of what still comes is dropped before the connection is ended all the same."""

SECONDS = 1.0


def close_later(transport: asyncio.Transport, *, is_reading_paused: bool, seconds: float = SECONDS) -> None:
    """Send nothing more, and close in a moment, in which the client can read what it was sent."""
    try:
        transport.write_eof()
    except OSError:  # the client is gone, which is only seen here
        transport.abort()
        return
    if is_reading_paused:
        transport.resume_reading()
    asyncio.get_running_loop().call_later(seconds, transport.close)
