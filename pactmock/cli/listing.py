"""`pactmock list`: the mock servers that run."""

from __future__ import annotations

import click

from pactmock.cli.options import remote_options
from pactmock.cli.remote import Failure, Remote
from pactmock.cli.table import show_table

_COLUMNS = ("Mock Server Id", "Port", "Provider", "Consumer", "Requests", "Verification State")


@click.command("list")
@remote_options
def list_command(remote: Remote) -> None:
    """List the mock servers that run."""
    reply = remote.call("GET")
    if reply.status != 200:
        raise Failure(reply.error)
    servers = reply.document["mockServers"]
    if not servers:
        click.echo("No mock servers are running.")
        return
    rows = [
        (
            server["id"],
            str(server["port"]),
            server["provider"],
            server.get("consumer", ""),
            str(server["metrics"]["requests"]),
            server["status"],
        )
        for server in servers
    ]
    show_table(_COLUMNS, rows)
