"""`pactmock shutdown` and `pactmock shutdown-master`: the end of a mock server, and of the service."""

from __future__ import annotations

import click

from pactmock.cli.options import mock_server_options, option, remote_options
from pactmock.cli.remote import Failure, Remote
from pactmock.errors import NotAllowed
from pactmock.reports.visible import visible


@click.command("shutdown")
@mock_server_options
@remote_options
def shutdown_command(
    key: str,
    remote: Remote,
) -> None:
    """Stop a mock server and free its port."""
    remote.client().end(key)
    click.echo(f"Mock server {key} shutdown ok")


@click.command("shutdown-master")
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
