"""Why a test failed, before all that pytest shows of it: what did not match, then where.

A client that raises for an answer of 500 fills a screen with its own code, and the reason would stand below that.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry

_RED = "E   "
"""With what lines begin that pytest shows in red, where it has colours."""


def take(error: BaseException) -> str:
    """Take the reason from what a test raised, so that it is not shown twice; empty if there is none."""
    errors = _errors()
    if errors is None:
        return ""
    own = [str(error)] if isinstance(error, errors.MismatchesError) else []
    notes = getattr(error, "__notes__", [])
    reasons = [note for note in notes if isinstance(note, errors.Reason)]
    if reasons:
        notes[:] = [note for note in notes if note not in reasons]
    return "\n".join([*own, *reasons])


def put_first(report: pytest.TestReport, error: BaseException, reason: str) -> None:
    """Have the report of a failure begin with the reason."""
    shown = report.longrepr
    if not isinstance(shown, ExceptionChainRepr):
        return
    errors = _errors()
    if errors is not None and isinstance(error, errors.MismatchesError):
        _shorten(shown, type(error).__name__, str(error).splitlines())
    lines = [f"{_RED}{line}".rstrip() for line in reason.splitlines()]
    first = shown.chain[0][0]
    first.reprentries = [ReprEntry([*lines, ""], None, None, None, "long"), *first.reprentries]


def _shorten(shown: ExceptionChainRepr, name: str, reason: list[str]) -> None:
    """Leave of an error that is the reason itself where it was raised, and in the summary its first sentence."""
    *_, last = shown.reprtraceback.reprentries
    lines = list(last.lines)
    begin = next((position for position, line in enumerate(lines) if line.startswith(_RED.strip())), None)
    if begin is not None:
        lines[begin : begin + len(reason)] = [f"{_RED}{name}: said above"]
        last.lines = lines
    if shown.reprcrash is not None and len(reason) > 1:
        shown.reprcrash.message = f"{name}: {reason[1].removeprefix('1) ')}"


def _errors() -> Any:
    """Return the module of the errors, None where no test has a contract."""
    return sys.modules.get("pactmock.contract.error")
