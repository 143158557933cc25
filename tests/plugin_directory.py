"""Plugins that are processes, for tests: packages of Python plugins, and programs that do not behave."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path

from pactmock.plugins.authors.packaging import PythonPlugin, package
from pactmock.plugins.csv import CsvPlugin
from tests.patience import HANG

ROOT = Path(__file__).resolve().parents[1]


def with_csv(directory: Path) -> Path:
    """Install the CSV plugin as a process."""
    package(PythonPlugin(CsvPlugin), directory)
    return directory


def install(directory: Path, name: str, program: str, *, interface: int = 1, version: str = "1.0.0") -> Path:
    """Install a plugin that is a Python program; it sees the project and the tests."""
    home = directory / f"{name}-{version}"
    home.mkdir(parents=True)
    script = home / "plugin"
    script.write_text(f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n{program}\n")
    script.chmod(0o755)
    manifest = {
        "pluginInterfaceVersion": interface,
        "name": name,
        "version": version,
        "executableType": "exec",
        "entryPoint": "plugin",
    }
    (home / "pact-plugin.json").write_text(json.dumps(manifest))
    return directory


def processes_of(directory: Path) -> list[int]:
    """Return the processes that were started from a plugin directory, guards included."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
                is_zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:  # it ended meanwhile
                continue
            if str(directory).encode() in command and not is_zombie:
                found.append(int(entry.name))
    return found


def none_left(directory: Path, within: float = HANG) -> bool:
    """Wait until no process of a plugin directory is left."""
    until = time.monotonic() + within
    while left := processes_of(directory):
        if time.monotonic() > until:
            return False
        _wait_for_end(left[0], until - time.monotonic())
    return True


def _wait_for_end(process: int, seconds: float) -> None:
    """Wait until a process ends that need not be a child of ours, or the time is up."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        select.select([descriptor], [], [], max(0.0, seconds))
    finally:
        os.close(descriptor)


CSV_TYPE = "text/csv;charset=utf-8"
GUIDE_COLUMNS = {
    "content-type": CSV_TYPE,
    "csvHeaders": False,
    "column:1": "matching(type,'Name')",
    "column:2": "matching(number,100)",
    "column:3": "matching(datetime, 'yyyy-MM-dd','2000-01-01')",
}
"""The columns of the plugin guide; the published plugin would write a header row if it were not told not to."""
