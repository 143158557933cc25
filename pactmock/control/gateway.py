"""The single-port gateway: every mock server can also be called below `/m/{id}/` on the port of the control API.

Mock servers get ports that nobody knows beforehand, and a container publishes ports that are known beforehand. With
the gateway one published port is enough. What comes through it is read by the same code as on a mock server's own
port, so that both decide alike. Below `/m/{id}~{scope}/` a request belongs to a scope.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from pactmock.control.security import sandbox_headers
from pactmock.pact.parts.received_headers import decode
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer, HeaderLines
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import ABSOLUTE_FORM

PREFIX = "/m/"


@value
class Passage:
    """What a request below `/m/` asks for: the key of a mock server, and the target there."""

    key: str
    scope: str | None
    """The scope that is named behind the key, None for none."""
    target: str
    prefix: str
    """What stood before the target, as it was sent."""
    is_whole: bool
    """Whether the key is known to its end; that of a message that broke off may lack some."""

    @classmethod
    def of(cls, message: Message) -> Passage | None:
        """Read a target; None for one that is not below `/m/`."""
        target = ABSOLUTE_FORM.sub("", decode(message.target), count=1)
        if not target.startswith(PREFIX):
            return None
        end = min(found for mark in "/?#" if (found := f"{target}{mark}".find(mark, len(PREFIX))) >= 0)
        rest = target[end:]
        is_whole = bool(rest) or message.head_is_read
        played = rest if rest.startswith("/") else f"/{rest}"
        key, mark, scope = unquote(target[len(PREFIX) : end]).partition(MARK)
        return cls(key, scope if mark else None, played, target[:end], is_whole)

    def called_at(self, message: Message) -> str:
        """Return the URL of the mock server as the sender of a message knows it, with nothing between."""
        return f"http://{decode(message.header(b'host') or b'')}{self.prefix}"


def lines_for_browser(message: Message) -> HeaderLines:
    """Return what keeps that which a browser gets from below `/m/` from acting as a page of the control API.

    Both are of one origin. There are none where no browser asks.
    """
    return sandbox_headers({decode(name).lower(): decode(value) for name, value in message.headers})


def with_lines(answer: Answer, more: HeaderLines) -> Answer:
    """Return an answer with other header lines behind its own."""
    return replace(answer, headers=(*answer.headers, *more)) if more else answer
