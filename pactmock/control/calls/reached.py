"""By which URL a caller reached the service: what it is told to call has to be below that.

Where nothing is between, that is the host that was called. A proxy has another one: `--public-url` says which, or the
proxy does, with `X-Forwarded-Host`, `-Proto` and `-Prefix`, if its address is among `--trusted-proxies`. Of several
values of such a header the last counts, which the nearest proxy has added: those before it may be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.server.wire.messages import host_name
from pactmock.service.settings import ServiceSettings

GATEWAY = "/m/"
"""Below what path each mock server is, on the port of the service."""


@value
class Reached:
    """The host that was called, with its port, and the URL that the service is below, without a slash at the end."""

    host: str
    base: str

    @property
    def name(self) -> str:
        """The host without its port."""
        return host_name(self.host)

    @property
    def prefix(self) -> str:
        """The path of the URL, which the paths of calls follow."""
        return urlsplit(self.base).path


def reached(settings: ServiceSettings, peer: str, header: Callable[[str], str]) -> Reached:
    """Find out how the service was called, by somebody with the address `peer`.

    `header` gives the value of a header, of several lines with commas between, or an empty text.

    Raises:
        InvalidParameter: when a proxy that is trusted says what cannot be.
    """
    host, scheme, prefix = header("Host"), "http", ""
    if settings.proxies.trusts(peer):
        host = _last(header, "X-Forwarded-Host", _HOST) or host
        scheme = _last(header, "X-Forwarded-Proto", _SCHEME).lower() or scheme
        prefix = _last(header, "X-Forwarded-Prefix", _PREFIX).rstrip("/")
    base = f"{scheme}://{host}{prefix}" if settings.public_url is None else settings.public_url.rstrip("/")
    return Reached(host, base)


def _last(header: Callable[[str], str], name: str, pattern: re.Pattern[str]) -> str:
    text = header(name).rpartition(",")[2].strip()
    if text and not pattern.fullmatch(text):
        raise InvalidParameter(
            f"The header '{name}' of this call cannot be {text[:200]!r}: look at the proxy before us"
        )
    return text


_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_SCHEME = re.compile(r"https?", re.IGNORECASE)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+;=:@%-]+)*/?")
