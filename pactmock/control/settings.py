"""How the service is to run: what the command line and the environment can choose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pactmock.plugins.settings import PluginSettings
from pactmock.server.journal import JournalLimits
from pactmock.server.options import LOOPBACK, MEGABYTE, WireLimits
from pactmock.server.secrets import SHOWN, Secrets

DEFAULT_PORT = 8080


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The settings of one service.

    `base_port` is the first port that mock servers get when they do not ask for one; None leaves it to the system.
    `token` is what callers of the control API must show; None lets everybody call who can reach it.
    """

    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    base_port: int | None = None
    output: Path = field(default_factory=Path)
    allow_any_directory: bool = False
    server_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    token: str | None = field(default=None, repr=False)
    cors_pre_flight: bool = False
    max_mock_servers: int = 2000
    max_pact: int = 100 * MEGABYTE
    wire: WireLimits = field(default_factory=WireLimits)
    journal: JournalLimits = field(default_factory=JournalLimits)
    secrets: Secrets = SHOWN
    plugins: PluginSettings = field(default_factory=PluginSettings)
