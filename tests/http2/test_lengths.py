"""A request of HTTP/2 that is not what it says of itself is refused, and no other request on its connection with it.

Over HTTP/1.1 one that promises more than comes is never whole, and here it would be taken for one that matches.
"""

from __future__ import annotations

from typing import Any

import pytest
from hpack import Encoder
from hyperframe.frame import HeadersFrame, WindowUpdateFrame

from pactmock.server.records.entries import Refusal
from tests.http2.client import Client
from tests.pacts import interaction

POSTED = interaction(request={"method": "POST"})


def _reason(server: Any) -> str:
    """Return why a request of `POST /` was refused, of which there is one."""
    (refusal,) = (each for each in server.journal.entries if isinstance(each, Refusal))
    assert refusal.asked_for == ("POST", "/")
    return str(refusal.reason)


@pytest.mark.parametrize(
    ("lengths", "body", "said"),
    [
        (["5"], b"", "'content-length' promises 5 bytes, and the body has 0"),
        (["5"], b"abc", "'content-length' promises 5 bytes, and the body has 3"),
        (["2"], b"abc", "'content-length' promises 2 bytes, and the body has at least 3"),
        (["3", "4"], b"abc", "'content-length' is not one number"),
        (["abc"], b"abc", "'content-length' is not one number"),
        (["+3"], b"abc", "'content-length' is not one number"),
        (["9" * 5000], b"abc", "'content-length' is not one number"),
    ],
)
async def test_a_length_that_lies_is_refused_and_others_are_answered(
    running: Any, lengths: list[str], body: bytes, said: str
) -> None:
    server = await running(POSTED)
    async with await Client.connect(server.port) as client:
        under_way = client.ask("POST", "/", body=b"x", ends=False)
        answer = await client.fetch("POST", "/", [("content-length", each) for each in lengths], body)
        assert (answer.status, answer.reset) == (400, 1)
        client.h2.end_stream(under_way)
        client.flush()
        assert (await client.answer(under_way)).status == 200
    assert said in _reason(server)
    assert not server.matched


async def test_a_length_that_is_said_twice_alike_is_taken(running: Any) -> None:
    server = await running(POSTED)
    async with await Client.connect(server.port) as client:
        assert (await client.fetch("POST", "/", [("content-length", "3")] * 2, b"abc")).status == 200
    assert server.matched


@pytest.mark.parametrize(
    ("trailers", "said"),
    [
        ([("x-sum", "1")], "'content-length' promises 5 bytes, and the body has 3"),
        ([(":path", "/b")], "':path' stands behind its body"),
        ([("X-Sum", "1")], "'X-Sum' is not the name of a header in lower case"),
    ],
)
async def test_trailers_end_no_request_that_is_not_whole_and_are_looked_at(
    running: Any, trailers: list[tuple[str, str]], said: str
) -> None:
    server = await running(POSTED)
    async with await Client.connect(server.port) as client:
        stream = client.ask("POST", "/", [("content-length", "5")], b"abc", ends=False)
        client.send(HeadersFrame(stream, Encoder().encode(trailers), flags=["END_HEADERS", "END_STREAM"]))
        answer = await client.answer(stream)
        assert answer.status == 400
        await client.until(lambda: answer.reset == 1)
    assert said in _reason(server)
    assert not server.matched


async def test_who_breaks_the_flow_control_of_a_request_has_not_cancelled_it(running: Any) -> None:
    server = await running(POSTED)
    async with await Client.connect(server.port) as client:
        await client.fetch("POST", "/")
        stream = client.ask("POST", "/", body=b"x", ends=False)
        for _ in range(2):
            client.send(WindowUpdateFrame(stream, window_increment=2**31 - 1))
        assert (await client.answer(stream)).reset == 3
    assert "flow control" in _reason(server)
    assert not server.matched, "nobody has decided on what was asked for"
