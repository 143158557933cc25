"""How long the loop decides in one of its turns, over all mock servers.

Each decision on the loop is short. Fifty connections that each bring one in the same turn would still keep all others
waiting for their sum, so what is decided in a turn is counted together, and the rest of it goes to threads.
"""

from __future__ import annotations

import asyncio


class Turn:
    """What was spent of the present turn of the loop, in seconds of CPU time."""

    def __init__(self, seconds: float = 0.02) -> None:
        self._seconds = seconds
        self._spent = 0.0
        self.is_over = False
        """Whether decisions of this turn have taken all that they may."""

    def spend(self, seconds: float) -> None:
        """Count what a decision took; the next turn of the loop begins anew."""
        if not self._spent:
            asyncio.get_running_loop().call_soon(self._begin)
        self._spent += seconds
        self.is_over = self._spent > self._seconds

    def _begin(self) -> None:
        self._spent, self.is_over = 0.0, False
