"""What a client sends over HTTP/2 is answered and noted in one way, however it is cut and whatever is under way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.cli.serving.event_loop import loop_factory
from pactmock.control.journal_view import entry
from pactmock.pact.documents import reading
from pactmock.server.mock_server import MockServer
from pactmock.server.records.entries import Refusal
from tests.laws.http2_requests import HELLO, LAST, Answer, Answers, Talk, talks
from tests.laws.wire_messages import PLAYED, segments
from tests.patience import HANG

_TURNS = 3
"""Turns of the event loop between two segments: the server reads in one of them what was written before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What each request got, and what is in the journal, without numbers and times."""

    answers: list[Answer | None]
    journal: list[dict[str, Any]]


class _Client(asyncio.Protocol):
    def __init__(self) -> None:
        self.answers = Answers()
        self.heard = asyncio.Event()
        self.is_closed = False

    def data_received(self, data: bytes) -> None:
        self.answers.take(data)
        self.heard.set()

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_closed = True
        self.heard.set()

    async def until_over(self, streams: list[int]) -> None:
        """Wait for the answers on some streams, and for that to the last thing that was said."""
        known = self.answers.by_stream
        async with asyncio.timeout(HANG):
            while not (self.answers.is_last_said and all(s in known and known[s].is_over for s in streams)):
                assert not self.is_closed, "the connection was ended"
                self.heard.clear()
                await self.heard.wait()


@dataclass(frozen=True, slots=True)
class Stage:
    """A mock server, on an event loop that runs while something is played."""

    runner: asyncio.Runner
    server: MockServer

    def play(self, talk: Talk, cuts: list[int]) -> Seen:
        """Send requests, in pieces, and see what comes of it."""
        return self.runner.run(self._play(talk, cuts))

    async def _play(self, talk: Talk, cuts: list[int]) -> Seen:
        self.server.reset()
        written = talk.written()
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_connection(_Client, "127.0.0.1", self.server.port)
        sent, begin = HELLO + written.sent + LAST.serialize(), 0
        for cut in [*(len(HELLO) + cut for cut in cuts), len(sent)]:
            transport.write(sent[begin:cut])
            begin = cut
            for _ in range(_TURNS):
                await asyncio.sleep(0)
        answered = [stream for number, stream in written.streams.items() if not talk.requests[number].is_cancelled]
        await client.until_over(answered)
        transport.abort()
        answers = [client.answers.by_stream.get(written.streams[number]) for number in range(len(talk.requests))]
        entries = [json.loads(json.dumps(entry(item))) for item in self.server.journal.entries]
        plain = [{name: value for name, value in each.items() if name not in _VARIES} for each in entries]
        return Seen(answers, plain)


_VARIES = frozenset({"number", "received"})


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        server = MockServer(reading.read_pact(PLAYED))
        runner.run(server.start())
        yield Stage(runner, server)
        runner.run(server.stop())


@given(data=st.data())
def test_requests_that_are_interleaved_and_cut_are_answered_as_one_after_the_other(
    stage: Stage, data: st.DataObject
) -> None:
    talk = data.draw(talks())
    cuts = data.draw(segments(len(talk.written().sent)))
    alone = talk.one_after_the_other
    assert stage.play(talk, cuts) == stage.play(alone, alone.written().ends)


_KINDS = st.one_of(st.integers(0, 9), st.integers(0, 9), st.integers(0, 255))


@st.composite
def _any_frames(draw: st.DrawFn) -> bytes:
    """Draw frames of every type, of which few are right, behind a talk or amid it."""
    talk = draw(talks()).written().sent
    written = b""
    for _ in range(draw(st.integers(1, 6))):
        payload = draw(st.sampled_from((b"", b"\0" * 4, b"\0" * 5, b"\0" * 6, b"\0" * 8, b"\x82\x84\x86", talk[:20])))
        stream = draw(st.sampled_from((0, 1, 3, 2, 99)))
        written += len(payload).to_bytes(3, "big") + bytes([draw(_KINDS), draw(st.integers(0, 255))])
        written += stream.to_bytes(4, "big") + payload
    place = draw(st.sampled_from((0, len(talk) // 2, len(talk))))
    return talk[:place] + written + talk[place:]


@given(sent=_any_frames())
def test_whatever_is_sent_the_connection_comes_to_its_end_and_others_are_served(stage: Stage, sent: bytes) -> None:
    stage.runner.run(_sent_and_ended(stage.server.port, HELLO + sent))
    reasons = [each.reason for each in stage.server.journal.entries if isinstance(each, Refusal)]
    assert not [reason for reason in reasons if "please report" in reason]


async def _sent_and_ended(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    writer.write_eof()
    async with asyncio.timeout(HANG):
        await reader.read()
    writer.close()
