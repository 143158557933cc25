"""What is to be written of a pact where its pair was written before is decided on values, as it is with files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import Conflict, WriteFailed
from pactmock.pact import specification
from pactmock.pact.directory import store
from pactmock.pact.documents import reading
from pactmock.pact.merging.combining import Order, Ready, combine
from pactmock.pact.merging.document import PactDocument
from pactmock.pact.model import Pact
from tests.pacts import interaction, pact

PLACE = Path("kept", "web-api.json")


def _order(*interactions: object, overwrite: bool = False, refuse_replacements: bool = False) -> Order:
    return Order(Ready.of(_read(*interactions)), overwrite, refuse_replacements)


def _read(*interactions: object, version: str = "3.0.0") -> Pact:
    return reading.read_pact(pact(*interactions, version=version))  # type: ignore[arg-type]


runs = st.lists(
    st.tuples(
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
        st.sampled_from(["/1", "/2"]),
        st.sampled_from(["2.0.0", "3.0.0", "4.0"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(runs)
def test_a_store_without_files_comes_to_the_bytes_and_the_words_of_one_with_files(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[list[str], str, str, bool]]
) -> None:
    directory = tmp_path_factory.mktemp("pacts")
    kept: bytes | None = None
    for names, path, version, overwrite in runs:
        given_pact = _read(*(interaction(name, {"path": path}) for name in names), version=version)
        written = store.write(given_pact, directory, overwrite=overwrite)
        order, before = Order(Ready.of(given_pact), overwrite), kept
        existing = None if kept is None else PactDocument.read(kept)
        combined = combine(order, existing, written.path)
        kept = kept if combined.content is None else combined.content
        assert kept == written.path.read_bytes()
        if kept != before:
            assert combined.written == written


def test_what_says_nothing_new_is_not_to_be_written() -> None:
    kept = PactDocument.read(_order(interaction("a"), interaction("b")).ready.content)
    combined = combine(_order(interaction("b")), kept, PLACE)
    assert combined.content is None
    assert (combined.written.interactions, combined.written.changed, combined.written.path) == (2, 0, PLACE)


def test_a_replacement_is_told_or_refused() -> None:
    kept = PactDocument.read(_order(interaction("a", {"path": "/old"})).ready.content)
    changed = _order(interaction("a", {"path": "/new"}))
    assert [item.field for item in combine(changed, kept, PLACE).written.replacements] == ["request path"]
    with pytest.raises(Conflict, match="was '/old' and is now '/new'"):
        combine(_order(interaction("a", {"path": "/new"}), refuse_replacements=True), kept, PLACE)


def test_what_cannot_be_read_is_not_merged_with_and_can_be_overwritten() -> None:
    broken = PactDocument.read(b"{")
    with pytest.raises(WriteFailed, match=r"web-api\.json, so it cannot be merged with: This is not JSON"):
        combine(_order(interaction("a")), broken, PLACE)
    content = combine(_order(interaction("a"), overwrite=True), broken, PLACE).content
    assert content is not None
    assert json.loads(content)["interactions"][0]["description"] == "a"


def test_a_version_that_cannot_hold_a_pact_refuses_it_before_anything_is_combined() -> None:
    names = {"consumer": {"name": "web"}, "provider": {"name": "api"}}
    messages = reading.read_pact({**names, "messages": [{"description": "m", "contents": 1}]})
    with pytest.raises(WriteFailed):
        Ready.of(messages, specification.V2)
