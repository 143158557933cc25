"""Who may call the control API: no other web page, and with a token only those who know it.

A web page can have a browser send requests to whatever the browser reaches, this service included. Two headers that a
page cannot choose tell it apart: `Origin` says where the page is from, and `Host` by which name the service was found.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Collection
from fnmatch import fnmatchcase

from pactmock.control import pages
from pactmock.errors import InvalidParameter, NotAllowed, NotAuthenticated
from pactmock.server.wire.messages import host_name
from pactmock.service.settings import ServiceSettings, is_loopback

_OPEN_PATHS = frozenset({"/health", "/ready"}) | pages.OPEN_PATHS
_LOCAL_NAMES = (".local", ".internal", ".localhost", ".cluster.local", ".svc")
_HOST = re.compile(r"[A-Za-z0-9._~:\[\]%-]*")


def check_caller(
    settings: ServiceSettings,
    path: str,
    host: str,
    origin: str | None,
    authorization: str,
    called: str = "",
    *,
    token: str | None,
) -> None:
    """Refuse a call that must not be served.

    `token` is what the caller must show, None for nothing. `path` is that of its route. `called` is the host that a
    proxy was called by, if that is another.

    A browser sends `Origin` with what a page of another site makes it send, and a `Host` that is not ours when a
    name was rebound to our address; command lines and libraries send neither wrong.

    Raises:
        InvalidParameter: for a host that is none.
        NotAllowed: for another origin or host.
        NotAuthenticated: for a wrong token.
    """
    if not _HOST.fullmatch(host):
        raise InvalidParameter(f"{host[:200]!r} is no host: send the header 'Host' with the name or address called")
    if origin is not None and not _is_ours(settings, origin, {host, called}):
        raise NotAllowed(
            f"Requests from the web page {origin[:200]} are refused: call the control API from its own address, or"
            " start the service with --public-url where that is another one"
        )
    if token is None:
        _check_host(settings, host)
    elif path not in _OPEN_PATHS and path != "/shutdown":
        check_bearer(authorization, token, "the token given with --token or --token-file")


def check_fetch(site: str | None, destination: str | None) -> None:
    """Refuse what a page of another site makes a browser load without asking, such as an image: that has no `Origin`.

    Opening the address as a page of its own, as by a link, is what people do. Browsers say so over plain HTTP to
    localhost only.

    Raises:
        NotAllowed: for such a request.
    """
    if site in {"cross-site", "same-site"} and destination != "document":
        raise NotAllowed("What a page of another site makes a browser load is refused: open the address itself")


def _is_ours(settings: ServiceSettings, origin: str, hosts: Collection[str]) -> bool:
    _, separator, origin_host = origin.partition("://")
    return bool(separator and origin_host and origin_host in hosts) or origin.lower() == settings.public_origin


def _check_host(settings: ServiceSettings, host: str) -> None:
    """Refuse a name that somebody else may have bound to our address.

    Nobody can rebind an address, and what has no dot, or ends as the names of machines, containers and clusters do, is
    no name that a stranger can register. Where a token is needed a page cannot call anyway.
    """
    name = host_name(host).lower().rstrip(".")
    if name in settings.own_hosts or any(fnmatchcase(name, pattern.lower()) for pattern in settings.allowed_hosts):
        return
    if settings.is_on_loopback:
        if is_loopback(name):
            return
        reason = "which listens on loopback: call it by localhost, or start it with --host"
    elif "." not in name or name.endswith(_LOCAL_NAMES) or _is_address(name):
        return
    else:
        reason = "as far as it knows: call it by its address"
    raise NotAllowed(
        f"The host {host[:200]!r} is not one of this service, {reason}, --allowed-host {name[:200]} or --public-url"
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def check_bearer(authorization: str, secret: str, name: str) -> None:
    """Compare a bearer token in constant time.

    Raises:
        NotAuthenticated: when it is another one.
    """
    scheme, _, given = authorization.partition(" ")
    shown = given.strip().encode(errors="surrogateescape")  # what is not UTF-8 comes so
    if scheme.lower() != "bearer" or not secret or not hmac.compare_digest(shown, secret.encode()):
        raise NotAuthenticated(f"This call needs the header 'Authorization: Bearer' with {name}")
