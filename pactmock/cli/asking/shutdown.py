"""`pactmock shutdown` and `pactmock shutdown-master`: the end of a mock server, and of the service."""

from __future__ import annotations

import click

from pactmock.cli.asking.options import mock_servers_options, remote_options
from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import Failure
from pactmock.cli.options import examples, option
from pactmock.errors import NotAllowed
from pactmock.reports.visible import visible


@click.command("shutdown", epilog=examples("shutdown --mock-server-port 9000", "shutdown --all"))
@mock_servers_options
@remote_options
def shutdown_command(key: str | None, remote: Remote) -> None:
    """Stop a mock server, or all, and free its port. Nothing is verified, and no pact is written."""
    client = remote.client()
    keys = [server.id for server in client.servers()] if key is None else [key]
    for each in keys:
        client.end(each)
        click.echo(f"Mock server {each} shutdown ok")
    if not keys:
        click.echo("No mock servers are running.")


@click.command("shutdown-master", epilog=examples("shutdown-master --server-key 4f1c"))
@option("-k", "--server-key", required=True, help="The server key of the service.")
@option("--period", type=click.IntRange(0), default=100, help="Milliseconds until the service ends.")
@remote_options
def shutdown_master_command(
    server_key: str,
    period: int,
    remote: Remote,
) -> None:
    """End the service and all its mock servers."""
    try:
        remote.client().shutdown(server_key, period=period)
    except NotAllowed as error:
        raise Failure(f"Invalid server key: {visible(error.message)}") from None
    click.echo("Master server shutting down ok")
