"""Which path expressions cover which paths: just enough of it to tell what a rule reaches."""

from __future__ import annotations

import re

_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\['(?P<quoted>(?:\\.|[^'])*)'\]|\[(?P<index>\d+|\*)\]")


def steps(path: str) -> list[str]:
    """Split an expression or a path into its steps; `*` stands for any."""
    return [found["name"] or found["quoted"] or found["index"] or "" for found in _STEP.finditer(path)]


def covers(expression: str, path: str) -> bool:
    """Tell whether a rule at an expression reaches a path, by itself or from above."""
    wanted, given = steps(expression), steps(path)
    return len(wanted) <= len(given) and all(want in {"*", have} for want, have in zip(wanted, given, strict=False))
