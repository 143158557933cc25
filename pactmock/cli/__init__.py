"""The command line, `pactmock`. Each command is a file, read when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

import pactmock
from pactmock.cli.ending import ENDING

_COMMANDS = {
    "start": "pactmock.cli.start",
    "create": "pactmock.cli.create",
    "list": "pactmock.cli.listing",
    "verify": "pactmock.cli.verify",
    "shutdown": "pactmock.cli.shutdown",
    "shutdown-master": "pactmock.cli.shutdown",
    "health": "pactmock.cli.health",
    "plugin": "pactmock.cli.plugin",
}


class _Commands(click.Group):
    """The commands, each imported when it is used: `pactmock health` must not load a web server."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] == "start":
            ENDING.hear_signals()  # now, as to import a web server takes most of the time until it listens
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(module), f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)  # noqa: S101  for the type checker
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["--help"]})
@click.version_option(pactmock.__version__, "-v", "--version", prog_name="pactmock")
def main() -> None:
    """The Pact mock server as a service.

    Every option can also be given by the environment: --server-key as PACTMOCK_SERVER_KEY, and likewise.
    """
