"""Where a service is, and what of a call goes over the wire."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from pactmock.client.call import Call
from pactmock.errors import InvalidParameter, ServiceUnreachable
from pactmock.pact.url_step import url_step
from pactmock.pact.value import value

_PORTS = {"http": 80, "https": 443}


@value
class Address:
    """A service somewhere. `prefix` is the path below which it is, without a slash at the end."""

    scheme: str
    host: str
    port: int
    prefix: str
    token: str | None

    @classmethod
    def of(cls, url: str, token: str | None = None) -> Address:
        """Read the URL of a service.

        Raises:
            InvalidParameter: when it is none.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise _no_url(url, str(error)) from None
        if parts.scheme not in _PORTS or not host or " " in host or not host.isprintable():
            raise _no_url(url, "it has the form http://host:port")
        if parts.username is not None or parts.query or parts.fragment:
            raise _no_url(url, "it has no credentials, query or fragment; a token is given as token=")
        return cls(
            parts.scheme, host, _PORTS[parts.scheme] if port is None else port, parts.path.rstrip("/"), token or None
        )

    @property
    def shown(self) -> str:
        """Host and port, for people."""
        return f"{self._host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.shown}"

    @property
    def url(self) -> str:
        """The URL, without a slash at the end."""
        return self.origin + self.prefix

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def target(self, call: Call) -> str:
        """Write what is asked for, as the request line has it."""
        query = {name: _text(item) for name, item in (call.query or {}).items() if item is not None}
        steps = "/".join(url_step(step) for step in call.path)
        return f"{self.prefix}/{steps}{f'?{urlencode(query)}' if query else ''}"

    def headers(self, call: Call) -> dict[str, str]:
        """Return the headers of a call.

        Raises:
            InvalidParameter: when what is to be shown cannot be.
        """
        bearer = self.token if call.bearer is None else call.bearer
        if bearer is not None and not bearer.isprintable():
            raise InvalidParameter(
                "This token, or server key, has characters that no header can have", parameter="token"
            )
        return {
            "Accept-Encoding": "identity",
            **({"Authorization": f"Bearer {bearer}"} if bearer is not None else {}),
            **({"Content-Type": call.content_type} if call.body is not None else {}),
            **({"Last-Event-ID": _checked(call.last_event)} if call.last_event is not None else {}),
        }

    def unreachable(self, error: BaseException) -> ServiceUnreachable:
        """Make the error of a call that got no answer: of a connection that was refused, was lost or broke off."""
        return ServiceUnreachable(
            f"No pactmock service answers on {self.shown} ({error or type(error).__name__}): start one with"
            " `pactmock start`, or name the host and port of one that is there",
            url=self.url,
        )

    def too_late(self, seconds: float) -> ServiceUnreachable:
        """Make the error of a call that was not answered in time."""
        return ServiceUnreachable(
            f"The service on {self.shown} has not answered for {seconds:g} seconds; whether it did what it was asked"
            " is not known: give it more time with timeout=, or look at its log",
            url=self.url,
        )


def _checked(identity: str) -> str:
    if not (identity.isascii() and identity.isprintable()):
        raise InvalidParameter(f"{identity[:100]!r} is the id of no event", parameter="after")
    return identity


def _text(item: object) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


def _no_url(url: str, reason: str) -> InvalidParameter:
    return InvalidParameter(f"{url!r} is no URL of a service: {reason}", parameter="url")
