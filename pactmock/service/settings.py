"""How the service is to run: what the command line and the environment can choose."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.plugins.settings import PluginSettings
from pactmock.server.options import LARGEST_PORT, LOOPBACK, MEGABYTE, DecisionLimits, WireLimits
from pactmock.server.records.journal import JournalLimits
from pactmock.server.records.secrets import SHOWN, Secrets
from pactmock.server.wire.intake import Intake
from pactmock.service.certificates import TlsSettings
from pactmock.service.proxies import Proxies
from pactmock.service.token_file import check_secret

DEFAULT_PORT = 8080
_DEFAULT_PORTS = {"http": 80, "https": 443}


@value
class ServiceSettings:
    """The settings of one service.

    `base_port` is the first port that mock servers get when they do not ask for one; None leaves it to the system.
    `port_range` is the first and the last port that they have at all.
    `token` is what callers of the control API must show, or `token_file` holds it; with neither, everybody may call who
    can reach it. `public_url` is
    where callers find the control API when that is not where it listens, as behind a proxy; `proxies` are those that
    are believed when they say it. `allowed_hosts` are more names that it may be called by, also patterns such as
    `*.team`. Pages of `allowed_origins` may drive services of `POST /ruby`, besides those of this machine. `strict`
    refuses pacts with warnings where a call does not say otherwise. `store` is the URL of what this replica shares with
    others, None where there are none; it has failed when it does not answer within `store_seconds`. Pacts are written
    into it then, and into files besides where it `writes_files`; those that are `durable` outlive a power cut. The
    service answers for `drain_seconds` more when it is told to end.

    Raises:
        InvalidParameter: for a token, a server key or a URL that cannot be one.
    """

    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    base_port: int | None = None
    port_range: tuple[int, int] | None = None
    output: Path = field(default_factory=Path)
    allow_any_directory: bool = False
    server_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    public_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    proxies: Proxies = field(default_factory=Proxies)
    cors_pre_flight: bool = False
    strict: bool = False
    store: str | None = None
    store_seconds: float = 2.0
    drain_seconds: float = 0.0
    writes_files: bool = True
    durable: bool = False
    max_mock_servers: int = 2000
    max_pact: int = 100 * MEGABYTE
    max_intake: int = 128 * MEGABYTE
    max_connections: int = 5000
    max_event_streams: int = 64
    wire: WireLimits = field(default_factory=WireLimits)
    decisions: DecisionLimits = field(default_factory=DecisionLimits)
    journal: JournalLimits = field(default_factory=JournalLimits)
    secrets: Secrets = SHOWN
    tls: TlsSettings = field(default_factory=TlsSettings)
    plugins: PluginSettings = field(default_factory=PluginSettings)

    def __post_init__(self) -> None:
        """Refuse what would leave the service open, or closed to everybody."""
        check_secret("--server-key", self.server_key)
        if self.token is not None:
            check_secret("--token", self.token)
            if self.token_file is not None:
                raise InvalidParameter(
                    "--token and --token-file both say which token callers must show: give one of them"
                )
        _check_ports(self)
        if self.public_url is not None:
            _origin_of(self.public_url)

    @property
    def mock_ports(self) -> range | None:
        """The ports that mock servers get; None for any that the system has free."""
        if self.port_range is not None:
            return range(self.port_range[0], self.port_range[1] + 1)
        return None if self.base_port is None else range(self.base_port, LARGEST_PORT + 1)

    def intake(self) -> Intake:
        """Make what counts how much the process takes in at once."""
        return Intake(self.max_intake, self.max_connections)

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)

    @property
    def public_origin(self) -> str | None:
        """The `Origin` of pages at the public URL."""
        return None if self.public_url is None else _origin_of(self.public_url)

    @property
    def is_called_elsewhere(self) -> bool:
        """Whether callers may reach it by another URL than that of their request."""
        return self.public_url is not None or bool(self.proxies.networks)

    @property
    def own_hosts(self) -> frozenset[str]:
        """The names that the service was started with, in lower case."""
        public = urlsplit(self.public_url).hostname if self.public_url else None
        return frozenset({self.host.lower(), *((public,) if public else ())})


def is_loopback(name: str) -> bool:
    """Tell whether a name or address is of this machine alone."""
    if name.lower().rstrip(".") == "localhost" or name.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _check_ports(settings: ServiceSettings) -> None:
    if settings.port_range is None:
        return
    first, last = settings.port_range
    if not 1 <= first <= last <= LARGEST_PORT:
        raise InvalidParameter(
            f"--port-range {first}-{last} is no range of ports: give the first and the last, as 9000-9020"
        )
    if settings.base_port is not None:
        raise InvalidParameter("--base-port and --port-range both say which ports mock servers get: give one of them")


def _origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as a browser writes them: in lower case, without the default port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if host is None or parts.scheme not in _DEFAULT_PORTS or parts.username is not None:
        raise InvalidParameter(
            f"--public-url {url[:200]!r} is no URL of a service: give one like https://pactmock.team"
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}")
