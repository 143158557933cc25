"""What `pactmock start` can be told, and the settings that come of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.options import DURABLE, LEVELS, LOG_FORMATS, Command, option
from pactmock.errors import InvalidParameter
from pactmock.matching.budget import MAX_PARSED_BYTES
from pactmock.plugins.settings import PluginSettings, default_directory
from pactmock.server.host import canonical
from pactmock.server.options import MEGABYTE, DecisionLimits, WireLimits
from pactmock.server.records.journal import JournalLimits
from pactmock.server.records.secrets import SECRET_HEADERS, Secrets
from pactmock.service.certificates import TlsSettings
from pactmock.service.proxies import Proxies
from pactmock.service.settings import ServiceSettings, is_loopback

if TYPE_CHECKING:
    _Kind = click.ParamType[tuple[int, int]]
else:
    _Kind = click.ParamType  # which takes no parameter before click 8.2


class PortRange(_Kind):
    """The first and the last of some ports: `9000-9020`."""

    name = "first-last"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", value, re.ASCII)
        if not found:
            self.fail(f"{value!r} is no range of ports: give the first and the last, as 9000-9020", param, ctx)
        return int(found[1]), int(found[2])


_WIRE, _DECISIONS, _JOURNAL, _PLUGINS = WireLimits(), DecisionLimits(), JournalLimits(), PluginSettings(Path())


_DRAIN_SECONDS = 5.0
"""How long load balancers have to notice that a replica ends, where nothing else is said."""

_FILE = click.Path(path_type=Path, dir_okay=False)
_DIRECTORY = click.Path(path_type=Path, file_okay=False)


def _count(name: str, default: int, text: str) -> Callable[[Command], Command]:
    return option(name, type=click.IntRange(1), default=default, help=text)


def _seconds(name: str, default: float, text: str) -> Callable[[Command], Command]:
    return option(name, type=click.FloatRange(min=0.1, max=86400.0), default=default, help=text)


_OPTIONS = (
    option("-p", "--port", type=click.IntRange(0, 65535), default=8080, help="Port of the control API; 0 for any."),
    option("--port-file", type=_FILE, default=None, help="Where the port stands as long as the service listens."),
    option("-h", "--host", default="127.0.0.1", help="Address to listen on, for all that listens."),
    option("--pact", multiple=True, metavar="PLACE", help="Play a pact, all of a directory, or a URL; repeatable."),
    option("--watch", is_flag=True, help="Play the files of --pact anew when they change."),
    option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where pacts go."),
    option("--durable", is_flag=True, help=DURABLE),
    option("--store", default=None, metavar="URL", help="Where replicas keep what they share: redis://HOST:6379/0."),
    _seconds("--store-timeout", 2.0, "Seconds until the store has failed to answer."),
    option(
        "--drain-seconds",
        type=click.FloatRange(0.0, 3600.0),
        default=None,
        help="Seconds for which it answers on after SIGTERM, while /ready says 503; 5 with --store, else 0.",
    ),
    option("--base-port", type=click.IntRange(1, 65535), default=None, help="First port that mock servers get."),
    option("--port-range", type=PortRange(), default=None, help="The ports that mock servers get, such as 9000-9020."),
    option("--tls-cert", type=_FILE, default=None, help="The certificate of mock servers with tls=own, as PEM."),
    option("--tls-key", type=_FILE, default=None, help="Its key, where that is in another file."),
    option("--ca-dir", type=_DIRECTORY, default=None, help="Where the CA of mock servers with tls=true is kept."),
    option("--tls-client-ca", type=_FILE, default=None, help="Who signs certificates of clients (tls_client_ca=)."),
    option("--server-key", default=None, help="The key that ends the service; made up and shown if not given."),
    option("--token", default=None, help="What callers of the control API must show as a bearer token."),
    option("--token-file", type=_FILE, default=None, help="A file with that token, read again when it changes."),
    option("--public-url", default=None, help="Where browsers find the control API, when a proxy stands before it."),
    option(
        "--trusted-proxies",
        multiple=True,
        metavar="ADDRESS",
        help="A proxy, or a network of them, whose X-Forwarded-Host, -Proto and -Prefix are believed; repeatable.",
    ),
    option("--allowed-host", multiple=True, help="A name, or a pattern such as *.team, to be called by; repeatable."),
    option("--allowed-origin", multiple=True, help="A page that may drive services of POST /ruby; repeatable."),
    option("--redact/--no-redact", default=None, help="Hide the values of secret headers; by default beyond loopback."),
    option("--redact-header", multiple=True, help="A secret header, besides Authorization and such; repeatable."),
    option("-c", "--cors-preflight", is_flag=True, help="All mock servers answer CORS pre-flight requests."),
    option("--strict", is_flag=True, help="Refuse pacts with warnings, where a call does not say otherwise."),
    option("--allow-any-directory", is_flag=True, help="Pacts may be written outside the output directory."),
    _count("--max-mock-servers", 2000, "How many may run at once."),
    _count("--max-pact-size", 100 * MEGABYTE, "Largest pact, in bytes."),
    _count("--max-body-size", _WIRE.body, "Largest request body, in bytes."),
    _count("--max-parsed-body", MAX_PARSED_BYTES, "Largest request body that is parsed to be compared, in bytes."),
    _count("--max-intake-size", 128 * MEGABYTE, "Bytes of all bodies that are at hand at once."),
    _count("--max-connections", 5000, "How many may be open at once."),
    _count("--max-event-streams", 64, "How many callers may follow events at once."),
    _seconds("--header-timeout", _WIRE.head_seconds, "Seconds until the headers of a request are there."),
    _seconds("--body-timeout", _WIRE.body_seconds, "Seconds for which no byte of a body may come."),
    _seconds("--idle-timeout", _WIRE.idle_seconds, "Seconds for which nothing may be asked on a connection."),
    _seconds(
        "--decision-time", _DECISIONS.seconds, "CPU seconds that a request may take; half of one more a megabyte."
    ),
    _count("--journal-size", _JOURNAL.requests, "Requests that each mock server keeps."),
    _count("--journal-bytes", _JOURNAL.bytes, "Bytes of requests that each mock server keeps, and of failures."),
    option("--plugin-dir", type=click.Path(path_type=Path, file_okay=False), default=None, help="Where plugins are."),
    _seconds("--plugin-timeout", _PLUGINS.start_timeout, "Seconds that a plugin may take to start."),
    _seconds("--plugin-call-timeout", _PLUGINS.call_timeout, "Seconds that a plugin may take to compare or generate."),
    option("-l", "--loglevel", "--log-level", type=click.Choice(LEVELS), default="info", help="What to log."),
    option("--log-format", type=click.Choice(LOG_FORMATS), default="text", help="How: as text, or as JSON a line."),
)


def start_options(command: Command) -> Command:
    """Add the options to a command, which gets them as keywords."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def settings_of(options: dict[str, Any]) -> ServiceSettings:
    """Make settings of what was given.

    Raises:
        InvalidParameter: naming the option that cannot be used.
    """
    token = options["token"]
    if token is None and "PACTMOCK_TOKEN" in os.environ:
        token = ""  # click takes a variable that is empty for one that is not there
    if options["token_file"] is None and "PACTMOCK_TOKEN_FILE" in os.environ:
        raise InvalidParameter(
            "PACTMOCK_TOKEN_FILE is empty, so that everybody could call: name a file, or leave it out"
        )
    given = {} if options["server_key"] is None else {"server_key": options["server_key"]}
    host = canonical(options["host"])
    return ServiceSettings(
        host=host,
        port=options["port"],
        base_port=options["base_port"],
        port_range=options["port_range"],
        output=options["output"],
        allow_any_directory=options["allow_any_directory"],
        token=token,
        token_file=options["token_file"],
        public_url=options["public_url"],
        allowed_hosts=options["allowed_host"],
        allowed_origins=options["allowed_origin"],
        proxies=Proxies.of(options["trusted_proxies"]),
        cors_pre_flight=options["cors_preflight"],
        strict=options["strict"],
        durable=options["durable"],
        store=options["store"],
        store_seconds=options["store_timeout"],
        drain_seconds=_drain_seconds(options),
        max_mock_servers=options["max_mock_servers"],
        max_pact=options["max_pact_size"],
        max_intake=options["max_intake_size"],
        max_connections=options["max_connections"],
        max_event_streams=options["max_event_streams"],
        wire=_wire(options),
        decisions=DecisionLimits(seconds=options["decision_time"], parsed_body=options["max_parsed_body"]),
        journal=JournalLimits(requests=options["journal_size"], bytes=options["journal_bytes"]),
        secrets=_secrets(options, host),
        tls=TlsSettings(options["tls_cert"], options["tls_key"], options["tls_client_ca"], options["ca_dir"]),
        plugins=PluginSettings(
            options["plugin_dir"] or default_directory(), options["plugin_timeout"], options["plugin_call_timeout"]
        ),
        **given,
    )


def _drain_seconds(options: dict[str, Any]) -> float:
    given: float | None = options["drain_seconds"]
    if given is not None:
        return given
    return 0.0 if options["store"] is None else _DRAIN_SECONDS


def _wire(options: dict[str, Any]) -> WireLimits:
    return WireLimits(
        body=options["max_body_size"],
        head_seconds=options["header_timeout"],
        body_seconds=options["body_timeout"],
        idle_seconds=options["idle_timeout"],
    )


def _secrets(options: dict[str, Any], host: str) -> Secrets:
    names = frozenset(name.strip().lower() for name in options["redact_header"])
    for name in names:
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidParameter(f"--redact-header {name!r} is no name of a header: give one like X-Session")
    active = options["redact"] if options["redact"] is not None else not is_loopback(host)
    return Secrets(SECRET_HEADERS | names, active)


_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-z]+")
