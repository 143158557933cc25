"""`pactmock fault`: answers of an interaction come later, or a fault instead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.delay import Delay
from pactmock.cli.failures import Failure
from pactmock.cli.options import examples, option
from pactmock.errors import NoSuchInteraction
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer

_KINDS = ("CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK")


@click.command(
    "fault",
    epilog=examples(
        "fault 'a request for a user' --delay 2s",
        "fault 'a request for a user' --fault EMPTY_RESPONSE --times 2",
        "fault 'a request for a user'",
    ),
)
@click.argument("interaction")
@option("-d", "--delay", type=Delay(), default=None, help="How long answers are kept back: 200ms, 1.5s, or 100ms-2s.")
@option(
    "-f",
    "--fault",
    type=click.Choice(_KINDS),
    default=None,
    metavar="KIND",
    help="What comes instead of them: CONNECTION_RESET_BY_PEER, EMPTY_RESPONSE or MALFORMED_RESPONSE_CHUNK.",
)
@option("-n", "--times", type=click.IntRange(1), default=None, help="For so many requests; by default for all.")
@one_mock_server
def fault_command(
    server: RemoteMockServer,
    interaction: str,
    delay: tuple[float, float] | None,
    fault: str | None,
    times: int | None,
) -> None:
    """Delay the answers of an INTERACTION, or send faults instead.

    INTERACTION is its key or its description. Without --delay and --fault, its answers are sent as the pact has them.
    It ends when what was received is forgotten; it is never written, and every report names what was played.
    """
    try:
        found = server.put_fault(interaction, delay=delay, fault=fault, times=times)
    except NoSuchInteraction as error:
        raise Failure(visible(error.message)) from None
    left = f" for {found['faultLeft']} request(s)" if found.get("faultLeft") else ""
    becomes = f"with {found['fault']}{left}" if found.get("fault") else "as the pact says"
    click.echo(f"'{visible(found['description'])}' is answered {becomes}")
