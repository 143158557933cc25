"""A limit: aiohttp's low-level server on uvloop, which answers every request with the same few bytes."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web

from pactmock.cli.serving.event_loop import loop_factory

_BODY = b'{"id":0,"name":"Ada"}'


async def _answer(request: web.BaseRequest) -> web.StreamResponse:
    if request.body_exists:
        await request.read()
    return web.Response(body=_BODY, content_type="application/json")


async def _serve(port: int) -> None:
    runner = web.ServerRunner(web.Server(_answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(int(sys.argv[1])))
