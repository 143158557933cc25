"""`pactmock logs`: what happened to a mock server, also while it does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.following import follow_option, followed
from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.options import examples

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer


@click.command("logs", epilog=examples("logs --mock-server-port 9000", "logs --follow"))
@follow_option
@one_mock_server
def logs_command(server: RemoteMockServer, follow: bool) -> None:
    """Show the log of a mock server.

    It has a line for each event: what happened to the mock server, and what it was asked.
    """
    shown: Counter[str] = Counter()

    def show() -> None:
        nonlocal shown
        lines = server.logs().splitlines()
        seen, shown = shown, Counter(lines)  # a log has a bound, so lines at its start may be gone
        for line in lines:
            if seen[line]:
                seen[line] -= 1
            else:
                click.echo(line)

    followed(show) if follow else show()
