"""The pact directory: names stay inside it, files are whole, and what goes wrong is said in a sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import Conflict, WriteFailed
from pactmock.pact import specification
from pactmock.pact.directory import file_names, store
from pactmock.pact.documents import reading
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


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_that_is_the_same_to_the_byte_is_neither_locked_nor_written(tmp_path: Path, overwrite: bool) -> None:
    source = _read(pact(interaction("b"), interaction("a")))
    path = store.write(source, tmp_path).path
    before = path.stat()
    with FileLock(tmp_path / file_names.lock_name(path.name)):  # as another process that is at it
        written = store.write(source, tmp_path, overwrite=overwrite)
    assert written == store.Written(path, 2, merged=not overwrite)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_overwriting_forgets_what_was_there(tmp_path: Path) -> None:
    store.write(_read(pact(interaction("old"))), tmp_path)
    written = store.write(_read(pact(interaction("new"))), tmp_path, overwrite=True)
    assert (written.interactions, written.merged) == (1, False)


STATES = {"providerStates": [{"name": "account", "params": {"id": 1}}, {"name": "open"}]}


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
def test_an_older_version_is_merged_into_a_newer_file_without_a_loss(tmp_path: Path, version: str) -> None:
    """Row 6: the reference writes the file in the version of the new pact, and drops what that has no way to say."""
    store.write(_read(pact(interaction("pay") | STATES, version=version)), tmp_path)
    old = interaction("old style") | {"providerState": "x"}
    written = store.write(_read(pact(old, version="2.0.0")), tmp_path, specification.V2)
    document = json.loads(written.path.read_text())
    assert document["metadata"]["pactSpecification"]["version"] == version
    assert [item["providerStates"] for item in document["interactions"]] == [[{"name": "x"}], STATES["providerStates"]]


def test_a_newer_version_raises_that_of_the_file(tmp_path: Path) -> None:
    store.write(_read(pact(interaction("a", {"query": "a=1"}), version="2.0.0")), tmp_path)
    written = store.write(_read(pact(interaction("b"), version="4.0")), tmp_path)
    document = json.loads(written.path.read_text())
    assert document["metadata"]["pactSpecification"]["version"] == "4.0"
    assert document["interactions"][0]["request"]["query"] == {"a": ["1"]}


FOREIGN = """{"provider": {"name": "api", "team": "blue"}, "consumer": {"name": "web"},
 "interactions": [
  {"description": "b", "request": {"path": "/b", "method": "GET", "headers": {}, "query": ""},
    "response": {"status": 200}},
  {"description": "a", "request": {"path": "/a", "method": "get",
    "matchingRules": {"$.body['a']['created-at']": {"match": "type"}}}, "response": {"status": 200}, "tags": ["x"]}
 ],
 "createdAt": "2020-01-01", "metadata": {"pactSpecification": {"version": "2.0.0"}, "pact-js": {"version": "9"}}}
