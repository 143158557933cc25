"""How a connection begins whose client speaks HTTP/2 without asking first (RFC 9113, section 3.4)."""

from __future__ import annotations

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class SpeaksHttp2(Exception):
    """The client of a connection does; `rest` is what came behind its preface."""

    def __init__(self, rest: bytes) -> None:
        super().__init__("HTTP/2 is spoken on this connection")
        self.rest = rest


def is_preface(data: bytes) -> bool:
    """Tell whether something begins with the preface, or may become it."""
    return PREFACE.startswith(data[: len(PREFACE)])
