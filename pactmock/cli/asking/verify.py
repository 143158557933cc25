"""`pactmock verify`: did all match? Then the pact file is written, and reports are where they were wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pactmock.cli.asking.options import mock_servers_options, remote_options
from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import EXIT_ERROR, EXIT_MISMATCHES, EXIT_NO_SUCH_SERVER, Failure, show_warning
from pactmock.cli.options import examples
from pactmock.cli.output.colour import painted
from pactmock.cli.output.reporting import report_option, reports_to
from pactmock.client.blocking import RemoteMockServer
from pactmock.errors import NoSuchMockServer, NotMatched, PactmockError
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.reports.report import Report


@click.command(
    "verify", epilog=examples("verify --mock-server-port 9000", "verify --all --report junit=pact.xml --report github")
)
@mock_servers_options
@report_option
@remote_options
@click.pass_context
def verify_command(context: click.Context, key: str | None, report: Sequence[str], remote: Remote) -> None:
    """Verify a mock server, or all, and write the pact of each that matched.

    Exit codes: 0 all matched, 2 something did not, 3 no such mock server, others for errors.
    """
    if key is not None and not report:
        _verify(context, key, remote.client().find(key))
        return
    with reports_to(report) as reports:
        client = remote.client()
        found = client.servers() if key is None else [client.find(key)]
        if not found:
            raise Failure("No mock servers are running, so nothing was verified", EXIT_NO_SUCH_SERVER)
        verified = _report_on(found)
        reports.deliver(verified, _text(verified, key))
        for server in verified.servers if key is not None else ():
            for warning in server.warnings if server.passed else ():
                show_warning(warning)
    if key is not None and verified.servers[0].error:
        raise Failure(_NOT_VERIFIED.format(key=key, why=visible(verified.servers[0].error)))
    if not verified.passed:
        is_mismatch = any(not server.matched for server in verified.servers)
        context.exit(EXIT_MISMATCHES if is_mismatch else EXIT_ERROR)


def _verify(context: click.Context, key: str, server: RemoteMockServer) -> None:
    """Verify in the words of the Rust client."""
    try:
        verified = server.verify()
    except NotMatched as failure:
        click.echo(painted(failure.message))
        context.exit(EXIT_MISMATCHES)
    except NoSuchMockServer:
        raise
    except PactmockError as error:
        raise Failure(_NOT_VERIFIED.format(key=key, why=visible(error.message))) from None
    click.echo(painted(_VERIFIED.format(key=key)))
    if verified["notTested"]:
        from pactmock.reports.text import untested  # late: few pacts have messages

        click.echo(untested(verified["notTested"]))
    for warning in verified["warnings"]:
        show_warning(warning)


_VERIFIED = "Mock server {key} verified ok"
_NOT_VERIFIED = "Mock server {key} could not be verified: {why}"


def _report_on(servers: Sequence[RemoteMockServer]) -> Report:
    """Verify mock servers, one after the other, and put what is said of them into one report."""
    from pactmock.reports.document import read_report
    from pactmock.reports.report import Report

    told = [server.report_verified("json") for server in servers]
    try:
        found = [read_report(json.loads(text)) for text in told]
    except (ValueError, LookupError, TypeError):
        raise Failure(
            "What the service answered is no report that this command can read: use the pactmock that the service is"
        ) from None
    return Report(tuple(server for report in found for server in report.servers))


def _text(report: Report, key: str | None) -> str:
    """Say it in the words of the Rust client where one mock server is meant."""
    from pactmock.reports import text

    if key is None:
        return text.render(report)
    (server,) = report.servers
    if not server.matched:
        title = f"Mock server {key} failed verification with {len(server.explanations)} problem(s):"
        return "\n".join(text.on_server(title, server))
    if server.error:
        return ""
    untested = [text.untested(server.not_tested)] if server.not_tested else []
    return "\n".join([_VERIFIED.format(key=key), *untested])
