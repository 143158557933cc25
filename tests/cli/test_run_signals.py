"""Signals of `pactmock run` are the command's while it runs; before and after they end the run. Nothing is left."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
TELLS = """import signal, sys, time
told = []
def tell(number, _frame):
    print(signal.Signals(number).name, flush=True)
    told.append(number)
    if len(told) == {most}:
        sys.exit({code})
for number in (1, 2, 3, 10, 15):
    signal.signal(number, tell)
print("ready", flush=True)
while True:
    time.sleep(10)
"""
_COMMAND = "from pactmock.cli import main; main(prog_name='pactmock')"
_SIGNALLED_AMID_IMPORT = """import os, sys
class Finder:
    def find_spec(self, name, *_):
        if name == '{module}':
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Finder())
"""


_LATE = "pactmock.matching.explaining.explain"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.json").write_text(json.dumps(pact(interaction("a", {"path": "/a"}))))
    return tmp_path


@contextmanager
def _started(folder: Path, program: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program of Python, in a process group of its own, until it says that it is ready."""
    (folder / "program.py").write_text(program)
    process = subprocess.Popen(
        [*COMMAND, "run", "--pact", "p.json", *options, "--", sys.executable, "program.py"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=HANG)


def _nothing_is_left(process: subprocess.Popen[str]) -> bool:
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_reaches_the_command_whose_exit_code_counts(folder: Path, number: signal.Signals) -> None:
    with _started(folder, TELLS.format(most=1, code=3), "--report", "junit=out.xml") as process:
        process.send_signal(number)
        output, errors = process.communicate(timeout=HANG)
        assert process.returncode == 3
        assert output.startswith(f"{number.name}\nweb -> api: 1 problem\n")
        assert errors == "pactmock: the command failed with exit code 3, so no pact was written\n"
        assert (folder / "out.xml").exists()
        assert _nothing_is_left(process)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_command_that_dies_of_the_signal_counts_as_in_a_shell(folder: Path, number: signal.Signals) -> None:
    program = (
        f"import signal, time; signal.signal({int(number)}, signal.SIG_DFL)\nprint('ready', flush=True); time.sleep(60)"
    )
    with _started(folder, program) as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=HANG)
        assert (process.returncode, f"was ended by {number.name}" in errors) == (128 + number, True)
        assert _nothing_is_left(process)


def test_signals_that_tell_something_reach_the_command_too(folder: Path) -> None:
    with _started(folder, TELLS.format(most=2, code=0)) as process:
        assert process.stdout is not None
        for _ in range(2):
            process.send_signal(signal.SIGUSR1)
            assert process.stdout.readline() == "SIGUSR1\n"
        assert process.wait(timeout=HANG) == 2


def test_a_command_that_outlives_two_signals_is_killed_at_the_third(folder: Path) -> None:
    with _started(folder, TELLS.format(most=9, code=0)) as process:
        assert process.stdout is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
            assert process.stdout.readline() == f"{number.name}\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=HANG)
        assert (process.returncode, "was ended by SIGKILL" in errors) == (128 + signal.SIGKILL, True)
        assert _nothing_is_left(process)


def test_a_command_that_ends_well_when_told_is_verified(folder: Path) -> None:
    with _started(folder, TELLS.format(most=1, code=0)) as process:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=HANG)
        assert process.returncode == 2
        assert "GET /a was expected and never came" in output


def test_what_is_ignored_stays_ignored_as_by_nohup(folder: Path) -> None:
    (folder / "test.sh").write_text("kill -HUP $PPID; kill -HUP $$; exit 5\n")
    command = ("sh", "-c", f"trap '' HUP; exec {' '.join(COMMAND)} run --pact p.json -- sh test.sh")
    assert subprocess.run(command, cwd=folder, capture_output=True, timeout=HANG, check=False).returncode == 5


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize(
    "module",
    ["pactmock.cli.serving.run", "aiohttp", "pactmock.service.playlist", _LATE],
    ids=["imports", "start", "pacts", "verification"],
)
def test_a_signal_before_or_after_the_command_ends_the_run(
    folder: Path, module: str, number: signal.Signals, tmp_path: Path
) -> None:
    """Which moment that is, the import of a module tells that is loaded then."""
    (folder / "test.sh").write_text("touch it-ran\n")
    before = _SIGNALLED_AMID_IMPORT.format(module=module, number=int(number))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            before + _COMMAND,
            "run",
            "--pact",
            "p.json",
            "--report",
            "html=out.html",
            "sh",
            "test.sh",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")
    assert (folder / "it-ran").exists() == (module == _LATE)
    assert not (folder / "out.html").exists()
    assert not (folder / "web-api.json").exists()


def test_ctrl_c_at_a_terminal_reaches_the_command_once(folder: Path) -> None:
    """The terminal sends it to both; sent again, it would be the second one, which makes test runners give up."""
    pty = pytest.importorskip("pty")
    (folder / "program.py").write_text("import os; print(os.isatty(0), os.isatty(1))\n" + TELLS.format(most=2, code=6))
    pid, terminal = pty.fork()
    if not pid:  # the child, whose terminal this is
        os.chdir(folder)
        os.execv(sys.executable, [*COMMAND, "run", "--pact", "p.json", "--", sys.executable, "program.py"])  # noqa: S606
    try:
        assert "True True" in _read_until(terminal, "ready")
        os.write(terminal, b"\x03")
        _read_until(terminal, "SIGINT")
        os.kill(pid, signal.SIGUSR1)  # comes after whatever was sent before it
        assert "SIGINT" not in _read_until(terminal, "SIGUSR1")
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 6
    finally:
        os.close(terminal)


def _read_until(terminal: int, words: str) -> str:
    """Read what was printed, up to some words."""
    found, until = "", time.monotonic() + HANG
    while words not in found:
        ready, _, _ = select.select([terminal], [], [], max(0.0, until - time.monotonic()))
        assert ready, found
        found += os.read(terminal, 1).decode()
    return found.removesuffix(words)
