"""Two releases of the service that write differently what replicas share: `python -m tests.store.releases old start`.

The old one wraps every value. The new one does that too, as long as an old one runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from pactmock.cli import main
from pactmock.pact.json.values import Json
from pactmock.service.store import fleet
from pactmock.service.store.formats import Formats, Step, Value


def _wrapped(value: Value) -> Value:
    return {"wrapped": value}


def _unwrapped(value: Value) -> Value:
    rest = {name: item for name, item in value.items() if name != "wrapped"}
    return {**value["wrapped"], **rest}


class _Old(Formats):
    """What an old release knows: format 1, and nothing of a later one."""

    def write(self, value: Value) -> Value:
        return super().write(_wrapped(value))

    def read(self, value: Mapping[str, Json]) -> Value:
        return _unwrapped(super().read(value))


def _new() -> Formats:
    return Formats((Step(_unwrapped, _wrapped),))


RELEASES: Mapping[str, Callable[[], Formats]] = {"old": _Old, "new": _new}

if __name__ == "__main__":
    fleet.Formats = RELEASES[sys.argv.pop(1)]  # type: ignore[attr-defined, assignment]
    main(prog_name="pactmock")
