"""`pactmock events`: what happens to all mock servers of a service, or to one, as it happens."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import all_or_one
from pactmock.cli.options import examples, option
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import Client, RemoteMockServer
    from pactmock.client.documents import Event


@click.command("events", epilog=examples("events", "events --mock-server-port 9000 --json"))
@option("--json", "as_json", is_flag=True, help="As JSON, a document a line.")
@all_or_one
def events_command(source: Client | RemoteMockServer, as_json: bool) -> None:
    """Follow what happens to all mock servers, or to one.

    It ends with that one, with the service, or by Ctrl-C.
    """
    with contextlib.suppress(KeyboardInterrupt), source.events() as events:
        click.echo(f"Following {source.url}; Ctrl-C ends that.", err=True)
        for event in events:
            for line in [json.dumps(event, ensure_ascii=False)] if as_json else _lines(event):
                click.echo(line)
            sys.stdout.flush()  # who reads it may be a pipe
        click.echo("Nothing more comes: it has ended.", err=True)


def _lines(event: Event) -> Iterator[str]:
    """Yield what happened, and for a request why it is not what was expected."""
    if event["event"] == "missed":
        yield f"{event['missed']} event(s) are missing here: they came faster than they were read"
        return
    when = datetime.fromisoformat(event["time"]).astimezone().strftime("%H:%M:%S")
    scope = f"  scope {event['scope']}" if event.get("scope") else ""
    yield f"{when}  {event['server']}  {_named(event)}  {visible(_said(event))}{scope}"
    if event.get("sentence"):
        yield f"  {visible(str(event['sentence']))}"


def _named(event: Event) -> str:
    name = f"{event['event']:18}"  # styled behind this, as colours would count
    return click.style(name, fg="red") if event.get("matched") is False else name


def _said(event: Event) -> str:
    if "number" in event:
        query = f"?{event['query']}" if event["query"] else ""
        after = event["afterVerdict"]
        late = "" if after is None else f"  late: {after:.3f} seconds after the verdict"
        return f"{event['method'] or '?'} {event['path'] or '?'}{query} -> {event['status']}{late}"
    if event["event"] == "verdict.given":
        return "all matched" if event["matched"] else f"{event['mismatches']} problem(s)"
    if event["event"] == "message.handled":
        return event["description"] + (f": {event['error']}" if event["error"] else "")
    where = event.get("url") or event.get("path") or ""
    return " ".join(text for text in (event.get("title", ""), where) if text)
