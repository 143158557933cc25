"""Mock servers of one process that write into one file queue for it, and those that wait are written together."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pactmock.errors import Conflict, WriteFailed
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.merging.combining import Written
from pactmock.pact.model import Pact
from pactmock.server.pact_writer import FileWriter, ToWrite
from pactmock.server.workers import Workers
from tests.pacts import interaction, pact


def _read(*interactions: object) -> Pact:
    return reading.read_pact(pact(*interactions))  # type: ignore[arg-type]


def _descriptions(directory: Path) -> list[str]:
    return [item["description"] for item in json.loads((directory / "web-api.json").read_bytes())["interactions"]]


@contextmanager
def busy(workers: Workers, directory: Path) -> Iterator[None]:
    """Keep a file waiting, as one does that is slow to write."""
    is_free = threading.Event()
    workers.run(directory / "web-api.json", is_free.wait)
    try:
        yield
    finally:
        is_free.set()


def _counted(calls: Counter[str], name: str, real: Callable[..., None], *arguments: object) -> None:
    calls[name] += 1
    real(*arguments)


@pytest.fixture
def workers() -> Workers:
    return Workers("files of a test", threads=8, share=1)


@pytest.mark.parametrize("durable", [False, True])
async def test_those_that_wait_for_a_file_are_written_at_once_and_flushed_once(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    calls: Counter[str] = Counter()
    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, partial(_counted, calls, name, getattr(os, name)))
    writer = FileWriter(workers, durable=durable)
    with busy(workers, tmp_path):
        tasks = [
            asyncio.ensure_future(writer.write(ToWrite(_read(interaction(f"{n:02}")), tmp_path))) for n in range(20)
        ]
        await asyncio.sleep(0)
    written = await asyncio.gather(*tasks)
    assert sorted(each.interactions for each in written) == list(range(1, 21))
    assert _descriptions(tmp_path) == [f"{n:02}" for n in range(20)]
    assert calls == ({"replace": 1, "fsync": 2} if durable else {"replace": 1})  # of the file and of its directory


async def test_each_of_them_has_its_own_answer(tmp_path: Path, workers: Workers) -> None:
    writer = FileWriter(workers)
    message = reading.read_pact({**pact(version="4.0"), "interactions": [{**MESSAGE}]})
    with busy(workers, tmp_path):
        tasks = [
            asyncio.ensure_future(writing)
            for writing in (
                writer.write(ToWrite(_read(interaction("a", {"path": "/1"})), tmp_path)),
                writer.write(ToWrite(_read(interaction("a", {"path": "/2"})), tmp_path, refuse_replacements=True)),
                writer.write(ToWrite(message, tmp_path, specification.V2)),
                writer.write(ToWrite(_read(interaction("a", {"path": "/3"})), tmp_path)),
                writer.write(ToWrite(_read(interaction("b")), tmp_path, overwrite=True)),
            )
        ]
        await asyncio.sleep(0)
    first, refused, impossible, replaced, anew = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(refused, Conflict)
    assert isinstance(impossible, WriteFailed)
    assert isinstance(first, Written)
    assert isinstance(replaced, Written)
    assert (first.replacements, [item.existing for item in replaced.replacements]) == ((), ["/1"])
    assert isinstance(anew, Written)
    assert (anew.merged, anew.removed) == (False, 1)
    assert _descriptions(tmp_path) == ["b"]


MESSAGE = {"type": "Synchronous/Messages", "description": "m", "request": {}, "response": [{}]}


async def test_what_nobody_waits_for_any_more_before_its_turn_is_not_written(tmp_path: Path, workers: Workers) -> None:
    writer = FileWriter(workers)
    with busy(workers, tmp_path):
        kept, given_up = (
            asyncio.ensure_future(writer.write(ToWrite(_read(interaction(name)), tmp_path)))
            for name in ("kept", "given up")
        )
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
    await kept
    await writer.write(ToWrite(_read(interaction("last")), tmp_path))
    assert _descriptions(tmp_path) == ["kept", "last"]


async def test_pairs_whose_names_come_to_one_file_are_never_written_together(tmp_path: Path, workers: Workers) -> None:
    writer = FileWriter(workers)
    pairs = [("a-b", "c"), ("a", "b-c")]
    pacts = [
        reading.read_pact(pact(interaction(f"{n}"), consumer=consumer, provider=provider))
        for n in range(5)
        for consumer, provider in pairs
    ]
    written = await asyncio.gather(*(writer.write(ToWrite(each, tmp_path)) for each in pacts))
    assert len({each.path for each in written}) == 2
    for path in {each.path for each in written}:
        document = json.loads(path.read_bytes())
        assert [item["description"] for item in document["interactions"]] == list("01234")
