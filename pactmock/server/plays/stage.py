"""What a mock server puts at the disposal of whatever plays its pact."""

from __future__ import annotations

from pactmock.pact.value import value
from pactmock.server.address import Address
from pactmock.server.lease import Lease
from pactmock.server.options import MockServerOptions
from pactmock.server.records.journal import Journal
from pactmock.server.records.log import ServerLog
from pactmock.server.shared import Shared


@value
class Stage:
    """The options of a mock server, its state, and what it shares with others."""

    options: MockServerOptions
    address: Address
    journal: Journal
    lease: Lease
    log: ServerLog
    shared: Shared
