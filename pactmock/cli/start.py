"""`pactmock start`: the service, until a signal or a caller ends it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

import pactmock
from pactmock.cli.options import LEVELS, option
from pactmock.cli.remote import EXIT_ERROR
from pactmock.control.service import Service
from pactmock.control.settings import ServiceSettings, is_loopback
from pactmock.errors import PactmockError, WriteFailed
from pactmock.pact.store import check_directory
from pactmock.plugins.discovery import default_directory
from pactmock.plugins.settings import PluginSettings
from pactmock.server.journal import JournalLimits
from pactmock.server.options import MEGABYTE, WireLimits
from pactmock.server.secrets import SECRET_HEADERS, Secrets

logger = logging.getLogger("pactmock")

_LOG_LEVELS = dict.fromkeys(("none", "off"), logging.CRITICAL + 10) | {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}


@click.command("start")
@option("-p", "--port", type=click.IntRange(0, 65535), default=8080, help="Port of the control API; 0 for any.")
@option("-h", "--host", default="127.0.0.1", help="Address to listen on, for the control API and mock servers alike.")
@option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where pacts go.")
@option("--base-port", type=click.IntRange(1, 65535), default=None, help="First port that mock servers get.")
@option("--server-key", default=None, help="The key that ends the service; made up and shown if not given.")
@option("--token", default=None, help="What callers of the control API must show as a bearer token.")
@option("--public-url", default=None, help="Where browsers find the control API, when a proxy stands before it.")
@option("--allowed-host", multiple=True, help="A name, or a pattern such as *.team, to be called by; repeatable.")
@option("--redact/--no-redact", default=None, help="Hide the values of secret headers. By default beyond loopback.")
@option("--redact-header", multiple=True, help="A header that is secret, besides Authorization and such; repeatable.")
@option("-c", "--cors-preflight", is_flag=True, help="All mock servers answer CORS pre-flight requests.")
@option("--allow-any-directory", is_flag=True, help="Pacts may be written outside the output directory.")
@option("--max-mock-servers", type=click.IntRange(1), default=2000, help="How many may run at once.")
@option("--max-pact-size", type=click.IntRange(1), default=100 * MEGABYTE, help="Largest pact, in bytes.")
@option("--max-body-size", type=click.IntRange(1), default=100 * MEGABYTE, help="Largest request body, in bytes.")
@option("--journal-size", type=click.IntRange(1), default=1000, help="Requests that each mock server keeps.")
@option("--plugin-dir", type=click.Path(path_type=Path, file_okay=False), default=None, help="Where plugins are.")
@option(
    "--plugin-timeout", type=click.FloatRange(min=0.1), default=60.0, help="Seconds that a plugin may take to start."
)
@option("-l", "--loglevel", "--log-level", type=click.Choice(LEVELS), default="info", help="What to log.")
def start_command(**options: Any) -> None:
    """Start the service: the control API, and the mock servers that are asked for."""
    logging.basicConfig(
        level=_LOG_LEVELS[options["loglevel"]],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        settings = _settings(options)
        _check_output(settings.output)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_serve(settings, shows_key=options["server_key"] is None))
    except PactmockError as error:
        click.echo(f"Error: {error.message}", err=True)
        sys.exit(EXIT_ERROR)


def _settings(options: dict[str, Any]) -> ServiceSettings:
    if options["token"] is None and "PACTMOCK_TOKEN" in os.environ:
        options["token"] = ""  # click takes a variable that is empty for one that is not there
    given = {} if options["server_key"] is None else {"server_key": options["server_key"]}
    return ServiceSettings(
        host=options["host"],
        port=options["port"],
        base_port=options["base_port"],
        output=options["output"],
        allow_any_directory=options["allow_any_directory"],
        token=options["token"],
        public_url=options["public_url"],
        allowed_hosts=options["allowed_host"],
        cors_pre_flight=options["cors_preflight"],
        max_mock_servers=options["max_mock_servers"],
        max_pact=options["max_pact_size"],
        wire=WireLimits(body=options["max_body_size"]),
        journal=JournalLimits(requests=options["journal_size"]),
        secrets=_secrets(options),
        plugins=PluginSettings(options["plugin_dir"] or default_directory(), options["plugin_timeout"]),
        **given,
    )


def _secrets(options: dict[str, Any]) -> Secrets:
    active = options["redact"] if options["redact"] is not None else not is_loopback(options["host"])
    return Secrets(SECRET_HEADERS.union(name.strip().lower() for name in options["redact_header"]), active)


def _check_output(output: Path) -> None:
    """Find out now, and not when the first test has passed, whether pacts can be written."""
    try:
        check_directory(output)
    except WriteFailed as error:
        if click.get_current_context().get_parameter_source("output") is not ParameterSource.DEFAULT:
            raise
        logger.warning("%s", error.message)  # who names no directory may not want any file


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes a fast event loop where there is one, else None for the standard one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


_THREADS = 64
"""How many decisions may wait for plugins at once, besides what is written and compared in threads."""


async def _serve(settings: ServiceSettings, *, shows_key: bool) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "pactmock"))
    async with Service(settings) as service:
        _handle_signals(service)
        click.echo(f"pactmock {pactmock.__version__} is listening on {service.url}")
        if shows_key:
            click.echo(f"Server key: {settings.server_key}")
        sys.stdout.flush()
        _spare_the_collector()
        await service.run()
        _end_for_sure()


_END_SECONDS = 2.5
"""How long the end may take in good order. Supervisors kill after ten, and people lose patience sooner."""


def _end_for_sure() -> None:
    """End the process after a while, whatever threads still do: a thread that waits for a plugin cannot be stopped."""

    def end() -> None:
        logger.warning("the service ends before all of its work is done: %d thread(s)", threading.active_count() - 2)
        logging.shutdown()
        os._exit(0)

    timer = threading.Timer(_END_SECONDS, end)
    timer.daemon = True
    timer.start()


_YOUNG_OBJECTS = 20_000
"""How many new objects there may be before garbage is looked for; Python's 700 make that a third of reading a pact."""


def _spare_the_collector() -> None:
    """Look for garbage less often, and never again among what lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 50)


def _handle_signals(service: Service) -> None:
    """End in good order at the first signal, at once at the second."""

    def on_signal(number: int) -> None:
        service.stop()
        loop.add_signal_handler(number, os._exit, 128 + number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, on_signal, number)
        except NotImplementedError:  # Windows: there the loop ends at KeyboardInterrupt
            return
