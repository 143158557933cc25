"""`pactmock verify`: did all match? Then the pact file is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import click

from pactmock.cli.options import mock_server_options, remote_options
from pactmock.cli.remote import EXIT_MISMATCHES, Failure, Remote, no_such_server

Json = dict[str, Any]


@click.command("verify")
@mock_server_options
@remote_options
@click.pass_context
def verify_command(
    context: click.Context,
    key: str,
    remote: Remote,
) -> None:
    """Verify a mock server, and write its pact file if all matched.

    Exit codes: 0 all matched, 2 something did not, 3 no such mock server, others for errors.
    """
    reply = remote.call("POST", "mockserver", key, "verify")
    if reply.status == 404:
        raise no_such_server(key)
    if reply.status == 204:
        click.echo(f"Mock server {key} verified ok")
        return
    if reply.status == 422 and "error" not in reply.document:
        for line in report(key, reply.document["mismatches"]):
            click.echo(line)
        context.exit(EXIT_MISMATCHES)
    raise Failure(f"Mock server {key} could not be verified: {reply.error}")


def report(key: str, mismatches: list[Json]) -> Iterator[str]:
    """Yield the lines that tell a person what did not match, expected and actual side by side."""
    yield f"Mock server {key} failed verification with {len(mismatches)} problem(s):"
    for number, mismatch in enumerate(mismatches, 1):
        yield ""
        yield f"{number}) {_HEADLINES[mismatch['type']].format(target=_target(mismatch))}"
        yield from _explained(mismatch)


_HEADLINES = {
    "request-mismatch": "{target} did not match",
    "request-not-found": "{target} was not expected",
    "missing-request": "{target} was expected and never came",
    "plugin-mismatch": "{target} did not match",
}


def _explained(mismatch: Json) -> Iterator[str]:
    if mismatch["type"] == "plugin-mismatch":
        yield from _of_plugin(mismatch)
        return
    near = mismatch.get("nearMisses") or []
    if "interaction" in mismatch:
        yield f"   interaction: {_name(mismatch['interaction'])}"
    elif near:
        yield f"   nearest: {_name(near[0]['interaction'])}"
    yield from _markup(mismatch.get("interaction") or (near[0]["interaction"] if near else {}))
    if not near:
        return
    yield f"   matched: {', '.join(part['part'] for part in near[0]['parts'] if part['matched']) or 'nothing'}"
    for part in near[0]["parts"]:
        for detail in part["mismatches"]:
            yield from _detail(part["part"], detail)
    if near[0].get("advice"):
        yield f"   advice: {near[0]['advice']}"


def _of_plugin(mismatch: Json) -> Iterator[str]:
    """Yield what the mock server of a plugin's transport found."""
    if mismatch["error"]:
        yield f"   {mismatch['error']}"
    for detail in mismatch["mismatches"]:
        yield from _detail("body" if detail["type"] == "BodyMismatch" else "metadata", detail)


def _markup(interaction: Json) -> Iterator[str]:
    """Yield what a plugin says of an interaction, as it is: Markdown is made to be read."""
    for line in interaction.get("interactionMarkup", {}).get("markup", "").splitlines():
        yield f"   > {line}".rstrip()


def _detail(part: str, detail: Json) -> Iterator[str]:
    where = detail.get("path") or detail.get("key") or detail.get("parameter") or ""
    yield f"   - {part} {where}".rstrip() + f": {_text(detail)}"
    expected, actual = _side_by_side(detail.get("expected"), detail.get("actual"))
    for left, right in zip_longest(expected, actual, fillvalue=""):
        yield f"       {left:<{_WIDTH}} | {right}".rstrip()
    if detail.get("rule"):
        rule = detail["rule"]
        joined = f" {rule['combine']} ".join(json.dumps(item) for item in rule["matchers"])
        yield f"       decided by the rule at {rule['path'] or 'the whole part'}: {joined}"


def _text(detail: Json) -> str:
    return str(detail["mismatch"] or f"expected {detail['expected']} but was {detail['actual']}")


_WIDTH = 36
_MOST_LINES = 12


def _side_by_side(expected: object, actual: object) -> tuple[list[str], list[str]]:
    return ["expected", *_lines(expected)], ["actual", *_lines(actual)]


def _lines(value: object) -> list[str]:
    """Break a value into lines that fit into a column, and cut it short where there are too many."""
    text = "(nothing)" if value in (None, "") else str(value)
    lines = [line[start : start + _WIDTH] for line in text.splitlines() for start in range(0, len(line) or 1, _WIDTH)]
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], f"... {len(lines) - _MOST_LINES} more lines"]


def _target(mismatch: Json) -> str:
    return f"{mismatch['method']} {mismatch['path']}"


def _name(interaction: Json) -> str:
    states = ", ".join(state["name"] for state in interaction["providerStates"])
    return str(interaction["description"]) + (f" (given {states})" if states else "")
