"""`pactmock health`: is the service there? Made for HEALTHCHECK, where there is no curl."""

from __future__ import annotations

from dataclasses import replace

import click

from pactmock.cli.options import examples, remote_options
from pactmock.cli.remote import Failure, Remote
from pactmock.errors import PactmockError, ServiceUnreachable
from pactmock.reports.visible import visible

_TIMEOUT_SECONDS = 3.0
# Written again here, so that the health check need not load the server.
_ALL_INTERFACES = frozenset({"0.0.0.0", "::", "*", ""})  # noqa: S104  compared with, not bound


@click.command("health", epilog=examples("health --port 8080"))
@remote_options
def health_command(remote: Remote) -> None:
    """Ask the service whether it is well; exit code 0 when it is."""
    host = "127.0.0.1" if remote.host in _ALL_INTERFACES else remote.host
    client = replace(remote, host=host).client(_TIMEOUT_SECONDS)
    try:
        answer = client.health()
    except ServiceUnreachable:
        raise
    except PactmockError as error:
        raise Failure(f"The service on {client.address.shown} is not well: {visible(error.message)}") from None
    click.echo(
        f"pactmock {answer['version']} on {client.address.shown} is {answer['status']}:"
        f" {answer['mockServers']} mock server(s), up for {answer['uptime']:.0f} seconds"
    )
