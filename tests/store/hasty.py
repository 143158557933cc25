"""A replica that does every few moments what others do now and then: `python -m tests.store.hasty start`.

It replaces entries by snapshots all the time, and gives up its copies of mock servers as soon as nobody asks for them.
"""

from __future__ import annotations

import sys
from functools import partial

from pactmock.cli import main
from pactmock.service.store import copies, fleet
from pactmock.service.store.ledger import Bounds

COMMAND = (sys.executable, "-m", "tests.store.hasty")
KEEPING = (*COMMAND, "keeping")
"""One that keeps its copies."""

if __name__ == "__main__":
    fleet.Bounds = partial(Bounds, entries=4)  # type: ignore[attr-defined, assignment]
    if sys.argv[1] == "keeping":
        del sys.argv[1]
    else:
        copies._SWEEP_SECONDS, copies._IDLE_SECONDS = 0.05, 0.1
    main(prog_name="pactmock")
