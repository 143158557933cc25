"""Keeps a plugin from outliving the process that started it, however that one ends: `python guard.py COMMAND ...`.

A plugin runs in a process group of its own, so that what it starts ends with it. The service holds the other end of
this script's standard input. When that closes, because the service wants the plugin to end, ended, or was killed, the
whole group is ended. This needs no feature of one system, and leaves no moment in which a plugin has no guard.

It is started with `-I -S` to be quick, so it imports from the standard library only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

NOT_STARTED = 127
_GRACE_SECONDS = 1.0


def main(command: list[str]) -> int:
    """Run a plugin until it ends or its service does; return its exit code."""
    try:
        # The service chose the command; it comes from a manifest that a user installed.
        plugin = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    except OSError as error:
        print(f"{command[0]}: {error.strerror or error}", file=sys.stderr)  # noqa: T201  this is what the service reads
        return NOT_STARTED
    threading.Thread(target=_end_with_service, args=(plugin,), daemon=True).start()
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, plugin.pid, os.WEXITED | os.WNOWAIT)  # not yet reaped, so that its group is still its own
        _signal_group(plugin, signal.SIGKILL)
    return plugin.wait()


def _end_with_service(plugin: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)
    if sys.platform == "win32":
        plugin.kill()
        return
    _signal_group(plugin, signal.SIGTERM)
    threading.Timer(_GRACE_SECONDS, _signal_group, (plugin, signal.SIGKILL)).start()


def _signal_group(plugin: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(plugin.pid, number)
    except (OSError, AttributeError):
        return  # it is gone


def exit_as(code: int) -> None:
    """End as the plugin ended, by the same signal where it was one."""
    sys.stdout.flush()
    if code < 0:
        with contextlib.suppress(OSError):  # SIGKILL cannot be handled otherwise anyway
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 1)


if __name__ == "__main__":
    try:
        exit_as(main(sys.argv[1:]))
    except KeyboardInterrupt:
        os._exit(130)
