"""A client that makes each call of a law once, and says what was answered in the words of the model."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from tests.patience import HANG
from tests.store.one_mock_server import GIVING, GONE, LARGE, TIMES, Ask

_BROKEN = "broken off"

_ENDED_FIRST = "The mock server was ended before this request was decided"


class Client:
    """Calls from one client, each on a connection that is kept while it can be."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._open: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def ask(self, port: int, ask: Ask) -> Any:
        """Make a call at one replica; return what the model says too, or the status where that never says such."""
        method, target, document = self._call(ask)
        try:
            status, answer = await self._send(port, method, target, document)
        except EOFError:
            return _BROKEN
        if ask.kind == "send" and status == 200:
            return answer.decode()
        shown: Any = json.loads(answer) if answer else None
        if status == GONE:
            return "no such interaction" if shown["code"] == "no_such_interaction" else GONE
        if status == 503 and shown["error"] == _ENDED_FIRST:
            return GONE
        if status not in (200, 204, 422, 500):
            return status, shown["error"]
        is_told = status in (200, 422) and ask.kind in _SHOWN
        return _SHOWN[ask.kind](shown) if is_told else status

    def _call(self, ask: Ask) -> tuple[str, str, Any]:
        here = f"/mockserver/{self._server}"
        if ask.kind == "send":
            large = LARGE.get(ask.path)
            return "GET" if large is None else "POST", f"/m/{self._server}{ask.path}", large
        if ask.kind in GIVING:
            return "PUT" if ask.kind == "put" else "POST", f"{here}/interactions", ask.document
        if ask.kind == "break":
            (name, _), *_ = ask.given
            return "PATCH", f"{here}/interactions/{name}", {"fault": "EMPTY_RESPONSE", "times": TIMES}
        method, target = _CALLS[ask.kind]
        return method, here + target, None

    async def _send(self, port: int, method: str, target: str, document: Any) -> tuple[int, bytes]:
        if port not in self._open:
            self._open[port] = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = self._open[port]
        body = b"" if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
        about = f"Host: localhost\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n"
        try:
            async with asyncio.timeout(HANG):
                writer.write(f"{method} {target} HTTP/1.1\r\n{about}\r\n".encode() + body)
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                lengths = [line for line in head.split("\r\n") if line.startswith("content-length:")]
                content = await reader.readexactly(int(lengths[0].partition(":")[2])) if lengths else b""
        except (OSError, EOFError) as error:
            self._give_up(port)
            raise EOFError from error
        if "connection: close" in head:
            self._give_up(port)
        return int(head.split(" ", 2)[1]), content

    def _give_up(self, port: int) -> None:
        self._open.pop(port)[1].close()

    async def close(self) -> None:
        for _, writer in self._open.values():
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


_CALLS = {
    "reset": ("DELETE", "/requests"),
    "end": ("DELETE", ""),
    "verify": ("POST", "/verify"),
    "mismatches": ("GET", "/mismatches"),
    "matched": ("GET", "/matched"),
    "requests": ("GET", "/requests?brief=true&limit=1000"),
    "interactions": ("GET", "/interactions"),
    "show": ("GET", ""),
}


def _mismatches(found: list[Any]) -> Any:
    said = tuple(
        (item["type"], item["received"]["path"] if "received" in item else item["interaction"]["description"])
        for item in found
    )
    return said or 200


_SHOWN: Any = {
    "verify": lambda answer: _mismatches(answer["mismatches"]),
    "mismatches": _mismatches,
    "matched": lambda answer: answer["matched"],
    "requests": lambda answer: tuple(
        (each["path"], each["matched"]) for each in answer["requests"] if not each["late"]
    ),
    "interactions": lambda answer: tuple(
        (each["description"], each["path"], each["served"], each.get("faultLeft")) for each in answer["interactions"]
    ),
    "show": lambda answer: (answer["failed"], answer["missing"], answer["metrics"]["requests"]),
}
