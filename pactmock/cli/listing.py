"""`pactmock list`: the mock servers that run."""

from __future__ import annotations

import click

from pactmock.cli.options import remote_options
from pactmock.cli.remote import Remote
from pactmock.cli.table import show_table

_COLUMNS = ("Mock Server Id", "Port", "Provider", "Consumer", "Requests", "Verification State")


@click.command("list")
@remote_options
def list_command(remote: Remote) -> None:
    """List the mock servers that run."""
    servers = [server.description for server in remote.client().servers()]
    if not servers:
        click.echo("No mock servers are running.")
        return
    rows = [
        (
            server["id"],
            str(server["port"]),
            server["provider"],
            server["consumer"],
            str(server["metrics"]["requests"]),
            server["status"],
        )
        for server in servers
    ]
    show_table(_COLUMNS, rows)