"""


def _again(text: str, **changes: object) -> Pact:
    return _read({**json.loads(text), **changes})


def test_a_run_that_says_nothing_new_leaves_the_bytes_of_a_file_whoever_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "web-api.json"
    typed = FOREIGN.replace("2.0.0", "4.0").replace('{"description"', '{"type": "Synchronous/HTTP", "description"')
    rules = '"matchingRules": {"$.body[\'a\'][\'created-at\']": {"match": "type"}}'
    typed = typed.replace(rules, '"matchingRules": {"body": {"$.a": {"matchers": [{"match": "type"}]}}}')
    for text in (FOREIGN, FOREIGN.replace("2.0.0", "3.0.0"), typed):
        path.write_text(text)
        one, other = json.loads(text)["interactions"]
        metadata = {"pactSpecification": json.loads(text)["metadata"]["pactSpecification"]}
        for run in (
            _again(text),
            _again(text, interactions=[other, one]),
            _again(text, interactions=[other], metadata=metadata),
        ):
            written = store.write(run, tmp_path)
            assert (written.merged, written.interactions) == (True, 2)
            assert path.read_text() == text


def test_what_a_run_does_not_speak_of_stays_as_it_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "web-api.json"
    path.write_text(FOREIGN)
    store.write(_read(pact(interaction("c"), version="2.0.0")), tmp_path)
    before, after = json.loads(FOREIGN), json.loads(path.read_text())
    assert after["interactions"][:2] == [before["interactions"][1], before["interactions"][0]]
    assert {**after, "interactions": []} == {**before, "interactions": []}


def test_what_a_run_says_otherwise_is_written_and_the_order_of_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "web-api.json"
    path.write_text(FOREIGN)
    store.write(_read(pact(interaction("b", {"path": "/c"}), version="2.0.0")), tmp_path)
    before, after = json.loads(FOREIGN), json.loads(path.read_text())
    assert after["interactions"] == [interaction("b", {"path": "/c"}), before["interactions"][1]]


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


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed")
def test_nothing_but_the_pact_is_left_behind(tmp_path: Path) -> None:
    store.write(_read(pact(interaction())), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["web-api.json"]


def test_what_a_process_left_that_was_killed_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """The temporary file of another pact may be in use."""
    program = (
        "import os, signal, sys; from pathlib import Path;"
        " from pactmock.pact.directory import store; from pactmock.pact.documents import reading;"
        " os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL);"
        " pact = {'consumer': {'name': sys.argv[1]}, 'provider': {'name': 'api'}, 'interactions': []};"
        " store.write(reading.read_pact(pact), Path(sys.argv[2]), durable=True)"
    )
    for consumer in ("web", "web", "other"):
        subprocess.run([sys.executable, "-c", program, consumer, str(tmp_path)], check=False)
    (tmp_path / ".web-api.json.own.tmp").touch()
    left = {path.name for path in tmp_path.glob("*.tmp")}
    assert len(left) == 3  # the second run has removed what the first left
    store.write(_read(pact(interaction())), tmp_path)
    now = {path.name for path in tmp_path.glob("*.tmp")}
    assert len(now) == 2
    assert now < left


@pytest.mark.skipif(os.name != "posix", reason="there are no such pipes")
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, overwrite: bool) -> None:
    os.mkfifo(tmp_path / "web-api.json")
    if overwrite:
        assert store.write(_read(pact(interaction())), tmp_path, overwrite=True).path.is_file()
        return
    with pytest.raises(WriteFailed, match="it is no regular file"):
        store.write(_read(pact(interaction())), tmp_path)


def test_a_file_that_is_too_large_to_be_a_pact_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "web-api.json").open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(WriteFailed, match="it has 3221225472 bytes, and 104857600 are the most that is read"):
        store.write(_read(pact(interaction())), tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="takes a user who can become another")
def test_who_may_not_write_is_told_so_and_not_that_another_process_is_busy() -> None:
    program = """
import os, sys
import filelock  # which is imported late, where this user cannot read it any more
from pathlib import Path
from pactmock.errors import WriteFailed
from pactmock.pact.directory import store
from pactmock.pact.documents import reading
pact = reading.read_pact({"consumer": {"name": "web"}, "provider": {"name": "api"}, "interactions": []})
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for directory in sys.argv[1:]:
    try:
        store.write(pact, Path(directory))
    except WriteFailed as error:
        print(error.message)
