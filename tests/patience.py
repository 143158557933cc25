"""How long a test waits for what has to come. It is a bound for hangs, which no busy machine reaches: to be quick is
promised by no test, as how long something takes is up to whatever else runs beside it."""

from __future__ import annotations

HANG = 240.0
"""Seconds after which a test takes it that what it waits for never comes."""
