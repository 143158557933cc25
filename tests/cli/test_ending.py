"""The service ends at a signal, whatever it does at that moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.patience import HANG

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_COMMAND = "from pactmock.cli import main; main(prog_name='pactmock')"
_WITHOUT_UVLOOP = "import sys; sys.modules['uvloop'] = None"
_BUSY_WHEN_TOLD = "import signal\ndef spin(*_):\n    print('busy', flush=True)\n    while True: pass\n"
_BUSY_WHEN_TOLD += "signal.signal(signal.SIGUSR1, spin)"
_SIGNALLED_AMID_IMPORTS = """import os, sys
class Finder:
    def find_spec(self, name, *_):
        if name == 'aiohttp':
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Finder())"""


@contextmanager
def _start(directory: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """Start the service in an interpreter that does something before."""
    process = subprocess.Popen(
        [sys.executable, "-c", "\n".join((*before, _COMMAND)), "start", "--port", "0", "--server-key", "k"],
        cwd=directory,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=HANG)


def _read(process: subprocess.Popen[str], what: str) -> None:
    assert process.stdout is not None
    assert what in process.stdout.readline()


@pytest.fixture(params=[(), (_WITHOUT_UVLOOP,)], ids=["uvloop", "asyncio"])
def loop(request: pytest.FixtureRequest) -> tuple[str, ...]:
    before: tuple[str, ...] = request.param
    return before


@pytest.mark.parametrize("number", SIGNALS)
def test_an_idle_service_ends_at_a_signal(tmp_path: Path, loop: tuple[str, ...], number: signal.Signals) -> None:
    with _start(tmp_path, *loop) as process:
        _read(process, "listening")
        process.send_signal(number)
        _, errors = process.communicate(timeout=HANG)
        assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="it is told by SIGUSR1")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_service_whose_loop_is_busy_ends_too(tmp_path: Path, loop: tuple[str, ...], number: signal.Signals) -> None:
    with _start(tmp_path, _BUSY_WHEN_TOLD, *loop) as process:
        _read(process, "listening")
        process.send_signal(signal.SIGUSR1)
        _read(process, "busy")
        process.send_signal(number)
        _, errors = process.communicate(timeout=HANG)
        assert process.returncode == 0
        assert "ends before all of its work is done" in errors


@pytest.mark.skipif(sys.platform == "win32", reason="it is told by SIGUSR1")
def test_a_second_signal_ends_it_at_once(tmp_path: Path, loop: tuple[str, ...]) -> None:
    with _start(tmp_path, _BUSY_WHEN_TOLD, *loop) as process:
        _read(process, "listening")
        process.send_signal(signal.SIGUSR1)
        _read(process, "busy")
        began = time.monotonic()
        while process.poll() is None and time.monotonic() - began < HANG:
            for number in SIGNALS:  # two of one number that come together are one
                process.send_signal(number)
            # Python 3.11 sometimes notices neither of two that come within microseconds, until another one does.
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.5)
        assert process.returncode in {128 + number for number in SIGNALS}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_service_that_still_starts_ends_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with _start(tmp_path, _SIGNALLED_AMID_IMPORTS.format(number=int(number))) as process:
        output, errors = process.communicate(timeout=HANG)
        assert (process.returncode, output, errors) == (0, "", "")
