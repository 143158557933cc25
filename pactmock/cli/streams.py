"""Standard streams of a process that was started without them, as some supervisors and schedulers do it.

A socket would get the number of a stream that is closed. Then what is printed goes to whoever is connected, and the
event loop ends the process when it closes that socket.
"""

from __future__ import annotations

import os
import sys


def open_closed_streams() -> None:
    """Have nothing behind each standard stream that is closed: no input, and output that goes nowhere."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if not _is_open(number):
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)  # for the command of a run
            if getattr(sys, name) is None:
                stream = os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
                setattr(sys, name, stream)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
