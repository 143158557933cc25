"""The levels of logs as frameworks name them to plugins and plugins to frameworks (reference/plugins.md §2.1, §3.5)."""

from __future__ import annotations

import logging

OFF = logging.CRITICAL + 10
TRACE = logging.DEBUG - 5
_NAMES = {
    "TRACE": TRACE,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "OFF": OFF,
}
_ALSO_READ = {"WARNING": logging.WARNING, "CRITICAL": logging.CRITICAL}


def name_of(level: int) -> str:
    """Return the name of the level that shows as much: what is no level of frameworks gets the next one's name."""
    return next((name for name, number in _NAMES.items() if level <= number), "OFF")


def level_of(name: str, default: int) -> int:
    """Return the level of a name in either case; Python's names are read too."""
    return {**_NAMES, **_ALSO_READ}.get(name.upper(), default)
