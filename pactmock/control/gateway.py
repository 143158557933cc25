"""The single-port gateway: every mock server can also be called below `/m/{id}/` on the port of the control API.

Mock servers get ports that nobody knows beforehand, and a container publishes ports that are known beforehand. With
the gateway one published port is enough.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict

from pactmock.control.call import Call
from pactmock.server.answer import Answer
from pactmock.server.messages import to_request

PREFIX = "/m/"
_INVENTED = ("Server", "Date", "Content-Type")


async def pass_on(call: Call) -> web.StreamResponse:
    """Play a request on the mock server that its path names, with the prefix removed."""
    incoming, server = call.request, call.server
    prefix = PREFIX + call.request.match_info["id"]
    target = incoming.raw_path[incoming.raw_path.index(prefix) + len(prefix) :]
    request = to_request(
        incoming.method,
        target if target.startswith("/") else f"/{target}",
        incoming.raw_headers,
        await incoming.read() if incoming.body_exists else b"",
    )
    called_at = f"{incoming.scheme}://{incoming.host}{prefix}"
    return _Response(await server.play(request, called_at))


class _Response(web.Response):
    """The answer of a mock server with just its own headers, as on its own port."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(status=answer.status, headers=CIMultiDict(answer.headers), body=answer.body)

    async def _start(self, request: web.BaseRequest) -> AbstractStreamWriter:
        if request.method != "HEAD":
            self._headers.popall("Content-Length", None)
        return await super()._start(request)

    async def _prepare_headers(self) -> None:
        asked = [name for name in _INVENTED if name in self._headers]
        await super()._prepare_headers()
        for name in _INVENTED:
            if name not in asked:
                self._headers.popall(name, None)
