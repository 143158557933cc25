"""`pactmock ruby`: what `pact-mock-service` is to the clients that start it (reference/ruby-api.md §10)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from pactmock.cli.failures import EXIT_ERROR
from pactmock.cli.serving.ruby_options import DAEMON, SHORT, STOP, NotTaken, read
from pactmock.errors import PactmockError
from pactmock.reports.visible import visible

_NAME = "pact-mock-service"
_VERSION = "3.11.2"
"""That of the last Ruby service that clients were published with: they look whether it is new enough."""


class _Ruby(click.Command):
    """Takes all that stands behind it as it is: the Ruby service read it in another way than click does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[-1] == "--help":
            return super().parse_args(ctx, ["--help"])
        ctx.params["arguments"] = tuple(args)
        return []

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in _VERBS.items()])
        with formatter.section("Options"):
            short = {name: f"{letter}, " for letter, name in SHORT.items()}
            listed = [(f"{short.get(name, '')}--{name}", text) for name, (_, text) in DAEMON.items()]
            formatter.write_dl([*listed, ("--help", "Show this message and exit.")])


@click.command(
    "ruby",
    cls=_Ruby,
    options_metavar="[VERB] [OPTIONS]",
    epilog="""\b
Examples:
  pactmock ruby install ~/bin
  pactmock ruby service --port 1234 --consumer Shop --provider Users -d pacts
""",
)
@click.argument("arguments", nargs=-1, metavar="", required=False)
def ruby_command(arguments: Sequence[str]) -> None:
    """Be the Ruby pact-mock-service for tests whose library starts it.

    Without a verb a service is started. What may be left out of a name or written
    with `_` is read as the Ruby one reads it.
    """
    verb, rest = (
        ("service", arguments) if not arguments or arguments[0].startswith("-") else (arguments[0], arguments[1:])
    )
    if verb.startswith("control"):
        _fail(f"'{verb}' is not there: no client uses it; start a service for each consumer and provider instead")
    if verb not in _VERBS:
        click.echo(f'Could not find command "{visible(verb)}".', err=True)
        return
    do, _ = _VERBS[verb]
    try:
        do(rest)
    except NotTaken as error:
        given = ", ".join(f'"{visible(word)}"' for word in error.words)
        click.echo(f'ERROR: "{_NAME} {verb}" was called with arguments [{given}]\nUsage: "{_NAME} {verb}"', err=True)
    except PactmockError as error:
        _fail(error.message)


def _fail(text: str) -> None:
    click.echo(f"Error: {visible(text)}", err=True)
    sys.exit(EXIT_ERROR)


def _serve(arguments: Sequence[str]) -> None:
    given = read(arguments)
    from pactmock.cli.serving.ruby_service import serve

    serve(given)


def _start(arguments: Sequence[str]) -> None:
    from pactmock.cli.serving import ruby_daemon

    ruby_daemon.start(arguments, read(arguments, DAEMON))


def _stop(arguments: Sequence[str]) -> None:
    from pactmock.cli.serving import ruby_daemon

    ruby_daemon.stop(read(arguments, STOP))


def _restart(arguments: Sequence[str]) -> None:
    from pactmock.cli.serving import ruby_daemon

    given = read(arguments, DAEMON)
    ruby_daemon.stop(given, tells=False)
    ruby_daemon.start(arguments, given)


def _show_version(arguments: Sequence[str]) -> None:
    read(arguments, {})
    click.echo(os.environ.get("PACTMOCK_RUBY_VERSION") or _VERSION)


def _install(arguments: Sequence[str]) -> None:
    from pactmock.cli.serving.ruby_install import install

    replaces = "--force" in arguments
    places = [word for word in arguments if word != "--force"]
    if len(places) != 1 or not places[0] or places[0].startswith("-"):
        _fail("Say where: pactmock ruby install DIRECTORY, one that stands in PATH before that of a Ruby service")
    for line in install(Path(places[0]), replaces=replaces):
        click.echo(line)


def _help(arguments: Sequence[str]) -> None:  # noqa: ARG001  of which verb, is the same
    click.echo(click.get_current_context().get_help())


_VERBS: Mapping[str, tuple[Callable[[Sequence[str]], None], str]] = {
    "service": (_serve, "Start a service, until it is ended."),
    "start": (_start, "Start one in a process of its own, on port 1234 or --port."),
    "stop": (_stop, "End the one that was started on a port."),
    "restart": (_restart, "End it, and start it anew."),
    "version": (_show_version, "Show the version of the Ruby service, or what PACTMOCK_RUBY_VERSION says."),
    "install": (_install, f"Put an executable {_NAME} into a directory; --force replaces one."),
    "help": (_help, "Show this."),
}
