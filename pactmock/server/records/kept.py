"""How many bytes the journals of one process hold together: each has a bound, and there may be thousands of them."""

from __future__ import annotations

_MEGABYTE = 1024 * 1024


class Kept:
    """The bytes of all records that are kept. Whoever keeps one more than `most` allows has to drop older ones."""

    def __init__(self, most: int = 256 * _MEGABYTE) -> None:
        self.most = most
        self.bytes = 0
