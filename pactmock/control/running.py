"""The service: one control API and its mock servers, started, run and ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from functools import partial

from aiohttp import web

from pactmock.control.app import make_app
from pactmock.control.calls.answering import Calls
from pactmock.control.calls.begun import begun
from pactmock.control.calls.plain import PlainCalls
from pactmock.control.door.front_door import FrontDoor
from pactmock.control.door.reader import CallReader
from pactmock.control.events import EventStreams
from pactmock.control.routes import ROUTES
from pactmock.control.telemetry.metrics import Metrics
from pactmock.control.telemetry.traces import Traces
from pactmock.server.wire.connections import Connections
from pactmock.server.wire.listener import Listener
from pactmock.service.mock_service import MockService
from pactmock.service.settings import ServiceSettings
from pactmock.service.token_file import TokenFile

logger = logging.getLogger("pactmock")

_DEFAULT_OPEN_FILES = 65536
_STOP_SECONDS = 0.2


class Service:
    """One process' worth of pactmock: `start`, then `run` until somebody stops it, then `close`."""

    def __init__(self, settings: ServiceSettings, traces: Traces | None = None) -> None:
        """Read what it needs to begin; `traces` makes spans of what happens.

        Raises:
            InvalidParameter: when the file with the token cannot be read, or holds none.
        """
        self.settings = settings
        self._token_file = None if settings.token_file is None else TokenFile(settings.token_file)
        self.mock_service = _mock_service(settings)
        self.events = EventStreams(self.mock_service.registry, settings.max_event_streams)
        self.metrics = Metrics(self.mock_service.registry, self.events, lambda: self.uptime)
        self._traces = traces
        if traces is not None:
            traces.follow(self.mock_service.registry.shared.events)
        self._stop = asyncio.Event()
        self._is_stopping = False
        self._started = time.monotonic()
        self._listener: Listener | None = None
        self._connections: Connections | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Start to listen.

        Raises:
            PortUnavailable, StoreUnavailable: when it cannot.
        """
        raise_open_files_limit()
        await self.mock_service.open()
        self._started = time.monotonic()
        calls, traces = Calls(self.mock_service, self), self._traces
        # What makes spans of calls knows aiohttp, so that has all of them then.
        front_door = FrontDoor(self.mock_service, self._plain(calls) if traces is None else None)
        self._runner = web.AppRunner(
            make_app(calls, *(() if traces is None else (traces.middleware,))),
            shutdown_timeout=_STOP_SECONDS,
            handle_signals=False,
            handler_cancellation=True,
        )
        await self._runner.setup()
        assert self._runner.server is not None  # noqa: S101  made by setup
        self._connections = front_door.open(_readers(self._runner.server, front_door, self.settings))
        self.mock_service.registry.shared.gateway = front_door
        try:
            self._listener = await Listener.open(self._connections, self.settings.host, (self.settings.port,))
        except BaseException:
            await self._runner.cleanup()
            raise

    def _plain(self, calls: Calls) -> PlainCalls:
        # What asks a store waits for it with a time limit, which only a task can have.
        return PlainCalls(calls, ROUTES, begun if self.settings.store is None else asyncio.ensure_future)

    @property
    def uptime(self) -> float:
        """The seconds since it started."""
        return time.monotonic() - self._started

    @property
    def port(self) -> int:
        return self._listener.port if self._listener else self.settings.port

    @property
    def url(self) -> str:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"http://{host}:{self.port}"

    @property
    def token(self) -> str | None:
        """What callers of the control API must show now, None for nothing."""
        return self.settings.token if self._token_file is None else self._token_file.token

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end, now or in some seconds."""
        return self._is_stopping

    def stop(self) -> None:
        """Ask the service to end."""
        self._is_stopping = True
        self._stop.set()

    def stop_after(self, seconds: float) -> None:
        """Ask the service to end in some seconds."""
        self._is_stopping = True
        asyncio.get_running_loop().call_later(seconds, self.stop)

    def drain(self, seconds: float) -> None:
        """Ask the service to end in some seconds, and callers to go on elsewhere meanwhile."""
        logger.info("the service ends in %g s, and answers until then: GET /ready says 503", seconds)
        self.stop_after(seconds)
        if self._connections is not None:
            self._connections.drain()

    async def run(self) -> None:
        """Wait until the service is asked to end."""
        await self._stop.wait()

    async def close(self) -> None:
        """End the control API first, so that nothing new is made, and then all mock servers."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener.close()
            self.events.close()
            self.metrics.close()
            self.mock_service.end_delays()  # those of the gateway are owed on connections of the control API
            if self._connections is not None:
                await self._connections.close(_STOP_SECONDS)
            if self._runner is not None:
                await self._runner.cleanup()
        await self.mock_service.close()
        if self._traces is not None:
            await self._traces.close()

    async def __aenter__(self) -> Service:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Service on {self.url}, {self.mock_service!r}>"


def _mock_service(settings: ServiceSettings) -> MockService:
    if settings.store is None:
        return MockService(settings)
    from pactmock.service.store.shared_service import SharedService  # late: most services are alone

    return SharedService(settings, settings.store)


def _readers(server: web.Server, front_door: FrontDoor, settings: ServiceSettings) -> Callable[[], CallReader]:
    """Return what makes a reader of calls for each connection. The front door has bounds and timeouts of its own."""
    lines = settings.wire.line + settings.wire.field
    parser_log = logging.getLogger("pactmock.control.parser")
    parser_log.addFilter(_without_traceback)  # else there is one for each message that the parser does not like
    return partial(
        CallReader,
        server,
        loop=asyncio.get_running_loop(),
        access_log=logging.getLogger("pactmock.control.answered"),
        access_log_class=front_door.access_log(),
        logger=parser_log,
        keepalive_timeout=_NEVER,
        max_line_size=lines,
        max_field_size=lines,
        max_headers=settings.wire.headers,
        auto_decompress=False,
    )


_NEVER = 10.0**8
"""Seconds after which aiohttp closes an idle connection: the front door does that."""


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def raise_open_files_limit() -> None:
    """Allow as many open sockets as the system lets us have: every mock server takes two, every client one."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DEFAULT_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _DEFAULT_OPEN_FILES)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
