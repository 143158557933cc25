"""The command of `pactmock run`, and whose signals are: its own while it runs, those of the run before and after it.

The command has the terminal, the standard input and all open files as if it were started without us. It stays in our
process group: what a terminal sends at Ctrl-C reaches both, so that is not sent again.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter

if TYPE_CHECKING:
    import subprocess

_ENDING = tuple(getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM") if hasattr(signal, name))
_TELLING = tuple(getattr(signal, name) for name in ("SIGUSR1", "SIGUSR2") if hasattr(signal, name))
_OF_TERMINAL = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name))

_PATIENCE = 2
"""How many signals that should end it a command may outlive: at the next one it is killed."""

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit codes of shells."""


class NotStarted(InvalidParameter):
    """There is no such command, or it cannot be executed; `exit_code` is what a shell would say."""

    def __init__(self, name: str, error: OSError) -> None:
        meant = "; name pacts with --pact, before the command" if name.endswith(".json") else ""
        super().__init__(f"The command {name!r} cannot be started: {error.strerror or error}{meant}")
        self.exit_code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


class Passing:
    """The signals of this process from the first moment on, and the command that they are passed to."""

    def __init__(self) -> None:
        self._command: subprocess.Popen[bytes] | None = None
        self._held_back: list[int] | None = None
        self._outlived = 0
        self._stop: Callable[[], None] | None = None
        self.number = 0
        """The signal that ended the run; 0 for none."""

    def hear_signals(self) -> None:
        """End the run at a signal, with the exit code of who dies by it. One that is ignored stays so, as by nohup."""
        for number in (*_ENDING, *_TELLING):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def stop_by(self, stop: Callable[[], None] | None) -> None:
        """Call `stop` at the first signal; None has what the main thread does end by `SystemExit`."""
        self._stop = stop

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start the command; from now on signals are for it.

        Raises:
            NotStarted: when it cannot be.
        """
        import subprocess  # late: signals are heard before anything is loaded

        self._held_back = []
        try:
            # The user of the command line chose the command.
            process = subprocess.Popen(command, env=environment, close_fds=False)  # noqa: S603
        except (OSError, ValueError) as error:
            held_back, self._held_back = self._held_back, None
            for number in held_back:
                self._end(number)
            raise NotStarted(command[0], error if isinstance(error, OSError) else OSError(str(error))) from None
        self._command = process
        held_back, self._held_back = self._held_back, None
        for number in held_back:
            self._pass_on(process, number)
        return process

    def has_ended(self) -> None:
        """Take signals again: the command has ended."""
        self._command = None

    def end_at_once(self) -> None:
        """From now on have a signal end this process without any delay: all is done."""
        self.number = self.number or signal.SIGTERM

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._held_back is not None:
            self._held_back.append(number)
        elif self._command is not None:
            self._pass_on(self._command, number)
        elif number in _ENDING:
            self._end(number)

    def _pass_on(self, command: subprocess.Popen[bytes], number: int) -> None:
        self._outlived += number in _ENDING
        if self._outlived > _PATIENCE:
            command.kill()
        elif number not in _OF_TERMINAL or not _is_in_foreground():
            command.send_signal(number)

    def _end(self, number: int) -> None:
        if self.number:
            os._exit(128 + number)
        self.number = number
        if self._stop is None:
            raise SystemExit(128 + number)
        self._stop()


def _is_in_foreground() -> bool:
    """Tell whether a terminal sends its signals to this process group, in which the command is, too."""
    if sys.platform == "win32":  # a console sends them to all that it has
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:  # there is none
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


PASSING = Passing()
"""Those of this process."""
