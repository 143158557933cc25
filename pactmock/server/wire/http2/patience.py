"""How much a client may send that costs work and brings nothing: pings, settings, streams that it resets.

Each is allowed, and a flood of them is an attack (CVE-2019-9512, CVE-2019-9515, CVE-2023-44487). So each takes of what
fills up with time, and with every request that is answered: who works hard may also reset more.
"""

from __future__ import annotations

import time

from pactmock.server.wire.http2.broken_rule import BrokenRule, Code

_MOST = 1000.0
_A_SECOND = 100.0


class Patience:
    """What is left of it on one connection."""

    def __init__(self) -> None:
        self._left = _MOST
        self._seen_at = time.monotonic()

    def spend(self, what: str, amount: int = 1) -> None:
        """Take some of it.

        Raises:
            BrokenRule: when nothing is left.
        """
        self._left -= amount
        if self._left >= 0:
            return
        now = time.monotonic()
        self._left = min(_MOST, self._left + (now - self._seen_at) * _A_SECOND)
        self._seen_at = now
        if self._left < 0:
            raise BrokenRule(Code.ENHANCE_YOUR_CALM, f"too many {what} came on one connection: send fewer of them")

    def gain(self) -> None:
        """Give one back."""
        self._left = min(_MOST, self._left + 1)

    def __repr__(self) -> str:
        return f"<Patience: {self._left:.0f} left>"
