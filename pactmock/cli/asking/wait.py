"""`pactmock wait`: until a mock server has received all that is expected, for code under test that works on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.failures import EXIT_MISMATCHES
from pactmock.cli.options import examples, option
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer


@click.command("wait", epilog=examples("wait --mock-server-port 9000 --timeout 30"))
@option("--timeout", type=click.FloatRange(min=0, max=3600), default=5.0, help="Seconds to wait at most.")
@one_mock_server
@click.pass_context
def wait_command(context: click.Context, server: RemoteMockServer, timeout: float) -> None:
    """Wait until a mock server has received all that is expected.

    Exit codes: 0 it has, whether all matched or not; 2 the time is up; 3 no such mock server, others for errors.
    """
    if server.wait(timeout):
        click.echo("All that is expected was received.")
        return
    click.echo(f"After {timeout:g} seconds this was not received:")
    for item in server.interactions():
        if item["received"] is False:
            click.echo(f"  {item['method']} {visible(item['path'] or '')}: {visible(item['description'])}")
    for message in server.messages():
        if not message["handled"]:
            click.echo(f"  the message: {visible(message['description'])}")
    context.exit(EXIT_MISMATCHES)
