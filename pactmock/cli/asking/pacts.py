"""`pactmock pacts`: the pacts that were written where the service is, listed, or one of them shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pactmock.cli.asking.options import remote_options
from pactmock.cli.options import examples, option
from pactmock.cli.output.table import show_table
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.cli.asking.remote import Remote
    from pactmock.client.documents import ListedPact, Pacts

_COLUMNS = ("Consumer", "Provider", "Specification", "Interactions", "Messages", "Written", "File")


@click.command("pacts", epilog=examples("pacts", "pacts web users-api > web-users-api.json"))
@click.argument("consumer", required=False)
@click.argument("provider", required=False)
@option("--specification", default=None, help="Show that pact in this version: V1, V1.1, V2, V3 or V4.")
@option("--json", "as_json", is_flag=True, help="As JSON, which a pact is shown as anyway.")
@remote_options
def pacts_command(
    remote: Remote, consumer: str | None, provider: str | None, specification: str | None, as_json: bool
) -> None:
    """List the pacts that were written, or show that of CONSUMER and PROVIDER.

    They are those of the output directory of the service, whoever wrote them.
    """
    if consumer is None:
        _check_list()
        _show_list(remote.client().pacts(), as_json)
    elif provider is None:
        raise click.UsageError("Name the provider too: pactmock pacts CONSUMER PROVIDER")
    else:
        _show(remote.client().pact(consumer, provider, specification=specification))


def _check_list() -> None:
    source = click.get_current_context().get_parameter_source("specification")
    if source is ParameterSource.COMMANDLINE:  # the environment may say it for other commands
        raise click.UsageError("Name the pact that is to be shown in another version: pactmock pacts CONSUMER PROVIDER")


def _show(document: object) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _show_list(listed: Pacts, as_json: bool) -> None:
    if as_json:
        _show(listed)
        return
    if listed["pacts"]:
        show_table(_COLUMNS, list(map(_row, listed["pacts"])))
    else:
        click.echo("No pacts were written.")
    for item in listed["unread"]:
        click.echo(f"{visible(item['file'])} cannot be read: {visible(item['problem'])}")


def _row(pact: ListedPact) -> tuple[str, ...]:
    return (
        pact["consumer"],
        pact["provider"],
        pact["specification"],
        str(pact["interactions"]),
        str(pact["messages"]),
        pact["written"].partition(".")[0].removesuffix("Z") + "Z",
        pact["file"],
    )
