"""Whether a test did with its contract what it has to, and the contract as what a worker of pytest-xdist can send."""

from __future__ import annotations

from pactmock.contract import Pact
from pactmock.pact import specification
from pactmock.pact.documents import writing


def problem_of(pact: Pact) -> str:
    """Say what a test that passed left undone; empty when it did all."""
    if pact.unmatched:
        return f"A mock server of {pact} was left with what did not match, and nobody raised it:\n\n{pact.unmatched}"
    forgotten = [f"'{interaction.description}'" for interaction in pact.unplayed]
    if not forgotten:
        return ""
    return (
        f"{len(forgotten)} interaction(s) of {pact} were written and never tested: {', '.join(forgotten)}; call your"
        " code in `with pact.serve() as server:`, hand messages to it with `pact.verify` or `pact.message`"
    )


def problem_after(pact: Pact) -> str:
    """Say what is left undone when all that uses the contract of a test has ended; empty when nothing is.

    Fixtures may have had it played until now.
    """
    if pact.is_open:
        return (
            f"A mock server of {pact} was never ended, so nobody asked what did not match: let `with pact.serve() as"
            " server:` end it"
        )
    return problem_of(pact)


def to_text(pact: Pact) -> str:
    """Return the contract as the content of a pact file.

    Raises:
        WriteFailed: when the version of the contract cannot hold it.
    """
    value = pact.to_pact()
    return writing.to_bytes(value, specification.named(value.specification)).decode()
