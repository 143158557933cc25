"""Options that say which service is asked, and which of its mock servers is meant."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import EXIT_NO_SUCH_SERVER, Failure, failures, no_such_server
from pactmock.cli.options import LEVELS, option
from pactmock.cli.output.colour import no_colour_option
from pactmock.errors import NoSuchMockServer

if TYPE_CHECKING:
    from pactmock.client.blocking import RemoteMockServer


def remote_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which service to talk to; the command gets it as `remote`."""

    @wraps(command)
    def run(
        port: int,
        host: str,
        url: str | None,
        token: str | None,
        token_file: Path | None,
        loglevel: str,  # noqa: ARG001
        **others: Any,
    ) -> None:
        with failures():
            token, token_file = _secret(token, token_file)
            command(remote=Remote(host, port, token, token_file, _url(url)), **others)

    return _add(
        run,
        option("-p", "--port", type=click.IntRange(0, 65535), default=8080, help="Port of the service."),
        option("-h", "--host", default="127.0.0.1", help="Host of the service."),
        option("--url", default=None, help="URL of the service, in place of host and port."),
        option("--token", default=None, help="The token that the service was started with."),
        option("--token-file", type=_FILE, default=None, help="A file with that token."),
        option(
            "-l",
            "--loglevel",
            "--log-level",
            type=click.Choice(LEVELS),
            default="warn",
            help="Taken from scripts of the Rust client; nothing is logged.",
        ),
        no_colour_option,
    )


_FILE = click.Path(path_type=Path, dir_okay=False)


def _secret(token: str | None, file: Path | None) -> tuple[str | None, Path | None]:
    """Return the token or its file: what the command line says before the environment, and there the token."""
    source = click.get_current_context().get_parameter_source
    is_said = {name: source(name) is ParameterSource.COMMANDLINE for name in ("token", "token_file")}
    if all(is_said.values()):
        raise click.UsageError("Say the token with --token or with --token-file")
    return (None, file) if token is None or is_said["token_file"] else (token, None)


def _url(url: str | None) -> str | None:
    """Return the URL of the service, if that is how it is named: on the command line before the environment."""
    source = click.get_current_context().get_parameter_source
    by_port = any(source(name) is ParameterSource.COMMANDLINE for name in ("port", "host"))
    if by_port and source("url") is ParameterSource.COMMANDLINE:
        raise click.UsageError("Name the service with --url, or with --host and --port")
    return None if by_port else url


def mock_servers_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which mock server is meant, and `--all`.

    The command gets an id, name or port as `key`, or None where all are meant.
    """

    @wraps(command)
    def run(
        mock_server_id: str | None,
        mock_server_port: int | None,
        all: bool,  # noqa: A002  as the option is called
        **others: Any,
    ) -> None:
        port = None if mock_server_port is None else str(mock_server_port)
        named = [key for key in (mock_server_id, port) if key is not None]
        if len(named) + all != 1:
            raise click.UsageError(
                "Name the mock server with --mock-server-id or with --mock-server-port, or have --all"
            )
        key = None if all else named[0]
        try:
            command(key=key, **others)
        except NoSuchMockServer:
            if key is None:
                raise
            raise no_such_server(key) from None

    return _add(run, option("--all", is_flag=True, help="All mock servers that run."), *_WHICH)


def one_mock_server(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which mock server is meant, and where; the command gets it as `server`.

    Where only one runs, nobody has to name it: these commands change nothing that could not be had again.
    """

    @wraps(command)
    def run(mock_server_id: str | None, mock_server_port: int | None, remote: Remote, **others: Any) -> None:
        key = _key(mock_server_id, mock_server_port)
        server = _only_one(remote) if key is None else None
        try:
            command(server=server or remote.client().find(str(key)), **others)
        except NoSuchMockServer:
            raise no_such_server(key or str(server)) from None

    return _add(remote_options(run), *_WHICH)


def all_or_one(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that may say which mock server is meant, and where.

    The command gets it as `source`, or the client of the service where all are meant.
    """

    @wraps(command)
    def run(mock_server_id: str | None, mock_server_port: int | None, remote: Remote, **others: Any) -> None:
        key = _key(mock_server_id, mock_server_port)
        try:
            command(source=remote.client() if key is None else remote.client().find(key), **others)
        except NoSuchMockServer:
            raise no_such_server(str(key)) from None

    return _add(remote_options(run), *_WHICH)


def _key(mock_server_id: str | None, mock_server_port: int | None) -> str | None:
    if mock_server_id is not None and mock_server_port is not None:
        raise click.UsageError("Name the mock server with --mock-server-id or --mock-server-port, not with both")
    return mock_server_id if mock_server_port is None else str(mock_server_port)


def _only_one(remote: Remote) -> RemoteMockServer:
    servers = remote.client().servers()
    if not servers:
        raise Failure("No mock servers are running: `pactmock create` makes one", EXIT_NO_SUCH_SERVER)
    if len(servers) > 1:
        raise click.UsageError(
            f"{len(servers)} mock servers are running: name one with --mock-server-id or with --mock-server-port"
        )
    return servers[0]


_WHICH = (
    option(
        "-i",
        "--mock-server-id",
        default=None,
        help="The id or the name of the mock server, as `pactmock list` shows them.",
    ),
    option("-m", "--mock-server-port", type=int, default=None, help="The port of the mock server."),
)


def _add(command: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    for add in reversed(options):
        command = add(command)
    return command
