"""Our service in this process, as the tests play it: a start takes no time, and the end is what a signal leads to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pactmock.embedded.background import BACKGROUND
from pactmock.ruby_api.serving.options import RubyOptions
from pactmock.ruby_api.serving.server import RubyServer
from pactmock.server.options import MockServerOptions
from parity.ruby.service import USUAL, Service


@contextmanager
def inside(options: Mapping[str, str | None]) -> Iterator[Service]:
    """Start ours on a free port; relative paths are below its folder meanwhile."""
    with TemporaryDirectory() as folder, chdir(folder), BACKGROUND as loop:
        server = RubyServer(_options(options), MockServerOptions(port=0))

        def stop(_signal: str = "TERM") -> int:
            asyncio.run_coroutine_threadsafe(_end(server), loop).result(20)
            return 0

        asyncio.run_coroutine_threadsafe(server.start(), loop).result(20)
        try:
            yield Service(server.address.port, Path(folder), stop)
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)


async def _end(server: RubyServer) -> None:
    await server.finish()
    await server.stop()


def _options(given: Mapping[str, str | None]) -> RubyOptions:
    named = {**USUAL, **given}
    directory = named["pact-dir"]
    return RubyOptions(
        consumer=named["consumer"],
        provider=named["provider"],
        pact_dir=None if directory is None else Path(directory),
        write_mode=named.get("pact-file-write-mode") or "overwrite",
        version=named.get("pact-specification-version") or "2",
        cors="cors" in named,
        log=named["log"],
    )
