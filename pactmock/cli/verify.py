"""`pactmock verify`: did all match? Then the pact file is written."""

from __future__ import annotations

import click

from pactmock.cli.options import mock_server_options, remote_options
from pactmock.cli.remote import EXIT_MISMATCHES, Failure, Remote, show_warning
from pactmock.errors import NoSuchMockServer, NotMatched, PactmockError
from pactmock.reports.visible import visible


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
    server = remote.client().find(key)
    try:
        verified = server.verify()
    except NotMatched as failure:
        click.echo(failure.message)
        context.exit(EXIT_MISMATCHES)
    except NoSuchMockServer:
        raise
    except PactmockError as error:
        raise Failure(f"Mock server {key} could not be verified: {visible(error.message)}") from None
    click.echo(f"Mock server {key} verified ok")
    if verified["notTested"]:
        from pactmock.reports.text import untested  # late: few pacts have messages

        click.echo(untested(verified["notTested"]))
    for warning in verified["warnings"]:
        show_warning(warning)
