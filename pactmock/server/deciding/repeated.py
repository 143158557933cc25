"""Requests that did not match and are made again: a client that polls, or tries once more, asks for the same.

What was found of such a request holds as long as nothing changes that it was found in: the edition, and the other mock
servers of the process, which may be named as advice. So a request in a loop is explained once, and the journal keeps
one explanation of it.
"""

from __future__ import annotations

from typing import TypeAlias

from pactmock.matching.verdict import Outcome
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import protocol_of
from pactmock.server.answers.certified import ClientCertificate, client_of
from pactmock.server.answers.decision import Decision

_MOST = 64
_MOST_BYTES = 4096
_Key: TypeAlias = tuple[
    str, str, str | None, tuple[tuple[str, tuple[str, ...]], ...], bytes, str, ClientCertificate | None
]


class Repeated:
    """The latest decisions on small requests that did not match."""

    def __init__(self) -> None:
        self.known: dict[_Key, Decision] = {}
        self._state = 0

    def find(self, request: Request, state: int) -> Decision | None:
        """Return the decision on the same request; `state` is a number that changes with the mock servers around."""
        if state != self._state:
            self.known = {}
            return None
        return self.known.get(_key(request))

    def keep(self, request: Request, decision: Decision, state: int) -> None:
        """Keep a decision, if it is one that the same request would get again."""
        if decision.size > _MOST_BYTES or decision.outcome is Outcome.UNDECIDED:
            return
        if len(self.known) >= _MOST or state != self._state:
            self.known, self._state = {}, state
        self.known[_key(request)] = decision


def _key(request: Request) -> _Key:
    headers, content = request.headers, request.body.content
    lines, by = tuple(headers.items()), (protocol_of(headers), client_of(request))
    return request.method, request.path, request.query_text, lines, content, *by
