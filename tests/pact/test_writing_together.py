"""Pacts of one pair that wait for a file are written together, and it is as if one had been written after another."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import Conflict, PactmockError, WriteFailed
from pactmock.pact import specification
from pactmock.pact.directory import store
from pactmock.pact.directory.known_files import KnownFiles
from pactmock.pact.directory.store import Written
from pactmock.pact.documents import reading
from pactmock.pact.json.values import pretty_bytes
from pactmock.pact.merging.combining import Order, Ready
from pactmock.pact.merging.document import PactDocument
from tests.pacts import interaction, pact

VERSIONS = ("1.0.0", "2.0.0", "3.0.0", "4.0")

bodies = st.sampled_from([None, 1, 1.0, -0.0, True, "x", {"b": [1, 2.5], "a": {}}, 2**63])


@st.composite
def interactions(draw: st.DrawFn) -> dict[str, Any]:
    item = interaction(draw(st.sampled_from("abcd")), {"path": draw(st.sampled_from(["/1", "/2"]))})
    item["request"]["body"] = draw(bodies)
    if draw(st.booleans()):
        item["providerStates"] = [{"name": draw(st.sampled_from("st")), "params": {"id": draw(bodies)}}]
    if draw(st.booleans()):
        item["response"]["generators"] = {"status": {"type": "RandomInt"}}
    return item


@st.composite
def orders(draw: st.DrawFn) -> Order:
    items = draw(st.lists(interactions(), min_size=0, max_size=3))
    version = draw(st.sampled_from(VERSIONS))
    if version == "4.0":
        for item in items:
            item["key"] = draw(st.sampled_from([None, "k1", "k2"]))
            item["request"].pop("body")
    document = pact(*items, version=version)
    document["metadata"] |= draw(st.sampled_from([{}, {"team": {"name": "blue"}}, {"team": 1}]))
    target = draw(st.none() | st.sampled_from(["V2", "V3", "V4"]).map(specification.named))
    ready = Ready.of(reading.read_pact(document), target)
    return Order(ready, draw(st.booleans()) and draw(st.booleans()), draw(st.booleans()))


NAMELESS = {"request": {"path": "/n"}, "response": {"status": 200}}
files = st.none() | st.sampled_from(
    [
        b"{ not json",
        pretty_bytes(pact(interaction("z"), version="3.0.0")),
        json.dumps({**pact(interaction("b"), NAMELESS, interaction("a")), "createdAt": "2020-01-01"}).encode(),
        json.dumps(pact(interaction("c", {"query": "a=1&a=2"}), version="2.0.0")).encode(),
        json.dumps({**pact(version="3.0.0"), "interactions": None, "messages": [{"description": "m"}]}).encode(),
        json.dumps(pact({**interaction("a"), "tags": ["x"]}, {**interaction("a"), "tags": ["y"]})).encode(),
    ]
)


def _told(outcomes: list[Written | PactmockError], directory: Path) -> list[object]:
    return [
        outcome.message.replace(str(directory), "")
        if isinstance(outcome, PactmockError)
        else replace(outcome, path=Path(outcome.path.name))
        for outcome in outcomes
    ]


@given(files, st.lists(st.lists(orders(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_pacts_that_are_written_together_come_to_the_bytes_and_the_words_of_one_after_another(
    tmp_path_factory: pytest.TempPathFactory, file: bytes | None, batches: list[list[Order]]
) -> None:
    together, apart = tmp_path_factory.mktemp("together"), tmp_path_factory.mktemp("apart")
    known = KnownFiles()
    for directory in (together, apart):
        if file is not None:
            (directory / "web-api.json").write_bytes(file)
    for batch in batches:
        once = _told(store.write_all(batch, together, known), together)
        singly = _told([store.write_all([order], apart)[0] for order in batch], apart)
        assert once == singly
        ours, theirs = ({path.name: path.read_bytes() for path in each.iterdir()} for each in (together, apart))
        assert ours == theirs


again = st.lists(orders(), min_size=1, max_size=3).flatmap(
    lambda pool: st.lists(st.sampled_from(pool) | files, min_size=2, max_size=12)
)


@given(again)
def test_what_was_written_before_is_told_as_if_it_was_read_anew_whatever_others_write(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Order | bytes | None]
) -> None:
    ours, theirs = tmp_path_factory.mktemp("known"), tmp_path_factory.mktemp("anew")
    known = KnownFiles()
    for step in steps:
        if isinstance(step, Order):
            told = _told(store.write_all([step], ours, known), ours)
            assert told == _told(store.write_all([step], theirs), theirs)
        else:  # somebody else has been there
            for directory in (ours, theirs):
                (directory / "web-api.json").unlink(missing_ok=True)
                if step is not None:
                    (directory / "web-api.json").write_bytes(step)
        assert [each.read_bytes() for each in ours.iterdir()] == [each.read_bytes() for each in theirs.iterdir()]


@given(files, st.lists(orders(), min_size=2, max_size=5))
def test_what_is_known_of_a_file_is_what_reading_it_gives(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | None, batch: list[Order]
) -> None:
    directory, known = tmp_path_factory.mktemp("pacts"), KnownFiles()
    if content is not None:
        (directory / "web-api.json").write_bytes(content)
    for order in batch:
        store.write_all([order], directory, known)
        file = known.read(directory / "web-api.json")
        assert file is not None
        assert file.content is not None
        anew = PactDocument.read(file.content)
        assert (file.document.document, file.document.pact) == (anew.document, anew.pact)


def test_what_was_found_in_a_file_of_a_higher_version_is_no_word_on_a_pact_that_only_reads_alike(
    tmp_path: Path,
) -> None:
    """A pact in V2 has no generators in its text, but they are in the file that it is written into, which is in V3."""
    version = specification.named("V2")
    plain, made = (
        reading.read_pact(pact(interaction("a", body={"id": 1}, generators={"body": generators} if generators else {})))
        for generators in ({}, {"$.id": {"type": "RandomInt"}})
    )
    orders = [Order(Ready.of(made)), Order(Ready.of(made, version)), Order(Ready.of(plain, version))]
    assert orders[1].ready.content == orders[2].ready.content
    known = KnownFiles()
    for order in orders:
        store.write_all([order], tmp_path, known)
    assert b"generators" not in (tmp_path / "web-api.json").read_bytes()


def test_one_that_is_refused_keeps_none_of_the_others_from_being_written(tmp_path: Path) -> None:
    first, other, last = (
        Order(Ready.of(reading.read_pact(pact(interaction(name, {"path": path})))), refuse_replacements=True)
        for name, path in (("a", "/1"), ("a", "/2"), ("b", "/1"))
    )
    written, refused, also = store.write_all([first, other, last], tmp_path)
    assert isinstance(refused, Conflict)
    assert isinstance(written, Written)
    assert isinstance(also, Written)
    assert (written.interactions, also.interactions) == (1, 2)
    document = json.loads((tmp_path / "web-api.json").read_bytes())
    assert [item["request"]["path"] for item in document["interactions"]] == ["/1", "/1"]


def test_one_that_cannot_be_written_in_the_version_of_the_file_fails_alone(tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(250):  # as deep as can be, and the body of V4 is one deeper
        deep = [deep]
    orders = [
        Order(Ready.of(reading.read_pact(pact(item, version=version))))
        for item, version in (
            (interaction("a"), "4.0"),
            (interaction("deep", {"body": deep}), "2.0.0"),
            (interaction("b"), "3.0.0"),
        )
    ]
    first, failed, last = store.write_all(orders, tmp_path)
    assert isinstance(failed, PactmockError)
    assert "nested too deep" in failed.message
    assert [isinstance(each, Written) for each in (first, last)] == [True, True]
    document = json.loads((tmp_path / "web-api.json").read_bytes())
    assert [item["description"] for item in document["interactions"]] == ["a", "b"]


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
def test_a_directory_that_cannot_be_made_fails_all(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    order = Order(Ready.of(reading.read_pact(pact(interaction()))))
    outcomes = store.write_all([order, order], tmp_path / "taken")
    assert [type(outcome) for outcome in outcomes] == [WriteFailed, WriteFailed]


def test_a_file_that_somebody_else_changes_is_noticed_whatever_its_times_say(tmp_path: Path) -> None:
    """As long as before, and of the same moment: only what it holds tells."""
    known = KnownFiles()
    path = tmp_path / "web-api.json"
    order = Order(Ready.of(reading.read_pact(pact(interaction("a")))))
    store.write_all([order], tmp_path, known)
    store.write_all([order], tmp_path, known)
    before = path.stat()
    with path.open("r+b") as file:
        content = file.read().replace(b'"a"', b'"b"')
        file.seek(0)
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (written,) = store.write_all([order], tmp_path, known)
    assert isinstance(written, Written)
    assert (written.interactions, written.changed) == (2, 1)
