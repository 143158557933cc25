"""The service: one control API and its mock servers, started, run and ended."""

from __future__ import annotations

import asyncio
import contextlib
import time

from aiohttp import web

from pactmock.control.app import make_app
from pactmock.control.registry import Registry
from pactmock.control.serving import STARTED, STOP
from pactmock.control.settings import ServiceSettings
from pactmock.server.listener import Listener

_DEFAULT_OPEN_FILES = 65536
_STOP_SECONDS = 0.2


class Service:
    """One process' worth of pactmock: `start`, then `run` until somebody stops it, then `close`."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.registry = Registry(settings)
        self._stop = asyncio.Event()
        self._listener: Listener | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Start to listen.

        Raises:
            PortUnavailable: when it cannot.
        """
        raise_open_files_limit()
        app = make_app(self.registry)
        app[STARTED] = time.monotonic()
        app[STOP] = self.stop_after
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS, handle_signals=False)
        await self._runner.setup()
        assert self._runner.server is not None  # noqa: S101  made by setup
        try:
            self._listener = await Listener.open(self._runner.server, self.settings.host, (self.settings.port,))
        except BaseException:
            await self._runner.cleanup()
            raise

    @property
    def port(self) -> int:
        return self._listener.port if self._listener else self.settings.port

    @property
    def url(self) -> str:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"http://{host}:{self.port}"

    def stop(self) -> None:
        """Ask the service to end."""
        self._stop.set()

    def stop_after(self, seconds: float) -> None:
        """Ask the service to end in some seconds."""
        asyncio.get_running_loop().call_later(seconds, self.stop)

    async def run(self) -> None:
        """Wait until the service is asked to end."""
        await self._stop.wait()

    async def close(self) -> None:
        """End the control API first, so that nothing new is made, and then all mock servers."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener.close()
            if self._runner is not None:
                await self._runner.cleanup()
        await self.registry.close()

    async def __aenter__(self) -> Service:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Service on {self.url}, {self.registry!r}>"


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
