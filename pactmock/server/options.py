"""How a mock server is to behave, apart from its pact."""

from __future__ import annotations

from dataclasses import dataclass, field

from pactmock.pact.specification import Specification
from pactmock.server.journal import JournalLimits
from pactmock.server.secrets import SHOWN, Secrets
from pactmock.server.tls import CertificateAuthority

LOOPBACK = "127.0.0.1"
"""The default host: it stands for the loopback addresses of IPv4 and IPv6 both."""

ALL_INTERFACES = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104  where a caller asks for them
"""The hosts that stand for all interfaces, of IPv4 and IPv6 both."""

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WireLimits:
    """What a mock server takes off the wire: bytes of a body, of a request line, of all headers; number of headers."""

    body: int = 100 * MEGABYTE
    line: int = 64 * 1024
    field: int = 256 * 1024
    headers: int = 1000
    inline: int = 256 * 1024
    """Up to this size of the body a request is decided on where it arrives; larger ones go to a thread."""


@dataclass(frozen=True, slots=True)
class MockServerOptions:
    """Everything that a caller can choose of one mock server.

    `port` 0 lets the system choose. `specification` is the version to write the pact in; None is that of the pact.
    `ttl` is in seconds. `authority` makes it a TLS server.
    `secrets` are made unreadable in all that is noted.
    """

    host: str = LOOPBACK
    port: int = 0
    name: str | None = None
    cors_pre_flight: bool = False
    authority: CertificateAuthority | None = None
    specification: Specification | None = None
    ttl: float | None = None
    seed: int | None = None
    wire: WireLimits = field(default_factory=WireLimits)
    journal: JournalLimits = field(default_factory=JournalLimits)
    secrets: Secrets = SHOWN
