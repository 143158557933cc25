"""The command line, `pactmock`. Each command is a file, read when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

import pactmock
from pactmock.cli.ending import ENDING

_COMMANDS = {
    "start": ("pactmock.cli.start", "Start the service: the control API, and the mock servers that are asked for."),
    "run": ("pactmock.cli.run", "Run COMMAND with a mock server for each pact, then verify, and write what matched."),
    "create": ("pactmock.cli.create", "Create a mock server from a pact file, or a contract."),
    "list": ("pactmock.cli.listing", "List the mock servers that run."),
    "verify": ("pactmock.cli.verify", "Verify a mock server, or all, and write the pact of each that matched."),
    "shutdown": ("pactmock.cli.shutdown", "Stop a mock server and free its port."),
    "shutdown-master": ("pactmock.cli.shutdown", "End the service and all its mock servers."),
    "health": ("pactmock.cli.health", "Ask the service whether it is well; exit code 0 when it is."),
    "stub": ("pactmock.cli.stub", "Answer from all pacts of directories, files and URLs on one port."),
    "plugin": ("pactmock.cli.plugin", "Show, check, package and run plugins."),
}
"""Where each command is, and what it does: the list of them must not have to read them all."""


class _Commands(click.Group):
    """The commands, each imported when it is used: `pactmock health` must not load a web server."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in {"start", "stub"}:
            ENDING.hear_signals()  # now, as to import a web server takes most of the time until it listens
        elif args[0] == "run":
            from pactmock.cli.passing import PASSING

            PASSING.hear_signals()
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(module), f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)  # noqa: S101  for the type checker
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["--help"]})
@click.version_option(pactmock.__version__, "-v", "--version", prog_name="pactmock")
def main() -> None:
    """The Pact mock server as a service.

    Every option can also be given by the environment: --server-key as PACTMOCK_SERVER_KEY, and likewise.
    """
