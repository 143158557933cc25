"""What a block of headers may hold is known before it is decoded, which takes long for one that is made for that."""

from __future__ import annotations

import asyncio
import copy
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from h2.settings import SettingCodes
from hpack import Decoder, Encoder
from hpack.exceptions import HPACKDecodingError, OversizedHeaderListError
from hpack.hpack import encode_integer
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hpack.huffman_table import decode_huffman
from hyperframe.frame import ContinuationFrame, Frame, HeadersFrame
from hypothesis import given
from hypothesis import strategies as st

from pactmock.server.wire.http2 import huffman
from pactmock.server.wire.http2.blocks import BoundedDecoder, PlainEncoder
from pactmock.server.wire.turns import Turns, turns_of_this_loop
from tests.http2.client import Client, head
from tests.mock_servers import starting
from tests.pacts import interaction
from tests.patience import HANG

CALM = 11
_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)
_LINES = st.lists(st.tuples(st.text("abc-", min_size=1, max_size=140), _TEXT), min_size=1, max_size=30)


@given(st.lists(st.tuples(_LINES, st.booleans()), min_size=1, max_size=3), st.sampled_from([4096, 100, 0]))
def test_a_block_is_read_as_hpack_reads_it_and_no_further_than_its_bound(
    blocks: list[tuple[Any, bool]], size: int
) -> None:
    encoder, theirs, ours = Encoder(), Decoder(100_000), BoundedDecoder(31, 100_000)
    encoder.header_table_size = size
    for lines, is_coded in blocks:
        block = encoder.encode(lines, huffman=is_coded)
        before = copy.deepcopy(ours)
        headers = list(ours.decode(block, raw=True))
        assert headers == list(theirs.decode(block, raw=True))
        before._most_headers = len(headers) - 1
        with pytest.raises(OversizedHeaderListError):
            before.decode(block, raw=True)


@given(st.lists(_LINES, min_size=1, max_size=3), st.data())
def test_what_is_no_block_is_none_to_hpack_as_well(blocks: list[Any], draw: st.DataObject) -> None:
    encoder, theirs, ours = Encoder(), Decoder(100_000), BoundedDecoder(1000, 200_000)
    for lines in blocks:
        block = bytearray(encoder.encode(lines, huffman=draw.draw(st.booleans())))
        for _ in range(draw.draw(st.integers(0, 2))):
            block[draw.draw(st.integers(0, len(block) - 1))] = draw.draw(st.integers(0, 255))
        del block[draw.draw(st.integers(0, len(block))) :]
        read = _read(ours.decode, bytes(block))
        assert read == _read(partial(theirs.decode, raw=True), bytes(block))
        if read is None:
            return


_FEW = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "x", "y" * 40, "z" * 90])), max_size=4)


_SIZES = st.lists(st.sampled_from([65536, 4096, 150, 100, 0]), max_size=3)


@given(st.lists(st.tuples(_FEW, st.just([]) | _SIZES), max_size=30))
def test_a_block_that_is_written_again_means_the_same(blocks: list[tuple[Any, list[int]]]) -> None:
    """Whatever the table has forgotten meanwhile, or learnt, and however often its client changed its mind."""
    encoder, decoder = PlainEncoder(), Decoder()
    for lines, sizes in blocks:
        for size in sizes:
            encoder.header_table_size = decoder.max_allowed_table_size = size
        assert decoder.decode(encoder.encode(lines)) == lines


@pytest.mark.parametrize("sizes", [(0, 0), (100, 100), (65536, 100), (0, 4096)], ids=str)
async def test_a_client_that_says_twice_how_much_it_remembers_can_read_its_answers(
    running: Any, sizes: tuple[int, int]
) -> None:
    """Between two of its requests, the answers to which have the same headers."""
    server = await running(interaction(headers={"X-One": "1", "X-Two": "2"}))
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        await client.fetch("GET", "/")
        for size in sizes:
            client.h2.update_settings({SettingCodes.HEADER_TABLE_SIZE: size})
        client.flush()
        for _ in range(3):
            assert ("x-one", "1") in (await client.fetch("GET", "/")).headers


def test_what_was_written_before_is_not_worked_out_again() -> None:
    encoder, lines = PlainEncoder(), [(b":status", b"200"), (b"x-a", b"b")]
    first, second = encoder.encode(lines), encoder.encode(lines)
    assert encoder.encode(lines) is second, "nothing was added in between"
    assert len(second) < len(first)
    encoder.encode([(b"x-b", b"c")])
    assert encoder.encode(lines) != second, "its index is another one now"


_CODE = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)


@given(st.binary(max_size=60), st.binary(max_size=2), st.integers(0, 3))
def test_huffmans_code_is_read_as_hpack_reads_it(text: bytes, more: bytes, less: int) -> None:
    """Also where it is none: a text that is cut, padding that is too long or holds other bits."""
    coded = _CODE.encode(text)
    coded = coded[: len(coded) - less] + more
    assert _read(huffman.decode, coded) == _read(decode_huffman, coded)


def test_huffmans_code_is_read_in_several_threads_at_once() -> None:
    """As by mock servers that are on loops of their own, also when they are the first to need a row of the table."""
    letters, threads, before = bytes(range(256)), 4, sys.getswitchinterval()
    coded = _CODE.encode(letters)

    def read(begin: threading.Barrier) -> bytes:
        begin.wait(HANG)
        return huffman.decode(coded)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(30):
                for row in huffman._ROWS:
                    row.clear()
                assert list(pool.map(read, [threading.Barrier(threads)] * threads)) == [letters] * threads
    finally:
        sys.setswitchinterval(before)


