"""When a process that serves looks for garbage: not while it starts, and seldom afterwards."""

from __future__ import annotations

import gc

_YOUNG_OBJECTS = 20_000
"""How many new objects there may be before garbage is looked for; Python's 700 make that a third of reading a pact."""


def leave_garbage() -> None:
    """Look for none until all is loaded: hardly anything of it is garbage, and to look takes a sixth of the start."""
    gc.disable()


def look_for_garbage() -> None:
    """Look for garbage from now on, but less often, and never among what lives as long as we do."""
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 50)
    gc.enable()
