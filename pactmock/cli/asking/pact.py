"""`pactmock pact`: the pact of a mock server, shown or written, whether all matched or not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.options import examples, option
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer


@click.command("pact", epilog=examples("pact --mock-server-port 9000 > web-users-api.json", "pact --directory sub"))
@option("--write", is_flag=True, help="Have the service write it, merged with the file that is there.")
@option("--directory", default=None, help="Have it written there, below the output directory of the service.")
@option("--overwrite", is_flag=True, help="Have it written in place of the file that is there.")
@option(
    "--on-conflict",
    type=click.Choice(("replace", "refuse")),
    default="replace",
    help="What becomes of an interaction of the file that says something else.",
)
@one_mock_server
def pact_command(
    server: RemoteMockServer,
    write: bool,
    directory: str | None,
    overwrite: bool,
    on_conflict: Literal["replace", "refuse"],
) -> None:
    """Show the pact of a mock server as it would be written, or write it.

    Nothing is verified: `pactmock verify` writes it if all matched.
    """
    if not (write or overwrite or directory is not None):
        click.echo(json.dumps(server.pact(), indent=2, ensure_ascii=False))
        return
    written = server.write_pact(directory, overwrite=overwrite, on_conflict=on_conflict)
    merged = ", merged with what was there" if written["merged"] else ""
    click.echo(f"{visible(written['path'])}: {written['interactions']} interaction(s){merged}")
    for item in written["replaced"]:
        click.echo(f"replaced: {visible(item['interaction'])}, of which the {visible(item['field'])} was another")