"""
    with tempfile.TemporaryDirectory() as place:
        private, shared = Path(place, "private"), Path(place, "shared")
        for directory, mode in ((Path(place), 0o755), (private, 0o755), (shared, 0o777)):
            directory.mkdir(exist_ok=True)
            directory.chmod(mode)
            (directory / ".web-api.json.lock").touch(0o600)
        done = subprocess.run(
            [sys.executable, "-c", program, str(private), str(shared)], capture_output=True, text=True, check=False
        )
    assert done.stdout.count("Permission denied") == 2, done


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    written = store.write(_read(pact(interaction())), tmp_path)
    mask = os.umask(0)
    os.umask(mask)
    assert written.path.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
@pytest.mark.parametrize(("of_directory", "of_lock"), [(0o700, 0o600), (0o755, 0o600), (0o775, 0o660), (0o777, 0o666)])
def test_the_lock_is_for_those_who_can_write_into_the_directory(
    tmp_path: Path, of_directory: int, of_lock: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two containers with one pact directory need not run as the same user, and others need not lock it."""
    modes: list[int] = []
    tmp_path.chmod(of_directory)
    sync = os.fsync

    def look(descriptor: int) -> None:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.glob(".*.lock"))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    store.write(_read(pact(interaction())), tmp_path, durable=True)
    assert set(modes) == {of_lock}


@pytest.mark.parametrize("name", ["../../etc/x", "..", "/abs", "a/b", "a\\b", "nul\0", "\n", "C:x", "." * 5])
def test_names_never_leave_the_directory(tmp_path: Path, name: str) -> None:
    written = store.write(_read(pact(interaction(), consumer=name)), tmp_path / "pacts")
    assert written.path.parent == tmp_path / "pacts"
    assert written.path.resolve().is_relative_to((tmp_path / "pacts").resolve())


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_makes_one_harmless_file_name(consumer: str, provider: str) -> None:
    pair = Pact(consumer.encode(errors="replace").decode(), provider.encode(errors="replace").decode())
    for name in (file_names.file_name(pair), file_names.own_file_name(pair), file_names.lock_name("\u0390" * 100)):
        assert Path(name).name == name
        assert name not in {".", ".."}
        assert len(name.encode()) < 255


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such file names")
@pytest.mark.parametrize("name", ["shop:v2", "a b", "caf\u00e9", ".hidden", "a?b*c", "x|y", '"q"', "<t>", "A-Z"])
def test_names_are_written_as_every_pact_library_writes_them(tmp_path: Path, name: str) -> None:
    written = store.write(_read(pact(interaction(), consumer=name)), tmp_path)
    assert written.path == tmp_path / f"{name}-api.json"
    assert store.write(_read(pact(interaction("b"), consumer=name)), tmp_path).path == written.path


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("a-b", "c"), ("a", "b-c")),
        (("Web", "api"), ("web", "api")),
        (("a/b", "c"), ("a_b", "c")),
        (("caf\u00e9", "c"), ("cafe\u0301", "c")),  # one name for macOS, which composes letters
    ],
)
def test_a_file_of_another_pair_is_no_conflict_and_is_left_alone(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str]
) -> None:
    ours, theirs = (
        _read(pact(interaction(), consumer=consumer, provider=provider)) for consumer, provider in (first, second)
    )
    here = store.write(ours, tmp_path)
    before = here.path.read_bytes()
    there = store.write(theirs, tmp_path)
    assert re.fullmatch(r".*-[0-9a-f]{6}\.json", there.path.name)
    for overwrite in (False, True):
        assert store.write(theirs, tmp_path, overwrite=overwrite).path == there.path
        assert here.path.read_bytes() == before
    # Its name is the same in every run, and stays where the other file is gone.
    assert store.write(theirs, tmp_path / "other").path.name == f"{second[0]}-{second[1]}.json"
    here.path.unlink()
    assert store.write(theirs, tmp_path).path == there.path
    assert store.write(ours, tmp_path).path == here.path


def test_a_file_whose_name_came_decomposed_from_another_system_is_that_of_its_pair(tmp_path: Path) -> None:
    ours = _read(pact(interaction(), consumer="caf\u00e9", provider="c"))
    written = store.write(ours, tmp_path).path
    moved = written.rename(written.with_name("cafe\u0301-c.json"))
    assert store.write(ours, tmp_path).path == moved
    assert list(tmp_path.glob("*.json")) == [moved]
