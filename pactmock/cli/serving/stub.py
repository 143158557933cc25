"""`pactmock stub`: all pacts of a directory on one port, any number of times, nothing verified."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from typing import Any

import click

import pactmock
from pactmock.cli.failures import EXIT_ERROR
from pactmock.cli.options import examples
from pactmock.cli.serving.ending import ENDING
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.cli.serving.log import log_to_stderr
from pactmock.cli.serving.stub_options import local_of, options_of, remote_of, stub_options
from pactmock.errors import PactmockError
from pactmock.stub.options import StubOptions

_EXIT_NOT_LOADED = 3
_WITH_EQUALS = re.compile(r"(-[a-zA-Z])=(.+)", re.DOTALL)
logger = logging.getLogger("pactmock.stub")


class _StubCommand(click.Command):
    """Takes what users of pact-stub-server write, `-p=8080` too, and ends as they are used to."""

    exit_code_of_wrong_use = 2

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [_WITH_EQUALS.sub(r"\1\2", argument, count=1) for argument in args])


def _show_version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"pactmock stub, version {pactmock.__version__}")
        context.exit()


@click.command(
    "stub",
    cls=_StubCommand,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples("stub pacts --port 8080 --cors", "stub --dir pacts --watch"),
)
@stub_options
@click.option(
    "-v", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def stub_command(**options: Any) -> None:
    """Answer from all pacts of directories, files and URLs on one port.

    A request that fits no interaction gets a 404 that says why. Nothing is verified; headers never refuse a request.
    """
    local, settings = local_of(options), options_of(options)
    try:
        with (
            log_to_stderr(options["loglevel"], options["log_format"]),
            asyncio.Runner(loop_factory=loop_factory()) as runner,
        ):
            runner.run(_serve(local, settings, options))
    except PactmockError as error:
        from pactmock.stub.running import NotLoaded

        if isinstance(error, NotLoaded):
            click.echo("\n".join([error.problem, *(f"  - {problem}" for problem in error.problems)]), err=True)
            sys.exit(_EXIT_NOT_LOADED)
        click.echo(f"Error: {error.message}", err=True)
        sys.exit(EXIT_ERROR)


async def _serve(local: Any, settings: StubOptions, options: dict[str, Any]) -> None:
    from pactmock.server.host import canonical
    from pactmock.server.options import MockServerOptions
    from pactmock.stub.running import Stub, summary

    wire = MockServerOptions(host=canonical(options["host"]), port=options["port"])
    stub = Stub(remote_of(local, options), settings, wire)
    edition = await stub.load()
    click.echo(summary(edition))
    port = await stub.start(edition)
    ended = asyncio.Event()
    ENDING.watch_over(ended.set)
    click.echo(f"Server started on port {port}")
    if options["watch"]:
        _watch(stub, local)
    sys.stdout.flush()
    await ended.wait()
    ENDING.begin()
    await stub.close()


def _watch(stub: Any, local: Any) -> None:
    places = [*local.files, *local.directories]
    if not places:
        logger.warning("--watch: there are no files and directories to watch")
        return
    stub.watch()
    click.echo("Watching for changes in: " + ", ".join(f'"{place}"' for place in places))
