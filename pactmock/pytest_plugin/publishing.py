"""The file of a consumer and a provider, written at the end of a run, or not, and what is said of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pactmock.errors import PactmockError
from pactmock.pact.directory import store
from pactmock.pact.directory.file_names import file_name
from pactmock.pact.directory.store import Written
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.pytest_plugin.combining import combine
from pactmock.pytest_plugin.pair import Pair
from pactmock.reports.counted import counted

if TYPE_CHECKING:
    import pytest

    from pactmock.pytest_plugin.run import Tested


@value
class Publication:
    """What became of a file: its name, and what is said of it."""

    name: str
    summary: str
    is_written: bool = True
    problem: str = ""
    """Why the run is not good although its tests are; empty when it is, and when a test failed."""


def publish(pair: Pair, tested: Tested, config: pytest.Config) -> Publication:
    """Write the file of a pair, merged with what is there, unless one of its tests failed."""
    name = file_name(Pact(*pair))
    if tested.failed:
        first, *others = tested.failed
        more = f" and {len(others)} more" if others else ""
        return Publication(name, f"not written: {first}{more} failed", is_written=False)
    wants_overwrite = bool(config.getoption("pact_overwrite"))
    try:
        written = store.write(
            combine(tested.written.items()),
            config.invocation_params.dir / config.getoption("pact_dir"),
            overwrite=wants_overwrite and tested.is_complete,
        )
    except PactmockError as error:
        return Publication(name, "not written: see the error above", is_written=False, problem=error.message)
    kept = "; merged, as not all of its tests were played" if wants_overwrite and not tested.is_complete else ""
    return Publication(written.path.name, f"{_counts(written)}{kept}")


def _counts(written: Written) -> str:
    changes = [
        f"{count} {what}" for count, what in ((written.changed, "changed"), (written.removed, "removed")) if count
    ]
    return f"{counted(written.interactions, 'interaction')}, {', '.join(changes) or 'unchanged'}"
