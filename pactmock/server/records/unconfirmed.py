"""What is said of requests that were noted, and of which nobody knows that they were answered.

That happens where replicas share a store: one that dies between the two says no more. Such a request is no match, so
that no verdict is greener than what clients saw; it may have to be sent again.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.warnings import PactWarning
from pactmock.server.records.journal import Journal


def unconfirmed_requests(journal: Journal) -> Iterator[PactWarning]:
    """Yield one warning for all of them."""
    count = journal.unconfirmed
    if count:
        said = "1 request was" if count == 1 else f"{count:,} requests were"
        yield PactWarning(
            f"{said} noted by a replica that may not have answered, and counts as no match: a replica has ended, or the"
            " store did not answer; send what was not answered again",
            "unconfirmed_request",
        )
