"""Who may drive a Ruby service: programs, and pages of this machine or of origins that are allowed.

Browsers send what any page has them send to the port of a mock server. The Ruby service answers all of them; here a
page of somebody else's site must not make a pact.
"""

from __future__ import annotations

from collections.abc import Collection

from pactmock.errors import NotAllowed
from pactmock.pact.model import Request
from pactmock.server.options import ALL_INTERFACES
from pactmock.server.wire.messages import host_name, host_of
from pactmock.service.settings import is_loopback


def check_caller(request: Request, host: str, allowed: Collection[str]) -> None:
    """Refuse a call that a page made which has no business here; `host` is where the service listens.

    Raises:
        NotAllowed: for the origin of the page, or for a name that somebody may have bound to our address.
    """
    origin = ", ".join(request.headers.get("origin", ()))
    if origin and not (origin == "null" or origin in allowed or is_loopback(host_name(origin.partition("://")[2]))):
        raise NotAllowed(
            f"Calls from the web page {origin[:200]} are refused: start the service with --allowed-origin of that"
        )
    called = host_of(request)
    if called is None or host in ALL_INTERFACES or called.lower() == host.lower():
        return
    if is_loopback(host) and not is_loopback(called):
        raise NotAllowed(f"The host '{called[:200]}' is not one of this service, which listens on {host}")
