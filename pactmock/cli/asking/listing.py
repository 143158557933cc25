"""`pactmock list`: the mock servers that run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import remote_options
from pactmock.cli.options import examples, option
from pactmock.cli.output.table import show_table

if TYPE_CHECKING:
    from pactmock.cli.asking.remote import Remote
    from pactmock.client.documents import Server

_COLUMNS = ("Mock Server Id", "Port", "Provider", "Consumer", "Name", "State", "Age", "Requests", "Verification State")
_NONE = "-"  # no cell is empty, so that a script can tell columns apart


@click.command("list", epilog=examples("list", "list --json"))
@option("--json", "as_json", is_flag=True, help="As JSON, with all that is known of each.")
@remote_options
def list_command(remote: Remote, as_json: bool) -> None:
    """List the mock servers that run."""
    servers = [server.description for server in remote.client().servers()]
    if as_json:
        click.echo(json.dumps(servers, indent=2, ensure_ascii=False))
    elif not servers:
        click.echo("No mock servers are running.")
    else:
        show_table(_COLUMNS, list(map(_row, servers)))


def _row(server: Server) -> tuple[str, ...]:
    return (
        server["id"],
        str(server["port"]),
        server["provider"],
        server["consumer"],
        server["name"] or _NONE,
        server["state"] or _NONE,
        _age(server["created"]),
        str(server["metrics"]["requests"]),
        server["status"],
    )


def _age(created: str) -> str:
    """Say how old something is, in the largest unit of which it is at least two, or in seconds."""
    seconds = max(0, int((datetime.now(UTC) - datetime.fromisoformat(created)).total_seconds()))
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
