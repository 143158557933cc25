"""The limit of a server in Python: a protocol on uvloop has httptools parse, and answers the same bytes to whatever.

Nobody looks at what was asked. The bytes are those that a mock server sends for `workload.get(0)`.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import httptools

from pactmock.cli.serving.event_loop import loop_factory

ANSWER = b"""\
HTTP/1.1 200 OK\r
Access-Control-Allow-Origin: *\r
Access-Control-Allow-Headers: *\r
Access-Control-Allow-Methods: GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH\r
Access-Control-Expose-Headers: Location, Link\r
Access-Control-Allow-Credentials: true\r
Content-Type: application/json\r
Content-Length: 21\r
\r
{"id":0,"name":"Ada"}"""


class _Answering(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._transport.write(ANSWER)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(int(sys.argv[1])))
