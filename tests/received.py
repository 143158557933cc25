"""Requests as they are received, and what a mock server decides on them, without a socket."""

from __future__ import annotations

from pactmock.matching.budget import Budget
from pactmock.pact.model import Request
from pactmock.server.answers.decision import Decision
from pactmock.server.mock_server import MockServer
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import request_to


def received(method: str, target: str, *headers: tuple[str, str], content: bytes = b"") -> Request:
    """Make the value of a request with these header lines."""
    message = Message()
    message.method = method
    message.headers = [(name.encode(), value.encode()) for name, value in headers]
    message.add(content)
    return request_to(message, target)


def decide(server: MockServer, request: Request, budget: Budget | None = None) -> Decision:
    """Decide on a request to a mock server of HTTP; nothing is noted."""
    assert isinstance(server.play, HttpPlay)
    return server.play.edition.decide(budget or Budget(), request, 0)
