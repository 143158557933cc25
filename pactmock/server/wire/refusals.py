"""What is said of messages that are not taken, as they are no HTTP, too large, or not whole in time."""

from __future__ import annotations

from pactmock.pact.parts.received_headers import decode
from pactmock.server.options import WireLimits
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.refused import BODY, CONNECTIONS, HEADERS, INTAKE, LINE, SECONDS, Refused


def unreadable(error: Exception) -> Refused:
    """Refuse what the parser cannot read."""
    return Refused(400, f"This is not an HTTP/1.1 request that can be read: {error}")


def broken_off(message: Message) -> Refused:
    """Refuse a message that its client has left incomplete."""
    return Refused(400, f"The client ended the connection in the middle of a request{_known(message)}", unfinished=True)


def late(message: Message) -> Refused:
    """Refuse a message that takes too long."""
    text = f"The rest of a request did not come in time{_known(message)}"
    return Refused(408, text, over=SECONDS, unfinished=True)


def gone(message: Message) -> Refused:
    """Give up what a client asks for that seems to be gone."""
    return Refused(
        408,
        f"{_name(message)}: the client has ended its side of the connection, and the answer is not known yet: keep that"
        " open while you wait",
        over=SECONDS,
        unfinished=True,
    )


def in_the_way(message: Message) -> Refused:
    """Refuse a message that brings nothing, while others wait for the room that it has."""
    text = f"The rest of a request did not come, and others need the room{_known(message)}"
    return Refused(408, text, over=INTAKE, unfinished=True)


def line_too_long(limits: WireLimits) -> Refused:
    """Refuse a message for its first line."""
    return Refused(414, f"The request line is longer than the {limits.line} bytes that are taken", over=LINE)


def too_many_headers(limits: WireLimits) -> Refused:
    """Refuse a message for its headers, or what is beside the content of its chunks."""
    return Refused(
        431,
        f"The request has more than {limits.headers} headers, or more than {limits.field} bytes of them",
        over=HEADERS,
    )


def too_large(message: Message, limit: int) -> Refused:
    """Refuse a message whose body may have so many bytes, and has more."""
    return Refused(
        413,
        f"{_name(message)}: the body is larger than the {limit} bytes that are taken here; raise the limit, or send"
        " less",
        limit,
        over=BODY,
    )


def too_many_connections(intake: Intake) -> Refused:
    """Refuse a connection for its number."""
    return Refused(
        503,
        f"This process has the {intake.most_connections} connections that it may have: close some, or raise"
        " --max-connections",
        over=CONNECTIONS,
    )


def _known(message: Message) -> str:
    return f": {_name(message)}" if message.head_is_read else ""


def _name(message: Message) -> str:
    return f"{message.method} {decode(message.target)}"
