"""`pactmock requests`: what a mock server received, also while it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.following import follow_option, followed
from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.options import examples, option
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer
    from pactmock.client.explained import Entry


@click.command(
    "requests", epilog=examples("requests --mock-server-port 9000 --failed", "requests --follow", "requests --json")
)
@follow_option
@option("--failed", is_flag=True, help="Only those that did not match.")
@option("--limit", type=click.IntRange(1), default=None, help="Only so many, the latest.")
@option("--json", "as_json", is_flag=True, help="As JSON: a list, or with --follow a document a line.")
@one_mock_server
def requests_command(server: RemoteMockServer, follow: bool, failed: bool, limit: int | None, as_json: bool) -> None:
    """List the requests that a mock server received.

    Each has its number, of which `pactmock explain NUMBER` says more.
    """
    matched = False if failed else None
    if follow:
        last = 0

        def show() -> None:
            nonlocal last
            for entry in server.requests(since=last, limit=None if last else limit, matched=matched):
                last = entry["number"]
                _show(json.dumps(entry, ensure_ascii=False) if as_json else entry)

        followed(show)
        return
    found = server.requests(limit=limit, matched=matched)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif not found:
        click.echo(f"No request {'failed' if failed else 'was received'}.")
    else:
        for entry in found:
            _show(entry)


def _show(entry: Entry | str) -> None:
    for line in [entry] if isinstance(entry, str) else _lines(entry):
        click.echo(line)


def _lines(entry: Entry) -> Iterator[str]:
    """Yield what was asked and answered, and why where that is not what was expected."""
    verdict = click.style("ok    ", fg="green") if entry["matched"] else click.style("failed", fg="red")
    when = datetime.fromisoformat(entry["received"]).astimezone().strftime("%H:%M:%S")
    start, status = f"{when}  {entry['number']:>3}  {verdict}", entry["response"]["status"]
    if entry["outcome"] == "Refused":
        yield f"{start}  refused -> {status}"
        yield f"  {visible(entry['reason'])}"
        return
    request = entry["request"]
    query = f"?{request['query']}" if request["query"] else ""
    late = "  late: it counts for nothing" if entry["late"] else ""
    if entry["afterVerdict"] is not None:
        late = f"  late: {entry['afterVerdict']:.3f} seconds after the verdict"
    if entry.get("unconfirmed"):
        late = "  unconfirmed: nobody knows that it was answered, so it is no match"
    yield f"{start}  {visible(request['method'])} {visible(request['path'] + query)} -> {status}{late}"
    if not entry["matched"]:
        yield f"  {visible(entry['sentence'])}"
