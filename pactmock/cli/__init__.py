"""The command line, `pactmock`. Each command is a file, read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import click

import pactmock
from pactmock.cli.group import Group
from pactmock.cli.output.colour import no_colour_option
from pactmock.cli.serving.ending import ENDING
from pactmock.cli.serving.garbage import leave_garbage
from pactmock.cli.streams import open_closed_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMMANDS = {
    "start": ("serving.start", "Start the service: the control API, and the mock servers that are asked for."),
    "run": ("serving.run", "Run COMMAND with a mock server for each pact, then verify, and write what matched."),
    "create": ("asking.create", "Create a mock server from a pact file, or a contract."),
    "list": ("asking.listing", "List the mock servers that run."),
    "requests": ("asking.requests", "List the requests that a mock server received."),
    "logs": ("asking.logs", "Show the log of a mock server."),
    "events": ("asking.events", "Follow what happens to all mock servers, or to one."),
    "explain": ("asking.explain", "Say whether a request matches, and if not, what came near."),
    "wait": ("asking.wait", "Wait until a mock server has received all that is expected."),
    "messages": ("asking.messages", "List the messages of a pact, hand them out, and say what became of them."),
    "pact": ("asking.pact", "Show the pact of a mock server as it would be written, or write it."),
    "pacts": ("asking.pacts", "List the pacts that were written, or show that of CONSUMER and PROVIDER."),
    "verify": ("asking.verify", "Verify a mock server, or all, and write the pact of each that matched."),
    "shutdown": ("asking.shutdown", "Stop a mock server, or all, and free its port."),
    "shutdown-master": ("asking.shutdown", "End the service and all its mock servers."),
    "health": ("asking.health", "Ask the service whether it is well; exit code 0 when it is."),
    "ca": ("asking.ca", "Write the certificate that clients of mock servers with TLS have to trust to FILE."),
    "fault": ("asking.fault", "Delay the answers of an INTERACTION, or send faults instead."),
    "stub": ("serving.stub", "Answer from all pacts of directories, files and URLs on one port."),
    "ruby": ("serving.ruby", "Be the Ruby pact-mock-service for tests whose library starts it."),
    "plugin": ("plugin", "Show, check, package and run plugins."),
}
"""Where each command is in `pactmock.cli`, and what it does: the list of them must not have to read them all."""


_EPILOG = """\b
Examples:
  pactmock start
  pactmock create --file pacts/web-users-api.json
  pactmock verify --all
"""


class _Commands(Group):
    """The commands, each imported when it is used: `pactmock health` must not load a web server."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        open_closed_streams()
        if args[0] in {"start", "stub", "ruby"}:
            ENDING.hear_signals()  # now, as to import a web server takes most of the time until it listens
        elif args[0] == "run":
            from pactmock.cli.serving.passing import PASSING

            PASSING.hear_signals()
        if args[0] in {"start", "run"}:
            leave_garbage()  # before they are imported, which is most of their start; they look for it when they listen
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(f"pactmock.cli.{module}"), f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)  # noqa: S101  for the type checker
        return command

    def summaries(self, ctx: click.Context) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        return ((name, text) for name, (_, text) in _COMMANDS.items())

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        named = [CompletionItem(name, help=text) for name, text in self.summaries(ctx) if name.startswith(incomplete)]
        return named + click.Command.shell_complete(self, ctx, incomplete)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(pactmock.__version__, "-v", "--version", prog_name="pactmock")
@no_colour_option
def main() -> None:
    """The Pact mock server as a service.

    Every option can also be given by the environment: --server-key as PACTMOCK_SERVER_KEY, and likewise.
    """
