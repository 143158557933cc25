"""`pactmock create`: a mock server from a pact file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pactmock.cli.options import option, remote_options
from pactmock.cli.remote import Failure, Remote, show_warning
from pactmock.errors import PactmockError, ServiceUnreachable
from pactmock.reports.visible import visible

_PARAMETERS = {"mock_port": "port"}


@click.command("create")
@option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The pact, or a contract.")
@option("-c", "--cors-preflight", is_flag=True, help="Answer CORS pre-flight requests.")
@option("--tls", is_flag=True, help="Listen with TLS.")
@option("--strict", is_flag=True, help="Refuse a pact with warnings.")
@option("--specification", default=None, help="The version to write the pact in: V1, V1.1, V2, V3 or V4.")
@option("--mock-port", type=click.IntRange(0, 65535), default=None, help="A fixed port for the mock server.")
@option("--name", default=None, help="A name for people to know it by.")
@option("--count", type=click.Choice(("request", "interaction")), default=None, help="What has to be received.")
@option("--messages", is_flag=True, help="Have all messages of the pact count, also where it has HTTP interactions.")
@option("--state", default=None, help="A provider state: interactions that are given it go first.")
@remote_options
def create_command(
    file: Path,
    cors_preflight: bool,
    tls: bool,
    strict: bool,
    messages: bool,
    remote: Remote,
    **optional: str | int | None,
) -> None:
    """Create a mock server from a pact file, or a contract."""
    options: Any = {"strict": True} if strict else {}
    options |= {"messages": True} if messages else {}
    options |= {_PARAMETERS.get(name, name): item for name, item in optional.items()}
    try:
        server = remote.client().create(_read(file), cors=cors_preflight, tls=tls, **options)
    except ServiceUnreachable:
        raise
    except PactmockError as error:
        raise Failure(f"{file} was refused: {visible(error.message)}") from None
    click.echo(f"Mock server {server.id} started on port {server.port}")
    for item in server.warnings:
        show_warning(f"{item['warning']} (at {item['pointer']})" if item["pointer"] else item["warning"])


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"The pact file {file} cannot be read: {error.strerror or error}") from None
