"""`pactmock create`: a mock server from a pact file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pactmock.authoring import MEDIA_TYPE
from pactmock.cli.asking.options import remote_options
from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import Failure, show_warning
from pactmock.cli.options import examples, option
from pactmock.client.call import JSON
from pactmock.client.posting import Posted
from pactmock.errors import (
    LimitReached,
    NameTaken,
    NotAllowed,
    PactmockError,
    PortUnavailable,
    ServiceUnreachable,
    Stopping,
    StoreUnavailable,
    UnexpectedAnswer,
)
from pactmock.reports.visible import visible

_PARAMETERS = {"mock_port": "port", "cors_preflight": "cors", "client_certificates": "tls_client_ca"}
_FILE: dict[str, Any] = {"type": click.Path(path_type=Path, dir_okay=False, allow_dash=True), "default": None}
_STANDARD_INPUT = Path("-")
_NO_FAULT_OF_A_PACT = (
    LimitReached,
    NameTaken,
    NotAllowed,
    PortUnavailable,
    Stopping,
    StoreUnavailable,
    UnexpectedAnswer,
)


@click.command(
    "create",
    epilog=examples(
        "create --file pacts/web-users-api.json",
        "create --contract users.json --name users --ttl 600",
        "create --file pact.json --quiet  # prints the port alone",
    ),
)
@option("-f", "--file", **_FILE, help="The pact, or a contract; - reads it from the standard input.")
@option("--contract", **_FILE, help="A contract in consumer-test form: a file that is none is refused.")
@option("-c", "--cors-preflight", is_flag=True, help="Answer CORS pre-flight requests.")
@option("--tls", is_flag=True, help="Listen with TLS.")
@option("--tls-own", is_flag=True, help="The same with the certificate of --tls-cert of `pactmock start`.")
@option("--tls-names", default=None, metavar="NAMES", help="More names for the certificate: a.test,b.test.")
@option("--client-certificates", type=click.Choice(("required", "optional")), default=None, help="What clients show.")
@option("--strict", is_flag=True, help="Refuse a pact with warnings.")
@option("--specification", default=None, help="The version to write the pact in: V1, V1.1, V2, V3 or V4.")
@option("--mock-port", type=click.IntRange(0, 65535), default=None, help="A fixed port for the mock server.")
@option("--name", default=None, help="A name of its own, which can be used wherever its id can.")
@option("--ttl", type=click.FloatRange(min=0, min_open=True), default=None, help="Seconds unused until it is stopped.")
@option("--seed", type=int, default=None, help="Have generators make the same values each time.")
@option("--count", type=click.Choice(("request", "interaction")), default=None, help="What has to be received.")
@option("--messages", is_flag=True, help="Have all messages of the pact count, also where it has HTTP interactions.")
@option("--state", default=None, help="A provider state: interactions that are given it go first.")
@option("--json", "as_json", is_flag=True, help="Answer with all that is known of it, as JSON.")
@option("-q", "--quiet", is_flag=True, help="Answer with the port alone.")
@remote_options
def create_command(
    file: Path | None, contract: Path | None, remote: Remote, *, as_json: bool, quiet: bool, **wanted: Any
) -> None:
    """Create a mock server from a pact file, or a contract."""
    if as_json and quiet:
        raise click.UsageError("--json and --quiet are two answers: give one of them")
    place, pact = _given(file, contract)
    if wanted.pop("tls_own"):
        wanted["tls"] = "own"
    options = {_PARAMETERS.get(name, name): item for name, item in wanted.items() if item not in (None, False)}
    try:
        server = remote.client().create(pact, **options)
    except ServiceUnreachable as error:
        raise _with_port_hint(error) from None
    except _NO_FAULT_OF_A_PACT as error:
        raise Failure(visible(error.message)) from None
    except PactmockError as error:
        raise Failure(f"{place} was refused: {visible(error.message)}") from None
    if as_json:
        click.echo(json.dumps(server.description, indent=2, ensure_ascii=False))
    elif server.port:
        click.echo(server.port if quiet else f"Mock server {server.id} started on port {server.port}")
    else:  # replicas share it, and it is called through any of them
        click.echo(server.url if quiet else f"Mock server {server.id} started: call it at {server.url}")
    for item in server.warnings:
        show_warning(f"{item['warning']} (at {item['pointer']})" if item["pointer"] else item["warning"])


def _given(file: Path | None, contract: Path | None) -> tuple[str, Posted]:
    """Return where the pact comes from, and what is to be posted."""
    if (file is None) == (contract is None):
        raise click.UsageError("Name the pact with --file, or a contract with --contract")
    path = file or contract
    assert path is not None  # noqa: S101  for the type checker
    place = "The standard input" if path == _STANDARD_INPUT else str(path)
    try:
        content = sys.stdin.buffer.read() if path == _STANDARD_INPUT else path.read_bytes()
    except OSError as error:
        raise Failure(f"The pact file {path} cannot be read: {error.strerror or error}") from None
    return place, Posted(content, JSON if contract is None else MEDIA_TYPE)


def _with_port_hint(error: ServiceUnreachable) -> Failure:
    source = click.get_current_context().get_parameter_source("port")
    hint = "; --port is that of the service, and --mock-port that of the mock server" if source in _GIVEN else ""
    return Failure(visible(error.message) + hint)


_GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
