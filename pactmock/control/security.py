"""Who may call the control API: no other web page, and with a token only those who know it."""

from __future__ import annotations

import hmac
import ipaddress

from pactmock.control.settings import ServiceSettings
from pactmock.errors import NotAllowed
from pactmock.server.messages import host_name

_OPEN_PATHS = frozenset({"/health"})


class NotAuthenticated(NotAllowed):
    """The caller showed no token, or a wrong one."""

    code = "not_authenticated"
    status = 401


def check_caller(settings: ServiceSettings, path: str, host: str, origin: str | None, authorization: str) -> None:
    """Refuse a call that must not be served.

    A browser sends `Origin` with what a page of another site makes it send, and a `Host` that is not ours when a
    name was rebound to our address; command lines and libraries send neither wrong.

    Raises:
        NotAllowed: for another origin or host.
        NotAuthenticated: for a wrong token.
    """
    if origin is not None and origin.partition("://")[2] != host:
        raise NotAllowed(
            f"Requests from the web page {origin[:200]} are refused: call the control API from its own address"
        )
    if _is_loopback(settings.host) and not _is_loopback(host_name(host)):
        raise NotAllowed(
            f"The host {host[:200]!r} is not one of this service, which listens on loopback: call it by localhost,"
            " or start it with --host"
        )
    if settings.token is not None and path not in _OPEN_PATHS and path != "/shutdown":
        check_bearer(authorization, settings.token, "the token given with --token")


def check_bearer(authorization: str, secret: str, name: str) -> None:
    """Compare a bearer token in constant time.

    Raises:
        NotAuthenticated: when it is another one.
    """
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), secret.encode()):
        raise NotAuthenticated(f"This call needs the header 'Authorization: Bearer' with {name}")


def _is_loopback(name: str) -> bool:
    if name.lower().rstrip(".") == "localhost" or name.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
