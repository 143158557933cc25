"""How a mock server is to behave, apart from its pact."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pactmock.matching.budget import MAX_PARSED_BYTES, Budget
from pactmock.pact.specification import Specification
from pactmock.pact.value import value
from pactmock.server.records.journal import JournalLimits
from pactmock.server.records.secrets import SHOWN, Secrets

if TYPE_CHECKING:
    from pactmock.server.wire.tls.context import ServerTls

LOOPBACK = "127.0.0.1"
"""The default host: it stands for the loopback addresses of IPv4 and IPv6 both."""

ALL_INTERFACES = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104  where a caller asks for them
"""The hosts that stand for all interfaces, of IPv4 and IPv6 both."""

LARGEST_PORT = 65535
MEGABYTE = 1024 * 1024


@value
class WireLimits:
    """What is taken off the wire of one message: bytes of a body, of a request line, of all headers; number of headers.

    The others are seconds: until a head is whole, for which a body may bring no byte, for which nothing is asked.
    """

    body: int = 100 * MEGABYTE
    line: int = 64 * 1024
    field: int = 256 * 1024
    headers: int = 1000
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0


@value
class DecisionLimits:
    """What deciding on one request may cost: seconds of CPU time, and more for each megabyte of its body.

    `on_loop` of it are spent where the request arrives, if it has no more than `inline` bytes; what takes longer goes
    to a thread. Bodies of more than `parsed_body` bytes are not parsed.
    """

    seconds: float = 2.0
    seconds_a_megabyte: float = 0.5
    on_loop: float = 0.02
    inline: int = 256 * 1024
    parsed_body: int = MAX_PARSED_BYTES

    def budget(self, size: int) -> Budget:
        """Return what deciding on a request with a body of some size may cost."""
        return Budget(self.seconds + self.seconds_a_megabyte * size / MEGABYTE, parsed_bytes=self.parsed_body)

    def attempt(self) -> Budget:
        """Return what may be spent where a request arrives; who runs out of it begins again elsewhere."""
        return Budget(self.on_loop, tentative=True, parsed_bytes=self.parsed_body)


@value
class ScopeLimits:
    """How many scopes there may be, and after how many seconds without a use one may go to make room for another."""

    most: int = 1000
    idle_seconds: float = 60.0


@value
class MockServerOptions:
    """Everything that a caller can choose of one mock server.

    `port` 0 lets the system choose. `specification` is the version to write the pact in; None is that of the pact.
    `ttl` is in seconds. `tls` is how it speaks TLS, None for not at all.
    `secrets` are made unreadable in all that is noted.
    """

    host: str = LOOPBACK
    port: int = 0
    name: str | None = None
    cors_pre_flight: bool = False
    tls: ServerTls | None = None
    specification: Specification | None = None
    ttl: float | None = None
    seed: int | None = None
    state: str | None = None
    """The provider state that is chosen at first."""
    strict: bool = False
    """Whether a pact with warnings is refused."""
    counts_interactions: bool = False
    """Whether each interaction has to be served itself, also where another one has the same request."""
    counts_messages: bool = False
    """Whether messages have to be handled also where the pact has HTTP interactions and nobody asks for a message."""
    decisions: DecisionLimits = field(default_factory=DecisionLimits)
    wire: WireLimits = field(default_factory=WireLimits)
    journal: JournalLimits = field(default_factory=JournalLimits)
    secrets: Secrets = SHOWN
    scopes: ScopeLimits = field(default_factory=ScopeLimits)
