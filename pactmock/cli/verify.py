"""`pactmock verify`: did all match? Then the pact file is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from pactmock.cli.options import mock_server_options, remote_options
from pactmock.cli.remote import EXIT_MISMATCHES, Failure, Remote, no_such_server


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


def report(key: str, mismatches: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines that tell a person what did not match."""
    yield f"Mock server {key} failed verification with {len(mismatches)} problem(s):"
    for number, mismatch in enumerate(mismatches, 1):
        yield ""
        yield f"{number}) {_HEADLINES[mismatch['type']].format(target=_target(mismatch))}"
        for role in ("interaction", "nearest"):
            if role in mismatch:
                yield f"   {role}: {_name(mismatch[role])}"
        for detail in mismatch.get("mismatches", ()):
            yield f"   - {_detail(detail)}"


_HEADLINES = {
    "request-mismatch": "{target} did not match",
    "request-not-found": "{target} was not expected",
    "missing-request": "{target} was expected and never came",
}


def _target(mismatch: dict[str, Any]) -> str:
    return f"{mismatch['method']} {mismatch['path']}"


def _name(interaction: dict[str, Any]) -> str:
    states = ", ".join(state["name"] for state in interaction["providerStates"])
    return str(interaction["description"]) + (f" (given {states})" if states else "")


def _detail(detail: dict[str, Any]) -> str:
    where = f"{detail['path']}: " if detail["type"] == "BodyMismatch" else ""
    return f"{detail['type'].removesuffix('Mismatch').lower()} {where}{detail['mismatch']}"
