"""`pactmock messages`: the messages of a pact, for tests of code that receives them, in any language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.failures import EXIT_MISMATCHES, Failure
from pactmock.cli.options import examples, option
from pactmock.cli.output.table import show_table
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pactmock.client.blocking import RemoteMockServer
    from pactmock.client.documents import ListedMessage

_COLUMNS = ("Key", "Message", "Asked", "Handled", "Failed")


@click.command(
    "messages",
    epilog=examples(
        "messages", "messages --hand-out 5d41402abc4b2a76 > message.json", "messages --handled 5d41402abc4b2a76"
    ),
)
@option("--hand-out", metavar="KEY", default=None, help="Hand out the message with this key, as JSON.")
@option("--handled", metavar="KEY", default=None, help="Say that the message with this key was handled.")
@option("--error", default=None, help="With --handled: what went wrong when it was.")
@option("--reply", metavar="JSON", multiple=True, help="With --handled: what it was answered by; repeatable.")
@option("--delivery", type=click.IntRange(1), default=None, help="With --handled: which delivery; by default the last.")
@option("--json", "as_json", is_flag=True, help="List them as JSON.")
@one_mock_server
@click.pass_context
def messages_command(
    context: click.Context, /, server: RemoteMockServer, hand_out: str | None, handled: str | None, **options: Any
) -> None:
    """List the messages of a pact, hand them out, and say what became of them.

    Exit codes: 0 fine, 2 a message was not handled as is expected, 3 no such mock server, others for errors.
    """
    if hand_out is not None and handled is not None:
        raise click.UsageError("A message is handed out first: give --hand-out or --handled, not both")
    if hand_out is not None:
        click.echo(json.dumps(server.hand_out(hand_out), indent=2, ensure_ascii=False))
    elif handled is not None:
        _settle(context, server, handled, options["error"], options["reply"], options["delivery"])
    else:
        _list(server.messages(), as_json=options["as_json"])


def _list(messages: list[ListedMessage], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(messages, indent=2, ensure_ascii=False))
    elif not messages:
        click.echo("The pact has no messages.")
    else:
        rows = [
            (item["key"], item["description"], *(str(item[name]) for name in ("asked", "handled", "failed")))
            for item in messages
        ]
        show_table(_COLUMNS, rows)


def _settle(
    context: click.Context,
    server: RemoteMockServer,
    key: str,
    error: str | None,
    replies: Sequence[str],
    delivery: int | None,
) -> None:
    settled = server.settle(key, error=error, replies=list(map(_document, replies)), delivery=delivery)
    if settled["mismatch"] is None:
        click.echo(f"The message {visible(key)} was handled as is expected.")
        return
    from pactmock.reports import json as json_report  # late: most messages are handled
    from pactmock.reports.paragraph import headline, paragraph

    explanation = json_report.read(settled["mismatch"])
    click.echo("\n".join([headline(explanation), *paragraph(explanation)]))
    context.exit(EXIT_MISMATCHES)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Failure(f"--reply {visible(text)} is not JSON: {error}") from None
    except RecursionError:
        raise Failure("--reply is nested more deeply than can be read: make it flatter") from None
