"""What it costs that somebody follows events: requests are offered at a rate, whatever is answered, while some listen.

python -m benchmarks.listening --rate 10000 --listeners 5 --stuck 1

The load, the listeners and the service are three processes. Of the listeners, the last are stuck: they read nothing
until the load is over, and then what there is for them. Each says how many events it got and how many it missed.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import deque
from typing import Any, cast
from urllib.parse import urlsplit

import click

from benchmarks import environment
from benchmarks.peers import Peer, call, of_checkout
from benchmarks.started import HERE
from pactmock.cli.serving.event_loop import loop_factory

_TICK_SECONDS = 0.01
_ANSWERED = b'"name":"Ada"'
_PACT = {
    "consumer": {"name": "bench"},
    "provider": {"name": "provider"},
    "interactions": [
        {
            "description": "a resource",
            "request": {"method": "GET", "path": "/resources/1"},
            "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"name": "Ada"}},
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}
_REQUEST = b"GET /resources/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


class _Offering(asyncio.Protocol):
    """One connection, which has at most one request under way."""

    def __init__(self, free: deque[_Offering]) -> None:
        self._free = free
        self._rest = b""
        self.answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._free.append(self)

    def send(self) -> None:
        self._transport.write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if self._rest.endswith(_ANSWERED + b"}"):
            assert self._rest.startswith(b"HTTP/1.1 200")  # noqa: S101
            self._rest = b""
            self.answered += 1
            self._free.append(self)


async def _offer(url: str, rate: int, seconds: float) -> int:
    """Send so many requests a second, as many as there are connections for; return how many were answered in time."""
    host, port = _place(url)
    free: deque[_Offering] = deque()
    loop = asyncio.get_running_loop()
    for _ in range(4 * int(rate * _TICK_SECONDS)):
        await loop.create_connection(lambda: _Offering(free), host, port)
    connections = tuple(free)
    began, sent = loop.time(), 0
    while (now := loop.time()) < began + seconds:
        due = int((now - began) * rate) - sent
        for _ in range(min(due, len(free))):
            free.popleft().send()
            sent += 1
        await asyncio.sleep(_TICK_SECONDS)
    answered = sum(each.answered for each in connections)
    while sum(each.answered for each in connections) < sent:  # noqa: ASYNC110  the next may not come amid the last
        await asyncio.sleep(_TICK_SECONDS)
    return answered


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 80)


async def _listen(url: str, listeners: int, stuck: int) -> list[dict[str, int]]:
    """Follow events until a line comes in; then have those read that did not, until they have heard the last."""
    readers = [await _follow(url) for _ in range(listeners)]
    print("listening", flush=True)  # noqa: T201
    reading = [asyncio.ensure_future(_count(reader)) for reader in readers[: listeners - stuck]]
    await asyncio.to_thread(sys.stdin.readline)
    reading += [asyncio.ensure_future(_count(reader)) for reader in readers[listeners - stuck :]]
    return await asyncio.gather(*reading)


async def _follow(url: str) -> asyncio.StreamReader:
    host, port = _place(url)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _kept.append(writer)
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"to follow events was answered {status!r}")
    return reader


_kept: list[asyncio.StreamWriter] = []


async def _count(reader: asyncio.StreamReader) -> dict[str, int]:
    events, missed, has_ended = 0, 0, False
    rest = b""
    while not has_ended and (chunk := await reader.read(256 * 1024)):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            if line.startswith(b"event: "):
                events += line == b"event: request.matched"
                has_ended = has_ended or line == b"event: server.stopped"
            elif line.startswith(b'data: {"event":"missed"'):
                missed += json.loads(line.removeprefix(b"data: "))["missed"]
    return {"events": events, "missed": missed}


@click.command()
@click.option("--rate", default=10_000, show_default=True, help="How many requests are offered a second.")
@click.option("--seconds", default=5.0, show_default=True, help="For how long.")
@click.option("--listeners", default=5, show_default=True, help="How many follow events.")
@click.option("--stuck", default=1, show_default=True, help="How many of them read nothing.")
@click.option("--listen-to", default=None, hidden=True, help="Be the listeners of a service.")
def main(rate: int, seconds: float, listeners: int, stuck: int, listen_to: str | None) -> None:
    """Measure how many requests are answered while some listen."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        if listen_to is not None:
            click.echo(json.dumps(runner.run(_listen(listen_to, listeners, stuck))))
            return
        service = of_checkout(HERE)()
        service.start()
        try:
            for line in _measured(runner, service, (rate, seconds), (listeners, stuck)):
                click.echo(line)
        finally:
            service.stop()


def _measured(
    runner: asyncio.Runner, service: Peer, offered: tuple[int, float], listening: tuple[int, int]
) -> list[str]:
    rate, seconds = offered
    url = service.create(_PACT)
    runner.run(_offer(url, rate, 1.0))  # the first requests of a process take longer
    who = [f"--{name}={number}" for name, number in zip(("listeners", "stuck"), listening, strict=True)]
    command = [sys.executable, "-m", "benchmarks.listening", *who, f"--listen-to={service.control}"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=HERE, env=environment.clean(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as listener:
        assert listener.stdout is not None  # noqa: S101
        listener.stdout.readline()
        memory, processor, began = service.resident_bytes(), service.processor_seconds(), time.monotonic()
        answered = runner.run(_offer(url, rate, seconds))
        took, spent = time.monotonic() - began, service.processor_seconds() - processor
        grown = service.resident_bytes() - memory
        call("DELETE", f"{service.control}/mockserver/{url.rpartition(':')[2]}")
        counted: list[dict[str, Any]] = json.loads(listener.communicate("read\n", timeout=60)[0])
    load, busy, each = os.getloadavg()[0], spent / took, spent / answered * 1e6
    return [
        f"{rate:,} offered a second for {seconds:g} s, {answered / seconds:,.0f} answered; machine load {load:.1f}",
        f"the service was busy for {busy:.0%} of the time, {each:.1f} us a request; it grew by {grown / 1e6:.1f} MB",
        *(f"a listener got {each['events']:,} and missed {each['missed']:,}" for each in counted),
    ]


if __name__ == "__main__":
    main()
