"""`pactmock health`: is the service there? Made for HEALTHCHECK, where there is no curl."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import remote_options
from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import Failure
from pactmock.cli.options import examples, option
from pactmock.errors import PactmockError, ServiceUnreachable
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import Client
    from pactmock.client.documents import Health

_TIMEOUT_SECONDS = 3.0
_PAUSE_SECONDS = 0.1
# Written again here, so that the health check need not load the server.
_ALL_INTERFACES = frozenset({"0.0.0.0", "::", "*", ""})  # noqa: S104  compared with, not bound


@click.command("health", epilog=examples("health --port 8080", "health --wait 30"))
@option("--wait", type=click.FloatRange(0, 86_400), default=0.0, help="Seconds in which it may become well.")
@remote_options
def health_command(remote: Remote, wait: float) -> None:
    """Ask the service whether it is well; exit code 0 when it is."""
    host = "127.0.0.1" if remote.host in _ALL_INTERFACES else remote.host
    client = replace(remote, host=host, token_file=None).client(_TIMEOUT_SECONDS)
    try:
        answer = _answered(client, wait)
    except ServiceUnreachable:
        raise
    except PactmockError as error:
        raise Failure(f"The service on {client.address.shown} is not well: {visible(error.message)}") from None
    click.echo(
        f"pactmock {answer['version']} on {client.address.shown} is {answer['status']}:"
        f" {answer['mockServers']} mock server(s), up for {answer['uptime']:.0f} seconds"
    )


def _answered(client: Client, seconds: float) -> Health:
    """Ask until a service answers that it is well, or the time is up.

    Raises:
        PactmockError: what was wrong the last time.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return client.health()
        except PactmockError:
            if time.monotonic() + _PAUSE_SECONDS >= until:
                raise
        time.sleep(_PAUSE_SECONDS)
