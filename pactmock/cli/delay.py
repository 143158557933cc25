"""A delay on the command line: `200ms`, `1.5s`, or a range of two, `100ms-2s`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

_MOST = 600.0
_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|)(?:-(\d+(?:\.\d+)?)(ms|s|))?")

if TYPE_CHECKING:
    _Kind = click.ParamType[tuple[float, float]]
else:
    _Kind = click.ParamType  # which takes no parameter before click 8.2


class Delay(_Kind):
    """The least and the most of a delay, in seconds."""

    name = "delay"

    def convert(
        self, value: str | tuple[float, float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        found = _SPAN.fullmatch(value.strip())
        if found is None:
            self.fail(f"{value!r} is no delay: write it like 200ms, 1.5s or 100ms-2s", param, ctx)
        least = float(found[1]) * _UNITS[found[2] or found[4] or ""]
        most = float(found[3]) * _UNITS[found[4]] if found[3] else least
        if not least <= most <= _MOST:
            self.fail(f"{value!r}: a delay is up to {_MOST:g}s, the least first", param, ctx)
        return least, most
