"""How long the loop decides in one of its turns, over all mock servers.

Each decision on the loop is short. Fifty connections that each bring one in the same turn would still keep all others
waiting for their sum, so what is decided in a turn is counted together, and the rest of it goes to threads.
"""

from __future__ import annotations

import asyncio


class Turn:
    """What was spent of the present turn of the loop, in seconds of CPU time.

    Mock servers in a program may be on several loops, which come and go: each begins anew, as one that was ended amid
    a turn never says that this is over.
    """

    def __init__(self, seconds: float = 0.02) -> None:
        self._seconds = seconds
        self._spent = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        """Whose turn it is, None where nothing was spent of it yet."""

    @property
    def is_over(self) -> bool:
        """Whether decisions of this turn have taken all that they may."""
        return self._spent > self._seconds and self._loop is asyncio.get_running_loop()

    def spend(self, seconds: float) -> None:
        """Count what a decision took; the next turn of the loop begins anew."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._spent = loop, 0.0
            loop.call_soon(self._begin)
        self._spent += seconds

    def _begin(self) -> None:
        self._loop, self._spent = None, 0.0
