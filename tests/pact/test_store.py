"""The pact directory: names stay inside it, files are whole, and what goes wrong is said in a sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import Conflict, WriteFailed
from pactmock.pact import reading, specification, store
from pactmock.pact.model import Pact
from tests.pacts import interaction, pact


def _read(document: object) -> Pact:
    return reading.read_pact(document)


def test_a_pact_is_written_in_the_version_that_it_came_in(tmp_path: Path) -> None:
    for version in ("1.0.0", "1.1.0", "2.0.0", "3.0.0", "4.0"):
        written = store.write(_read(pact(interaction(), version=version)), tmp_path / version)
        assert json.loads(written.path.read_text())["metadata"]["pactSpecification"]["version"] == version


def test_the_same_run_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = _read(pact(interaction("b"), interaction("a", {"body": {"x": [1, 2.0]}})))
    first = store.write(source, tmp_path).path.read_bytes()
    second = store.write(source, tmp_path)
    assert second.merged
    assert second.path.read_bytes() == first


def test_overwriting_forgets_what_was_there(tmp_path: Path) -> None:
    store.write(_read(pact(interaction("old"))), tmp_path)
    written = store.write(_read(pact(interaction("new"))), tmp_path, overwrite=True)
    assert (written.interactions, written.merged) == (1, False)


def test_the_file_of_another_version_is_written_in_the_new_one(tmp_path: Path) -> None:
    """Row 6: kept as the reference does it."""
    store.write(_read(pact(interaction("a"), version="4.0")), tmp_path)
    written = store.write(_read(pact(interaction("b"))), tmp_path, specification.V3)
    document = json.loads(written.path.read_text())
    assert document["metadata"]["pactSpecification"]["version"] == "3.0.0"
    assert [item["description"] for item in document["interactions"]] == ["a", "b"]


def test_a_conflict_names_the_interaction_and_the_field(tmp_path: Path) -> None:
    store.write(_read(pact(interaction("a", {"path": "/old"}))), tmp_path)
    changed = _read(pact(interaction("a", {"path": "/new"})))
    with pytest.raises(Conflict) as caught:
        store.write(changed, tmp_path, refuse_replacements=True)
    assert "'a': request path was '/old' and is now '/new'" in caught.value.message
    assert store.write(changed, tmp_path).replacements[0].field == "request path"


def test_a_file_that_is_no_pact_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "web-api.json"
    path.write_text("{ not json")
    with pytest.raises(WriteFailed, match=r"Failed to parse Pact JSON of .*web-api.json"):
        store.write(_read(pact(interaction())), tmp_path)
    assert path.read_text() == "{ not json"


def test_a_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WriteFailed, match=r"could not be written to .*taken"):
        store.write(_read(pact(interaction())), tmp_path / "taken")


def test_nothing_but_the_pact_and_its_lock_is_left_behind(tmp_path: Path) -> None:
    store.write(_read(pact(interaction())), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {"web-api.json", ".web-api.json.lock"}


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    written = store.write(_read(pact(interaction())), tmp_path)
    mask = os.umask(0)
    os.umask(mask)
    assert written.path.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
def test_the_lock_is_for_every_user_of_the_directory(tmp_path: Path) -> None:
    """Two containers with one pact directory need not run as the same user."""
    store.write(_read(pact(interaction())), tmp_path)
    locks = list(tmp_path.glob(".*.lock"))
    assert [lock.stat().st_mode & 0o777 for lock in locks] == [0o666] * len(locks)


@pytest.mark.parametrize("name", ["../../etc/x", "..", "/abs", "a/b", "a\\b", "nul\0", "\n", "C:x", "." * 5])
def test_names_never_leave_the_directory(tmp_path: Path, name: str) -> None:
    written = store.write(_read(pact(interaction(), consumer=name)), tmp_path / "pacts")
    assert written.path.parent == tmp_path / "pacts"
    assert written.path.resolve().is_relative_to((tmp_path / "pacts").resolve())


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_makes_one_harmless_file_name(consumer: str, provider: str) -> None:
    name = store.file_name(Pact(consumer.encode(errors="replace").decode(), provider.encode(errors="replace").decode()))
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name.encode()) < 255
