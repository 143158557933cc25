"""What holds for all commands: help at `-h` where that is no host, summaries that are not cut, hints at wrong use."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.core import ParameterSource

_EXIT_ERROR = 1  # click's is 2, which says here that something did not match
_MEANT = {
    "address": "--host",
    "bind": "--host",
    "broker": "--pact",
    "debug": "--loglevel",
    "dir": "--output",
    "format": "--report",
    "https": "--tls",
    "pact": "--file",
    "query": "--mock-server-id",
    "server": "--mock-server-id",
    "ssl": "--tls",
    "verbose": "--loglevel",
    "version": "--specification",
}
"""Which option is meant by a word that other tools have in the names of theirs."""
_OF_A_COMMAND, _OF_AN_OPTION = 0.6, 0.75
"""How much of two names is the same where one of them is the other, mistyped. Options have many words in common."""


class Group(click.Group):
    """Commands, or commands below one."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _hints():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _hints():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(f"No such command '{args[0]}': {_similar(args[0], self.list_commands(ctx))}", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        has_host = command is not None and any("-h" in parameter.opts for parameter in command.params)
        if has_host and rest[-1:] == ["-h"]:  # who means the host says which
            rest[-1] = "--help"
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries(ctx)))

    def summaries(self, ctx: click.Context) -> Iterator[tuple[str, str]]:
        """Yield each command and what it does, whole."""
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                yield name, command.get_short_help_str(limit=1000)


@contextmanager
def _hints() -> Iterator[None]:
    """Have wrong use end with the exit code of an error, and name the option that is meant."""
    try:
        yield
    except click.UsageError as error:
        hint = _hint(error) if error.ctx is not None else ""
        problem = error.format_message() if isinstance(error, click.BadParameter) else error.message
        told = click.UsageError(f"{problem.removesuffix('.')}: {hint}", error.ctx) if hint else error
        told.exit_code = getattr(error.ctx and error.ctx.command, "exit_code_of_wrong_use", _EXIT_ERROR)  # type: ignore[misc]  # click reads it from the instance
        raise told from None


def _hint(error: click.UsageError) -> str:
    assert error.ctx is not None  # noqa: S101  for the type checker
    known = [name for parameter in error.ctx.command.params for name in parameter.opts if name.startswith("--")]
    if isinstance(error, click.NoSuchOption):
        meant = list(_options_meant(error, known))
        return f"{' or '.join(meant)} may be meant" if meant else f"`{error.ctx.command_path} --help` lists them"
    if isinstance(error, click.BadParameter):
        variable = _variable_of(error.ctx, error.param)
        return f"{variable} of the environment says so" if variable else ""
    if "unexpected extra argument" not in error.message:
        return ""
    given = error.message.partition("(")[2].partition(")")[0].split(" ")[0]
    if "--mock-server-port" in known:
        return f"name the mock server with --mock-server-{'port' if given.isdigit() else 'id'} {given}"
    return f"name the pact with --file {given}" if "--file" in known else ""


def _variable_of(context: click.Context, parameter: click.Parameter | None) -> str | None:
    """Return the variable that has given the value of a parameter, where click does not name it; else None."""
    if parameter is None or context.get_parameter_source(parameter.name or "") is not ParameterSource.ENVIRONMENT:
        return None
    if getattr(parameter, "show_envvar", False):
        return None
    names = [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar or ()
    return next(filter(os.environ.get, names), None)


def _options_meant(error: click.NoSuchOption, known: list[str]) -> Iterable[str]:
    """Return the options that may be meant: by how they are written, by habit, by a part of their names.

    The last word of a name says most, and may be the name here: `--server-url` is `--url`.
    """
    words = error.option_name.strip("-").split("-")
    alike = _alike(error.option_name.strip("-"), [name.strip("-") for name in known], _OF_AN_OPTION)
    by_habit = [name for word in reversed(words) for name in (f"--{word}", _MEANT.get(word)) if name in known]
    by_part = [name for name in known if set(words) & set(name.strip("-").split("-"))]
    return [f"--{name}" for name in alike] or filter(None, by_habit[:1] or by_part)


def _similar(given: str, names: list[str]) -> str:
    found = _alike(given, names, _OF_A_COMMAND)
    return f"'{found[0]}' may be meant" if found else "`pactmock --help` lists them"


def _alike(given: str, names: list[str], cutoff: float) -> list[str]:
    from difflib import get_close_matches  # late: most use is right

    return get_close_matches(given, names, cutoff=cutoff)
