"""What deciding on one request may cost, so that no pattern, body or pact can stop those who share the process.

Time is the CPU time of the deciding thread: a busy machine turns nothing red. The wall is only watched as a backstop.
All comparisons of a thread share the budget that is current there, and look at it often: whatever runs for long spends
steps, and the clock is asked once for a few hundred of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
DEFAULT_SECONDS = 2.0
"""What a comparison may cost that nobody gave a budget."""

MAX_PARSED_BYTES = 8 * 1024 * 1024
"""How large a body may be that goes through a parser: a parser cannot be stopped, and holds up the whole process."""

_DECIDING = "this request: send less, simplify the matching rules, or allow requests more time"
_WALL_FACTOR = 10
_STEPS_A_LOOK = 256
"""How many steps are spent between two looks at the clock. A step is a few microseconds, seldom twenty."""


class OutOfBudget(Exception):
    """A comparison was given up. `reason` is a sentence without its full stop: what was given up, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Budget:
    """What one request may still cost. `with budget:` makes it the current one of the thread.

    A budget is used in one thread at a time; only `cancel` may be called from others. It can be entered again, and goes
    on with what is left.
    """

    def __init__(
        self,
        cpu_seconds: float = DEFAULT_SECONDS,
        wall_seconds: float | None = None,
        tentative: bool = False,
        *,
        parsed_bytes: int = MAX_PARSED_BYTES,
        work: str = _DECIDING,
    ) -> None:
        """Give so many seconds of CPU time, and at the most ten times as many by the wall unless they are given too.

        With `tentative`, running out is not a finding: it passes through the comparison to whoever began it, who
        decides again with more. Bodies of more than `parsed_bytes` are not parsed. `work` says what it is for, and what
        to do when that takes too long.
        """
        self.cpu_seconds = cpu_seconds
        self.wall_seconds = wall_seconds
        self.tentative = tentative
        self.parsed_bytes = parsed_bytes
        self.work = work
        self.used = 0.0
        """The seconds that were spent since it was renewed; none when so little was done that nobody looked."""
        self._steps = 0
        self._cancelled = False
        # The clock of a thread costs half a microsecond, so it is first asked when something takes long.
        self._cpu_since: float | None = None
        self._wall_until: float | None = None
        self._lent: Budget | None = None

    def __enter__(self) -> Self:
        _current.stack.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _current.stack.pop()
        if self._cpu_since is not None:
            self.used += time.thread_time() - self._cpu_since
            self._cpu_since = None

    def renew(self) -> Self:
        """Begin anew, for another request of the same kind; one that was hardly used costs nothing to be used again."""
        if self.used or self._cancelled or self._wall_until is not None:
            self.used, self._cancelled, self._cpu_since, self._wall_until = 0.0, False, None, None
        self._steps = 0
        return self

    def spend(self, steps: int = 1) -> None:
        """Note steps of work that are about to be done.

        Raises:
            OutOfBudget: when nothing is left.
        """
        self._steps += steps
        if self._steps >= _STEPS_A_LOOK:
            self.check()

    def check(self) -> None:
        """Look at the clock.

        Raises:
            OutOfBudget: when nothing is left.
        """
        self._steps = 0
        if self._cancelled:
            raise OutOfBudget("it was given up as the mock server ends")
        if self.left <= 0:
            raise OutOfBudget(f"it was given up after {self.cpu_seconds:.3g} second(s) of work on {self.work}")

    @property
    def left(self) -> float:
        """The seconds of CPU time that are left; none when the wall clock has run out, or it was cancelled."""
        if self._cancelled:
            return 0.0
        now = time.thread_time()
        if self._cpu_since is None:
            self._cpu_since = now
        if self._wall_until is None:
            seconds = self.cpu_seconds * _WALL_FACTOR if self.wall_seconds is None else self.wall_seconds
            self._wall_until = time.monotonic() + seconds
        elif time.monotonic() > self._wall_until:
            return 0.0
        return max(0.0, self.cpu_seconds - self.used - (now - self._cpu_since))

    @property
    def gives_back(self) -> bool:
        """Whether running out is for the caller to deal with, and no finding about the request."""
        return self.tentative or self._cancelled

    def cancel(self) -> None:
        """Have the next check raise, in whatever thread it is; what is decided is wanted by nobody any more."""
        self._cancelled = True
        if self._lent is not None:
            self._lent.cancel()

    @contextmanager
    def for_all(self) -> Iterator[None]:
        """Do work for all requests to come, which is not counted; with a tentative budget it is not even begun.

        Raises:
            OutOfBudget: when the budget is tentative: whoever gave it has no time for that.
        """
        if self.tentative:
            raise OutOfBudget("it takes long to compile")
        self.check()
        cpu, wall = time.thread_time(), time.monotonic()
        try:
            yield
        finally:
            self.used -= time.thread_time() - cpu
            if self._wall_until is not None:
                self._wall_until += time.monotonic() - wall

    def elsewhere(self, work: Callable[[], T]) -> Callable[[], T]:
        """Return work for another thread, which this one waits for: it spends what is left here."""
        lent = Budget(self.left, self.wall_seconds, self.tentative, parsed_bytes=self.parsed_bytes, work=self.work)

        def work_there() -> T:
            self._lent = lent
            with lent:
                try:
                    return work()
                finally:
                    self.used += lent.cpu_seconds - lent.left

        return work_there

    def check_parsed(self, size: int) -> None:
        """Make sure that a body of so many bytes may be parsed, and note the work.

        Raises:
            OutOfBudget: when it is larger than bodies that are parsed may be, or nothing is left.
        """
        if size > self.parsed_bytes:
            raise OutOfBudget(
                f"it has {size} bytes, and no more than {self.parsed_bytes} bytes are parsed: raise --max-parsed-body"
            )
        if size >> 12:
            self.spend(size >> 12)

    def __repr__(self) -> str:
        return f"<Budget {self.cpu_seconds:g} s, {self.left:.3f} s left{', tentative' if self.tentative else ''}>"


class _Current(threading.local):
    """The budgets that were entered in a thread, the innermost last."""

    def __init__(self) -> None:
        self.stack: list[Budget] = []


_current = _Current()


def current() -> Budget:
    """Return the budget of this thread, or a new one of the default size where none is entered."""
    stack = _current.stack
    return stack[-1] if stack else Budget()


def spend(steps: int = 1) -> None:
    """Note steps of work on a request that are about to be done, a few microseconds each.

    Raises:
        OutOfBudget: when it was worked on for longer than a request may take; the request is then undecided.
    """
    current().spend(steps)


def is_set() -> bool:
    """Tell whether a budget is entered in this thread."""
    return bool(_current.stack)
