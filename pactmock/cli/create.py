"""`pactmock create`: a mock server from a pact file."""

from __future__ import annotations

from pathlib import Path

import click

from pactmock.cli.options import option, remote_options
from pactmock.cli.remote import Failure, Remote, show_warning

_PARAMETERS = {"mock_port": "port"}


@click.command("create")
@option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The pact file.")
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
    """Create a mock server from a pact file."""
    query = {"cors": str(cors_preflight).lower(), "tls": str(tls).lower()}
    query |= {"strict": "true"} if strict else {}
    query |= {"messages": "true"} if messages else {}
    query |= {_PARAMETERS.get(key, key): str(value) for key, value in optional.items() if value is not None}
    reply = remote.call(
        "POST",
        query=query,
        body=_read(file),
        headers={"Content-Type": "application/json"},
    )
    if reply.status != 200:
        raise Failure(f"{file} was refused: {reply.error}")
    server = reply.document["mockServer"]
    click.echo(f"Mock server {server['id']} started on port {server['port']}")
    for item in server.get("warnings", ()):
        show_warning(f"{item['warning']} (at {item['pointer']})" if item["pointer"] else item["warning"])


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"The pact file {file} cannot be read: {error.strerror or error}") from None
