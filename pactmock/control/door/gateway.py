"""The single-port gateway: every mock server can also be called below `/m/{id}/` on the port of the control API.

Mock servers get ports that nobody knows beforehand, and a container publishes ports that are known beforehand. With
the gateway one published port is enough. What comes through it is read by the same code as on a mock server's own
port, so that both decide alike. Below `/m/{id}~{scope}/` a request belongs to a scope.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from pactmock.control.calls.reached import GATEWAY
from pactmock.pact.parts.received_headers import decode
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer, HeaderLines
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.messages import ABSOLUTE_FORM

_BELOW = GATEWAY.encode()


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
        if message.target.startswith(b"/") and not message.target.startswith(_BELOW):
            return None
        target = ABSOLUTE_FORM.sub("", decode(message.target), count=1)
        if not target.startswith(GATEWAY):
            return None
        end = min(found for mark in "/?#" if (found := f"{target}{mark}".find(mark, len(GATEWAY))) >= 0)
        rest = target[end:]
        is_whole = bool(rest) or message.head_is_read
        played = rest if rest.startswith("/") else f"/{rest}"
        key, mark, scope = unquote(target[len(GATEWAY) : end]).partition(MARK)
        return cls(key, scope if mark else None, played, target[:end], is_whole)

    def called_at(self, message: Message) -> str:
        """Return the URL of the mock server as the sender of a message knows it, with nothing between."""
        return f"http://{decode(message.header(b'host') or b'')}{self.prefix}"


def lines_for_browser(message: Message) -> HeaderLines:
    """Return what keeps that which a browser gets from below `/m/` from acting as a page of the control API.

    There a page of a pact would be of one origin with the control API, and could drive it: a browser is told to give
    it an origin of its own, whatever it wants the answer for: it keeps what a script has fetched, as the pact may
    allow, and shows that as a page later, without asking again. For what is no page the line means nothing, and there
    is none where no browser asks.
    """
    return _SANDBOX if any(_is_from_browser(name.lower(), text) for name, text in message.headers) else ()


def _is_from_browser(name: bytes, text: bytes) -> bool:
    """Tell browsers from other clients by headers that no page can keep them from sending.

    Over plain HTTP to others than localhost that is little: `Sec-Fetch-*` are missing there, `Origin` is with an image,
    and `Upgrade-Insecure-Requests` with all but navigations.
    """
    return name in _BY_BROWSERS or (name == b"user-agent" and text.startswith(b"Mozilla/"))


_BY_BROWSERS = frozenset({b"sec-fetch-dest", b"sec-fetch-mode", b"upgrade-insecure-requests", b"origin"})

_SANDBOX: HeaderLines = (("Content-Security-Policy", "sandbox"),)


def with_lines(answer: Answer, more: HeaderLines) -> Answer:
    """Return an answer with other header lines behind its own."""
    return replace(answer, headers=(*answer.headers, *more)) if more else answer