def _read(decode: Callable[[bytes], Any], coded: bytes) -> Any:
    try:
        return decode(coded)
    except HPACKDecodingError:
        return None


def _coded(size: int) -> bytes:
    """Write a header whose value is the letter a, in Huffman's code of so many bytes."""
    length = encode_integer(size, 7)
    length[0] |= 0x80
    return b"\x00\x01x" + length + b"\x18\xc6\x31\x8c\x63" * (size // 5)


def _send(client: Client, stream: int, block: bytes) -> None:
    """Send a request without a body, whose block is cut into as many frames as it takes."""
    pieces = [block[at : at + 16_000] for at in range(0, len(block), 16_000)]
    frames: list[Frame] = [HeadersFrame(stream, pieces[0], flags=["END_STREAM"])]
    frames += [ContinuationFrame(stream, piece) for piece in pieces[1:]]
    frames[-1].flags.add("END_HEADERS")
    for frame in frames:
        client.send(frame)


@pytest.mark.parametrize(
    "block",
    [b"\x40\x01x\x00" + b"\xbe" * 19_000, b"\x00\x01x\x00" * 19_000, b"\x40\x01x\x00" * 19_000, _coded(400_000)],
    ids=["indexed", "literal", "remembered", "coded"],
)
async def test_more_than_can_be_decoded_at_once_ends_the_connection_and_fails_the_test(
    running: Any, block: bytes
) -> None:
    server = await running(interaction())
    block = Encoder().encode(head("GET", "/")) + block
    async with await Client.connect(server.port) as client:
        await client.fetch("GET", "/")
        _send(client, 3, block)
        await client.until(lambda: client.is_closed)
        assert [went.error_code for went in client.went_away] == [CALM]
    assert not server.matched


async def test_headers_within_their_bound_are_taken(running: Any) -> None:
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.h2.encoder = PlainEncoder()  # the other one takes seconds
        assert (await client.fetch("GET", "/", [("x-a", "a" * 250_000)])).status == 200
        assert (await client.fetch("GET", "/", [(f"x-{number}", "") for number in range(990)])).status == 200
        assert (await client.fetch("GET", "/", [(f"x-{number}", "") for number in range(1500)])).status == 431


def test_a_header_within_its_bound_is_decoded_also_where_it_is_coded() -> None:
    ((_, value),) = BoundedDecoder(2000, 640 * 1024).decode(_coded(160_000), raw=True)
    assert value == b"a" * 256_000


async def test_an_answer_that_names_a_long_origin_is_not_coded(running: Any) -> None:
    """In Huffman's code it would take three seconds of the loop."""
    server = await running(interaction())
    async with await Client.connect(server.port) as client:
        client.h2.encoder = PlainEncoder()  # nor to ask for
        client.h2.decoder.max_header_list_size = 1_000_000
        before = client.received
        answer = await client.fetch("GET", "/", [("origin", "http://" + "o" * 240_000)])
        assert len(dict(answer.headers)["access-control-allow-origin"]) > 240_000
        assert client.received - before > 240_000


class _Slow:
    """Takes a frame that takes long, over and over."""

    def __init__(self) -> None:
        self.began: list[float] = []
        self.ended: list[float] = []

    def take_frames(self, until: float) -> bool:
        self.began.append(time.monotonic())
        enough = time.thread_time() + 0.03
        while time.thread_time() < enough or time.monotonic() < until:
            pass
        self.ended.append(time.monotonic())
        return len(self.began) == 4


async def test_after_a_frame_that_took_long_all_others_have_as_long_before_the_next() -> None:
    turns, slow = Turns(), _Slow()
    turns.have(slow)
    async with asyncio.timeout(HANG):
        while len(slow.began) < 4:
            await asyncio.sleep(0)
            if len(slow.began) < 4:
                turns.have(slow)  # more has come, and it waits all the same
    rests = [began - ended for began, ended in zip(slow.began[1:], slow.ended, strict=False)]
    assert min(rests) > 0.025, rests


class _Interrupted(_Slow):
    """Takes a frame that costs nothing and is there for long, as where others have the processor."""

    def take_frames(self, until: float) -> bool:
        self.began.append(time.monotonic())
        time.sleep(max(0.0, until - time.monotonic()) + 0.05)
        return len(self.began) == 4


async def test_who_was_kept_from_running_needs_no_rest() -> None:
    turns, interrupted, rounds = Turns(), _Interrupted(), 0
    turns.have(interrupted)
    while len(interrupted.began) < 4:
        await asyncio.sleep(0)
        rounds += 1
    assert rounds < 20, "each turn of the loop has one of theirs"


def test_a_loop_that_ends_amid_a_turn_leaves_none_to_the_next_one() -> None:
    """Mock servers in a program share what they take in, also over loops: one for each test, for many."""

    async def ask(*others: _Slow) -> None:
        async with starting() as start:
            server = await start(interaction())
            async with await Client.connect(server.port) as client, asyncio.timeout(HANG):
                assert (await client.fetch("GET", "/")).status == 200
                for other in others:
                    turns_of_this_loop().have(other)

    asyncio.run(ask(_Slow()))
    asyncio.run(ask())
