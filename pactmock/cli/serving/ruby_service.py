"""`pactmock ruby service`: one service in a process of its own, from its first line to the pact that it leaves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

import pactmock
from pactmock.cli.output.log_formats import formatter
from pactmock.cli.output.log_thread import LogThread
from pactmock.cli.serving.ending import ENDING
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.cli.serving.garbage import leave_garbage, look_for_garbage
from pactmock.cli.serving.log import LEVELS
from pactmock.cli.serving.ruby_options import Given
from pactmock.errors import InvalidParameter, PactmockError
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.ruby_api.serving.server import RubyServer
    from pactmock.server.shared import Shared


def serve(given: Given) -> None:
    """Serve until a signal ends that.

    Raises:
        InvalidParameter: for an option that cannot be used.
        PortUnavailable: when it cannot listen.
    """
    leave_garbage()
    with _logging(given), asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(given))


@contextmanager
def _logging(given: Given) -> Iterator[None]:
    """Log to the file that was given, which is emptied, or to standard output; standard error is for what is wrong.

    pact-js shows all of standard error as errors.
    """
    file = _opened(given)
    handler = LogThread(file)
    handler.setFormatter(formatter("text"))
    logging.basicConfig(level=LEVELS[given.level], handlers=[handler])
    for name in ("filelock", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        handler.flush()


def _opened(given: Given) -> int:
    if given.log is None:
        return sys.stdout.fileno()
    try:
        given.log.parent.mkdir(parents=True, exist_ok=True)
        return os.open(given.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except OSError as error:
        raise InvalidParameter(f"--log {given.log}: {error.strerror}; name another file") from None


async def _serve(given: Given) -> None:
    from pactmock.ruby_api.serving.server import RubyServer
    from pactmock.server.shared import Shared
    from pactmock.service.event_log import EventLog

    shared = Shared()
    EventLog(shared.events)
    server = RubyServer(given.settings(), given.wire(), shared)
    click.echo(f"INFO  pactmock {pactmock.__version__}")
    ended = asyncio.Event()
    await server.start()
    # Ctrl+C comes twice where a client passes it on, and the Ruby service writes its pact all the same.
    ENDING.watch_over(ended.set, is_patient=True)
    _say(f"INFO  WEBrick::HTTPServer#start: pid={os.getpid()} port={server.port}")  # scripts wait for this line
    look_for_garbage()
    await ended.wait()
    await _end(server, shared)
    ENDING.begin()


async def _end(server: RubyServer, shared: Shared) -> None:
    """Write the pact first: nothing else may keep the process from it, which is gone soon, whatever it does."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.play.settle(), _SETTLE_SECONDS)
    try:
        await server.finish()
    except PactmockError as error:
        click.echo(f"The pact is not written: {visible(error.message)}", err=True)
    ENDING.ignore_signals()
    await server.stop()
    shared.close()
    _say("INFO  going to shutdown ...")
    _say("INFO  WEBrick::HTTPServer#start done.")


_SETTLE_SECONDS = 1.0
"""How long the pact waits at the end for requests that are still decided on."""


def _say(line: str) -> None:
    """Write a line to whoever started us, who may be gone, or not read what is written."""
    with contextlib.suppress(OSError):
        click.echo(line)
        sys.stdout.flush()
