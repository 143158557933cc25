"""The keys under which replicas keep what they share (docs/scaling.md has them as a table).

All keys of a mock server have its id as their hash tag, so that a cluster keeps them together and one script can change
them at once.
"""

from __future__ import annotations

from pactmock.pact.value import value

PREFIX = "pactmock:"

SERVERS = f"{PREFIX}servers"
"""Hash: the ids of all mock servers, and when each was made, as a Unix time."""

NAMES = f"{PREFIX}names"
"""Hash: names of mock servers, and the ids of those that have them."""

REPLICAS = f"{PREFIX}replicas"
"""Hash: replicas, and what each says of itself as JSON."""

PACTS = f"{PREFIX}pacts"
"""Hash: the keys of pacts that were written, and what a list says of each, as JSON."""

PACT = f"{PREFIX}pact:"
"""Before a digest of consumer and provider: hash of a pact, its content and how often that has changed."""

CHANGES = f"{PREFIX}changes"
"""Channel: the id of a mock server that something happened to."""


def id_of(head: str) -> str:
    """Return the id of the mock server that has a head."""
    return head.removeprefix(PREFIX).strip("{}")


@value
class ServerKeys:
    """The keys of one mock server."""

    head: str
    """Hash: how far its ledger has come. `v` is the format, `last` the number of the latest entry, `mark` its mark,
    `config` that of the latest one which changed what is played, `snapshot` the number of the one up to which the
    snapshot speaks, `bytes` the size of the ledger behind that, `ttl` its lease in milliseconds, 0 for none, `name` its
    name. It expires with the lease."""
    ledger: str
    """Stream: what happened behind the snapshot, one entry each with its number as `N-0`, its JSON as `o`,
    its mark as `m` and that of the entry before as `b`."""
    snapshot: str
    """String: all that was true at the snapshot, as JSON."""
    pending: str
    """Hash: the marks of requests that were noted and of which it is not known that they were answered."""
    void: str
    """Set: the marks of requests that must not be noted any more, as their senders were told that they were not."""

    @classmethod
    def of(cls, server: str) -> ServerKeys:
        """Return the keys of a mock server by its id."""
        tag = f"{PREFIX}{{{server}}}"
        return cls(tag, f"{tag}:ledger", f"{tag}:snapshot", f"{tag}:pending", f"{tag}:void")

    @property
    def all(self) -> tuple[str, str, str, str, str]:
        """All of them, in the order in which scripts take them."""
        return self.head, self.ledger, self.snapshot, self.pending, self.void
