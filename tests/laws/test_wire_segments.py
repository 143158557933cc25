"""What a client sends is answered and noted in one way, however it is cut, and whichever door it comes through."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pactmock.cli.serving.event_loop import loop_factory
from pactmock.control.running import Service
from pactmock.service.settings import ServiceSettings
from tests.laws.wire_messages import ADDRESSED_BAD, PLAYED, Message, Stream, segments, streams
from tests.patience import HANG

_TURNS = 3
"""Turns of the event loop between two segments: the server reads in one of them what was written before."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(slots=True)
class _Client(asyncio.Protocol):
    """Collects what comes until the other side closes."""

    received: bytearray = field(default_factory=bytearray)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def data_received(self, data: bytes) -> None:
        self.received += data

    def eof_received(self) -> bool:
        self.closed.set()
        return False

    def connection_lost(self, _error: Exception | None) -> None:
        self.closed.set()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client got, without words to continue, and what is in the journal, without numbers and times."""

    answers: bytes
    journal: list[dict[str, Any]]

    def without(self, prefix: str) -> Seen:
        """Return the same without a prefix of targets, which refusals name, and so without the length of answers."""
        answers = re.sub(rb"\r\nContent-Length: \d+", b"", self.answers.replace(prefix.encode(), b""))
        return Seen(answers, json.loads(json.dumps(self.journal).replace(prefix, "")))


@dataclass(frozen=True, slots=True)
class Stage:
    """A service with one mock server, on an event loop that runs while something is played."""

    runner: asyncio.Runner
    service: Service
    server: dict[str, Any]
    control: aiohttp.ClientSession

    def play(self, stream: Stream, cuts: list[int] | None = None, *, through_gateway: bool = False) -> Seen:
        """Send a stream, in one piece or in several, and see what comes of it."""
        return self.runner.run(self._play(stream, cuts, through_gateway))

    async def _play(self, stream: Stream, cuts: list[int] | None, through_gateway: bool) -> Seen:
        here = f"/mockserver/{self.server['id']}/requests"
        async with self.control.delete(here) as response:
            assert response.status == 204
        sent = stream.written(f"/m/{self.server['id']}" if through_gateway else "")
        port = self.service.port if through_gateway else self.server["port"]
        answers = await _send(port, sent, cuts or [len(sent)], stream.half_closes)
        _check_words_to_continue(answers, stream)
        async with self.control.get(here) as response:
            entries = (await response.json())["requests"]
        plain = [{name: value for name, value in entry.items() if name not in _VARIES} for entry in entries]
        answers = answers.replace(_SANDBOX, b"") if through_gateway else answers
        return Seen(answers.replace(_CONTINUE, b""), plain)


_SANDBOX = b"Content-Security-Policy: sandbox\r\n"
"""What the gateway adds for browsers, which say by `Origin` that they are some."""

_VARIES = frozenset({"number", "received"})


async def _send(port: int, sent: bytes, cuts: list[int], half_closes: bool) -> bytes:
    loop = asyncio.get_running_loop()
    transport, client = await loop.create_connection(_Client, "127.0.0.1", port)
    begin = 0
    for cut in cuts:
        transport.write(sent[begin:cut])
        begin = cut
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if client.closed.is_set():
            break
    if half_closes and not transport.is_closing():
        transport.write_eof()
    try:
        await asyncio.wait_for(client.closed.wait(), HANG)
    except TimeoutError:
        pytest.fail(f"the connection is left open behind {bytes(client.received[-300:])!r}")
    finally:
        transport.abort()
    return bytes(client.received)


def _check_words_to_continue(answers: bytes, stream: Stream) -> None:
    """A word to continue stands before the answer to a request that asked for it, and nowhere else."""
    asking = [message.asks_to_continue for message in stream.messages if message.written() != b"\r\n"]
    for found in re.finditer(re.escape(_CONTINUE), answers):
        answered = len(re.findall(rb"HTTP/1\.1 [2-5]\d\d ", answers[: found.start()]))
        assert answered < len(asking)
        assert asking[answered], f"request {answered + 1} was told to continue"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    output: Path = tmp_path_factory.mktemp("pacts")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        service = Service(ServiceSettings(port=0, output=output, server_key="the key"))

        async def begin() -> Stage:
            await service.__aenter__()
            control = aiohttp.ClientSession(service.url)
            async with control.post("/", json=PLAYED) as response:
                return Stage(runner, service, (await response.json())["mockServer"], control)

        async def end(staged: Stage) -> None:
            await staged.control.close()
            await service.__aexit__(None, None, None)

        staged = runner.run(begin())
        yield staged
        runner.run(end(staged))


@given(data=st.data())
def test_a_stream_that_is_cut_is_answered_and_noted_as_when_it_comes_whole(stage: Stage, data: st.DataObject) -> None:
    stream = data.draw(streams())
    cuts = data.draw(segments(len(stream.written())))
    assert stage.play(stream, cuts) == stage.play(stream)


@given(data=st.data())
def test_a_stream_is_answered_and_noted_by_the_gateway_as_on_the_port(stage: Stage, data: st.DataObject) -> None:
    stream = data.draw(streams(ADDRESSED_BAD))
    assume(stream.is_addressed(f"/m/{stage.server['id']}"))
    cuts = data.draw(segments(len(stream.written(f"/m/{stage.server['id']}"))))
    through = stage.play(stream, cuts, through_gateway=True)
    assert through.without(f"/m/{stage.server['id']}") == stage.play(stream).without("")


def test_the_last_of_many_pipelined_requests_is_answered(stage: Stage) -> None:
    message = Message("GET", "/a", b"HTTP/1.1\r\n\r\n")
    seen = stage.play(Stream((message,) * 500, half_closes=False, cut_off=0))
    assert seen.answers.count(b"HTTP/1.1 201 ") == 501
    assert len(seen.journal) == 501
