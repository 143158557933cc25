"""What a process and its children hold in memory, and held at the most: read from /proc."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def start(process: int) -> int:
    """Forget the peaks so far, and return how many bytes are held now."""
    for one in _family(process):
        (_PROC / str(one) / "clear_refs").write_text("5")
    return sum(_bytes(one, "VmRSS") for one in _family(process))


def peak(process: int) -> int:
    """Return how many bytes were held at the most since `start`."""
    return sum(_bytes(one, "VmHWM") for one in _family(process))


def _family(process: int) -> list[int]:
    found = [process]
    for task in (_PROC / str(process) / "task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found


def _bytes(process: int, field: str) -> int:
    try:
        status = (_PROC / str(process) / "status").read_text()
    except OSError:  # it ended meanwhile
        return 0
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith(f"{field}:")]
    return int(kilobytes[0]) * 1024 if kilobytes else 0
