"""What a client does that HTTP/2 forbids, or that is too much of something: it ends the connection."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Why a stream or a connection ends (RFC 9113, section 7)."""

    NO_ERROR = 0
    PROTOCOL_ERROR = 1
    INTERNAL_ERROR = 2
    FLOW_CONTROL_ERROR = 3
    FRAME_SIZE_ERROR = 6
    REFUSED_STREAM = 7
    CANCEL = 8
    COMPRESSION_ERROR = 9
    ENHANCE_YOUR_CALM = 11
    HTTP_1_1_REQUIRED = 13


class BrokenRule(Exception):
    """Ends a connection. `reason` goes on where a sentence has named the protocol."""

    def __init__(self, code: int, reason: str, *, over: str | None = None, loses_request: bool = False) -> None:
        """`over` says which bound it is over (`Refused.over`), if that is why.

        `loses_request` says that there was a request whose headers were not read.
        """
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.over = over
        self.loses_request = loses_request
