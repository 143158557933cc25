"""How the process of the service ends: in good order at a signal, soon in any case, and at once while it starts.

The handlers are Python's, which run between two steps of whatever the main thread does. Those of an event loop wait
until the loop has time, and a loop that has none is the one that somebody wants to end.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from types import FrameType

from pactmock.cli.output.log_thread import THREAD as THREAD_OF_LOG

logger = logging.getLogger("pactmock")

SIGNALS = (signal.SIGTERM, signal.SIGINT)

_END_SECONDS = 2.5
"""How long the end may take in good order. Supervisors kill after ten, and people lose patience sooner."""

_LAST_WORD_SECONDS = 0.3
"""How long the last line of the log may take: nobody may read what it is written to."""


_ENDING, _LAST_WORD = "ending", "last word"
_THREADS_THAT_END_IT = frozenset({"MainThread", _ENDING, _LAST_WORD, THREAD_OF_LOG})


class Ending:
    """The end of this process, from the first moment on: what to do is not known before the service is there."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._was_told = False
        self._is_patient = False
        self._drain: Callable[[], None] | None = None
        self._drain_seconds = 0.0
        self._begun: SimpleQueue[float] = SimpleQueue()  # a signal may come amid a put, which a lock would not survive

    def hear_signals(self) -> None:
        """End the process at SIGTERM and SIGINT, with exit status 0: at once, as long as there is nothing to end."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def watch_over(self, stop: Callable[[], None], *, is_patient: bool = False) -> None:
        """Call `stop` on the running event loop at the first signal; the process is gone soon after it.

        At the second it is gone at once, with the exit status of who dies by a signal; nothing more happens then when
        it `is_patient`.
        """
        threading.Thread(target=self._end_for_sure, name=_ENDING, daemon=True).start()
        self._is_patient = is_patient
        self._stop = _on_loop(stop)

    def drain_first(self, drain: Callable[[float], None], seconds: float) -> None:
        """At SIGTERM, as a supervisor sends it, call `drain` instead of `stop`: the end begins so many seconds later.

        Who presses Ctrl-C wants no more of it.
        """
        self._drain_seconds = seconds
        self._drain = _on_loop(partial(drain, seconds))

    def ignore_signals(self) -> None:
        """Let signals do nothing any more: without their handlers, while Python ends, they would show in its status."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def begin(self) -> None:
        """End the process after a while, whatever threads still do: one that waits for a plugin cannot be stopped."""
        self._begun.put(0.0)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stop is None:
            os._exit(0)
        if self._was_told:
            if self._is_patient:
                return
            os._exit(128 + number)
        self._was_told = True  # no new handlers: to set one lets a signal that came meanwhile meet the old one
        if number == signal.SIGTERM and self._drain is not None:
            self._begun.put(self._drain_seconds)
            self._drain()
        else:
            self.begin()
            self._stop()

    def _end_for_sure(self) -> None:
        seconds = self._begun.get()
        if seconds:
            with suppress(Empty):  # it may begin sooner
                self._begun.get(timeout=seconds)
        time.sleep(_END_SECONDS)
        last_word = threading.Thread(target=_say_that_work_is_left, name=_LAST_WORD, daemon=True)
        last_word.start()
        last_word.join(_LAST_WORD_SECONDS)
        os._exit(0)


def end_for_sure(status: int) -> None:
    """End this process after a while, whatever threads still do then."""

    def end() -> None:
        time.sleep(_END_SECONDS)
        os._exit(status)

    threading.Thread(target=end, name=_ENDING, daemon=True).start()


def _on_loop(call: Callable[[], None]) -> Callable[[], None]:
    """Return what has something called by the loop that runs now."""
    from asyncio import get_running_loop  # late: signals are heard before anything is loaded

    loop = get_running_loop()

    def call_on_loop() -> None:
        with suppress(RuntimeError):  # the loop is closed: all has ended
            loop.call_soon_threadsafe(call)

    return call_on_loop


def _say_that_work_is_left() -> None:
    left = [thread for thread in threading.enumerate() if thread.name not in _THREADS_THAT_END_IT]
    logger.warning("the service ends before all of its work is done: %d thread(s)", len(left))
    logging.shutdown()


ENDING = Ending()
"""That of this process."""
