"""`pactmock verify`: did all match? Then the pact file is written."""

from __future__ import annotations

import click

from pactmock.cli.options import mock_server_options, remote_options
from pactmock.cli.remote import EXIT_MISMATCHES, Failure, Remote, no_such_server, show_warning
from pactmock.reports import json as json_report
from pactmock.reports.text import report, untested


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
        for warning in reply.warnings:
            show_warning(warning)
        if reply.not_tested:
            click.echo(untested(reply.not_tested))
        return
    if reply.status == 422 and "error" not in reply.document:
        explanations = list(map(json_report.read, reply.document["mismatches"]))
        title = f"Mock server {key} failed verification with {len(explanations)} problem(s):"
        click.echo("\n".join(report(title, explanations, reply.warnings, reply.not_tested)))
        context.exit(EXIT_MISMATCHES)
    raise Failure(f"Mock server {key} could not be verified: {reply.error}")
