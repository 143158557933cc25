"""`pactmock start`: the service, until a signal or a caller ends it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

import pactmock
from pactmock.cli.failures import EXIT_ERROR
from pactmock.cli.options import examples
from pactmock.cli.serving.ending import ENDING
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.cli.serving.garbage import look_for_garbage
from pactmock.cli.serving.log import log_to_stderr
from pactmock.cli.serving.port_file import forget, told_in
from pactmock.cli.serving.start_options import settings_of, start_options
from pactmock.errors import PactmockError, WriteFailed
from pactmock.pact.directory.store import check_directory
from pactmock.reports.visible import visible
from pactmock.service.settings import ServiceSettings

if TYPE_CHECKING:
    from pactmock.cli.serving.given import Sources
    from pactmock.control.running import Service
    from pactmock.service.playlist import Playlist

logger = logging.getLogger("pactmock")


@click.command("start", epilog=examples("start", "start --port 9000 --output pacts --token secret"))
@start_options
def start_command(**options: Any) -> None:
    """Start the service: the control API, and the mock servers that are asked for."""
    try:
        with log_to_stderr(options["loglevel"], options["log_format"]):
            _start(options)
    except PactmockError as error:
        click.echo("\n".join(map(visible, f"Error: {error.message}".split("\n"))), err=True)
        sys.exit(EXIT_ERROR)


def _start(options: dict[str, Any]) -> None:
    settings = settings_of(options)
    if settings.store is not None:
        settings = replace(settings, writes_files=_is_given("output"))
    forget(options["port_file"])
    if settings.writes_files:
        _check_output(settings.output)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(
            _serve(
                settings,
                _sources(options),
                options["port_file"],
                shows_key=options["server_key"] is None,
                watches=options["watch"],
            )
        )


def _sources(options: dict[str, Any]) -> Sources | None:
    """Return where pacts are, None for nowhere."""
    if not options["pact"]:
        if options["watch"]:
            raise click.UsageError("--watch looks after the files of --pact: name some")
        return None
    if options["store"]:
        raise click.UsageError("--pact is played by one service alone: with --store, POST pacts to any of the replicas")
    from pactmock.cli.serving.given import Sources  # late: most services begin without pacts

    return Sources.of(options["pact"])


def _check_output(output: Path) -> None:
    """Find out now, and not when the first test has passed, whether pacts can be written."""
    try:
        check_directory(output)
    except WriteFailed as error:
        if _is_given("output"):
            raise
        logger.warning("%s", error.message)  # who names no directory may not want any file


def _is_given(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is not ParameterSource.DEFAULT


async def _serve(
    settings: ServiceSettings, sources: Sources | None, port_file: Path | None, *, shows_key: bool, watches: bool
) -> None:
    from pactmock.control.running import Service  # late: `--help` and wrong options need no web server
    from pactmock.control.telemetry.traces import traces_for
    from pactmock.service.event_log import EventLog

    service = Service(settings, traces_for(os.environ))
    EventLog(service.mock_service.registry.shared.events)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.close)
        playlist = None if sources is None else await _played(service, sources, stack, watches=watches)
        await service.start()  # now that all is there: who finds the service, finds the mock servers too
        if settings.drain_seconds:
            ENDING.drain_first(service.drain, settings.drain_seconds)
        ENDING.watch_over(service.stop)
        if port_file is not None:
            stack.enter_context(told_in(port_file, service.port))
        click.echo(f"pactmock {pactmock.__version__} is listening on {service.url}")
        if shows_key:
            click.echo(f"Server key: {settings.server_key}")
        for name, server in (playlist.servers if playlist else {}).items():
            click.echo(f"Mock server {server.id} started on port {server.port} for {visible(name)}")
        sys.stdout.flush()
        look_for_garbage()
        await service.run()
        ENDING.begin()


async def _played(service: Service, sources: Sources, stack: AsyncExitStack, *, watches: bool) -> Playlist:
    """Play what was given, and perhaps have changes of files played until the service ends."""
    from pactmock.service.playlist import Playlist
    from pactmock.service.wanted import Wanted

    playlist, known = Playlist(service.mock_service, Wanted(), has_names=True), sources.stamps()
    await playlist.play(*await sources.read())
    if watches:
        following = asyncio.ensure_future(sources.follow(playlist, known))
        stack.callback(following.cancel)
    return playlist
