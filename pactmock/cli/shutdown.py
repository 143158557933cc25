"""`pactmock shutdown` and `pactmock shutdown-master`: the end of a mock server, and of the service."""

from __future__ import annotations

import json

import click

from pactmock.cli.options import mock_server_options, option, remote_options
from pactmock.cli.remote import Failure, Remote, no_such_server


@click.command("shutdown")
@mock_server_options
@remote_options
def shutdown_command(
    key: str,
    remote: Remote,
) -> None:
    """Stop a mock server and free its port."""
    reply = remote.call("DELETE", "mockserver", key)
    if reply.status == 404:
        raise no_such_server(key)
    if reply.status != 204:
        raise Failure(reply.error)
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
    body = json.dumps({"period": period}).encode()
    headers = {"Authorization": f"Bearer {server_key}", "Content-Type": "application/json"}
    reply = remote.call("POST", "shutdown", body=body, headers=headers)
    if reply.status == 403:
        raise Failure(f"Invalid server key: {reply.error}")
    if reply.status != 204:
        raise Failure(reply.error)
    click.echo("Master server shutting down ok")
