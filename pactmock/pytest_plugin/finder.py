"""Who finds the modules of this package while pytest runs: Python itself.

pytest takes the whole distribution of a plugin for tests: it reads each module with a loader of its own, which rewrites
`assert`, and which takes five times as long to read what is compiled. There is nothing to rewrite here, and a suite
that tests one contract imports a hundred modules.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder

_PACKAGE = __name__.partition(".")[0] + "."


class PlainFinder:
    """A finder for `sys.meta_path`, before that of pytest."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG004
        """Find a module of this package where Python does; all others are left to who comes next."""
        return PathFinder.find_spec(name, path) if name.startswith(_PACKAGE) else None

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Leave none behind, also where somebody took it away already."""
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
