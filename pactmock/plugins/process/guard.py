"""Keeps a plugin from outliving the process that started it, however that one ends: `python guard.py COMMAND ...`.

A plugin runs in a process group of its own, so that what it starts ends with it. The service holds the other end of
this script's standard input. When that closes, because the service wants the plugin to end, ended, or was killed, the
whole group is ended. This needs no feature of one system, and leaves no moment in which a plugin has no guard.

On Linux what left the group, as daemons do, is ended too: this process adopts whatever of the plugin loses its parent,
so all of it stays below this process, and is found there. Elsewhere daemons of a plugin live on; everywhere so do
processes that others made for it, such as those of a container engine.

It is started with `-I -S` to be quick, so it imports from the standard library only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

NOT_STARTED = 127
_GRACE_SECONDS = 1.0
_ROUNDS = 100
_ROUND_SECONDS = 0.01


def main(command: list[str]) -> int:
    """Run a plugin until it ends or its service does; return its exit code."""
    _adopt_orphans()
    try:
        # The service chose the command; it comes from a manifest that a user installed.
        plugin = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    except OSError as error:
        print(f"{command[0]}: {error.strerror or error}", file=sys.stderr)  # noqa: T201  this is what the service reads
        return NOT_STARTED
    threading.Thread(target=_end_with_service, args=(plugin,), daemon=True).start()
    if hasattr(os, "waitid"):
        _wait_for(plugin)
        _signal_group(plugin, signal.SIGKILL)
        code = plugin.wait()
        _kill_all_below()
        return code
    return plugin.wait()


def _adopt_orphans() -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError, ImportError):  # a C library without it
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


_PR_SET_CHILD_SUBREAPER = 36


def _wait_for(plugin: subprocess.Popen[bytes]) -> None:
    """Wait until the plugin ends, without reaping it, so that its group is still its own; adopted ones are reaped."""
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        if ended is None or ended.si_pid == plugin.pid:
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(ended.si_pid, os.WNOHANG)


def _end_with_service(plugin: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)
    if sys.platform == "win32":
        plugin.kill()
        return
    _signal_group(plugin, signal.SIGTERM)
    for process in _below(os.getpid()):
        _signal(process, signal.SIGTERM)
    threading.Timer(_GRACE_SECONDS, _signal_group, (plugin, signal.SIGKILL)).start()


def _signal_group(plugin: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(plugin.pid, number)
    except (OSError, AttributeError):
        return  # it is gone


def _kill_all_below() -> None:
    """Kill until nothing is left: what is killed may have started another meanwhile."""
    for _ in range(_ROUNDS):
        found = list(_below(os.getpid()))
        if not found:
            return
        for process in found:
            _signal(process, signal.SIGKILL)
        time.sleep(_ROUND_SECONDS)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _signal(process: int, number: int) -> None:
    with contextlib.suppress(OSError):  # it is gone, or has become another user's
        os.kill(process, number)


def _below(parent: int) -> Iterator[int]:
    """Yield the processes that come from one, in order of descent; none where the system does not list them."""
    children: dict[int, list[int]] = {}
    for process, its_parent in _parents():
        children.setdefault(its_parent, []).append(process)
    waiting = children.get(parent, [])
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        yield process


def _parents() -> Iterator[tuple[int, int]]:
    with contextlib.suppress(OSError):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    state, its_parent = (entry / "stat").read_bytes().rpartition(b")")[2].split()[:2]
                    if state != b"Z":
                        yield int(entry.name), int(its_parent)


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
