"""`pactmock explain`: would this request match, or why did that one not? Nothing is noted."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.asking.options import one_mock_server
from pactmock.cli.failures import EXIT_MISMATCHES, Failure
from pactmock.cli.options import examples, option
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer


def _checked(_context: click.Context, _parameter: click.Parameter, what: Sequence[str]) -> Sequence[str]:
    if len(what) == 2 or (len(what) == 1 and what[0].isdigit() and what[0].isascii()):
        return what
    raise click.UsageError("Give the number of a request, or a method and a target, such as GET /users/1")


@click.command(
    "explain",
    epilog=examples(
        "explain 3",
        "explain GET '/users/2?full=yes' -H 'Accept: application/json'",
        "explain POST /users -d @user.json",
    ),
)
@click.argument("what", nargs=-1, required=True, metavar="NUMBER | METHOD TARGET", callback=_checked)
@option("-H", "--header", "headers", multiple=True, help="A header of the request, as 'Name: value'; repeatable.")
@option("-d", "--data", default=None, help="The body, or @ and its file: JSON or plain text, if no header says.")
@option("--json", "as_json", is_flag=True, help="As JSON, with all that came near.")
@one_mock_server
@click.pass_context
def explain_command(
    context: click.Context,
    server: RemoteMockServer,
    what: Sequence[str],
    headers: Sequence[str],
    data: str | None,
    as_json: bool,
) -> None:
    """Say whether a request matches, and if not, what came near.

    NUMBER is that of one that was received, as `pactmock requests` lists them; METHOD and TARGET are of any other.

    Exit codes: 0 it matches, 2 it does not, 3 no such mock server, others for errors.
    """
    if len(what) == 1:
        document: Any = server.request(int(what[0]))
        target = _target(document.get("request"))
    else:
        request = _request(what[0], what[1], headers, data)
        document, target = server.explain(request), {"method": what[0].upper(), "path": what[1]}
    click.echo(json.dumps(document, indent=2, ensure_ascii=False) if as_json else _text(document, target))
    context.exit(0 if document["matched"] else EXIT_MISMATCHES)


def _target(request: Mapping[str, Any] | None) -> dict[str, str]:
    if request is None:
        return {"method": "", "path": ""}
    query = f"?{request['query']}" if request["query"] else ""
    return {"method": request["method"], "path": request["path"] + query}


def _request(method: str, target: str, headers: Sequence[str], data: str | None) -> dict[str, Any]:
    """Make a request as a pact file has it."""
    path, _, query = target.partition("?")
    lines = list(map(_header, headers))
    request: dict[str, Any] = {"method": method, "path": path} | ({"query": query} if query else {})
    if data is not None:
        content = _content(data)
        if not any(name.lower() == "content-type" for name, _ in lines):
            lines.append(("Content-Type", _guessed(content)))
        (kind, *_) = [text for name, text in lines if name.lower() == "content-type"]
        request["body"] = {"content": b64encode(content).decode(), "contentType": kind, "encoded": "base64"}
    names = {name for name, _ in lines}
    return request | {"headers": {name: [text for key, text in lines if key == name] for name in names}}


def _header(line: str) -> tuple[str, str]:
    name, colon, text = line.partition(":")
    if not colon or not name.strip():
        raise Failure(f"--header '{visible(line)}' is no header: write it as 'Name: value'")
    return name.strip(), text.strip()


def _content(data: str) -> bytes:
    if not data.startswith("@"):
        return data.encode(errors="surrogateescape")
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise Failure(f"The body in {visible(data[1:])} cannot be read: {error.strerror or error}") from None


def _guessed(content: bytes) -> str:
    try:
        json.loads(content)
    except RecursionError:  # as far as it was read, it is
        return "application/json"
    except ValueError:
        return "text/plain"
    return "application/json"


def _text(document: Mapping[str, Any], target: Mapping[str, str]) -> str:
    if document["outcome"] == "Refused":
        return f"Request {document['number']} was refused: {visible(document['reason'])}"
    if document["matched"] or not document["nearMisses"]:
        return visible(document["sentence"])
    from pactmock.reports import json as json_report  # late: what compares is only loaded for what did not match
    from pactmock.reports.paragraph import headline, paragraph

    kind = {outcome: name for name, outcome in json_report.OUTCOMES.items()}[document["outcome"]]
    explanation = json_report.read({**document, **target, "type": kind, "received": target})
    lines = [headline(explanation), *paragraph(explanation)]
    for near in explanation.near[1:]:
        wrong = ", ".join(part.part for part in near.parts if not part.matched)
        lines.append(f"   less near: {visible(near.interaction.description)}, which differs in {wrong}")
    return "\n".join(lines)
