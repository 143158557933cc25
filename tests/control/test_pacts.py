"""The pacts of the output directory are listed and shown, whoever wrote them, and nothing else of the disk is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from pactmock.control.running import Service
from pactmock.errors import NoSuchPact
from pactmock.pact.directory import store
from pactmock.pact.directory.file_names import file_name
from pactmock.pact.documents import reading
from pactmock.pact.documents.summary import summarize
from pactmock.pact.merging.combining import combine
from pactmock.pact.merging.document import PactDocument
from pactmock.pact.model import Pact
from pactmock.pact.url_step import url_step
from pactmock.server.pact_writer import ToWrite
from pactmock.service.settings import ServiceSettings
from pactmock.service.store.pacts.kept_pact import KeptPact, PactPage
from pactmock.service.store.pacts.pact_directory import MOST_FILES, PactDirectory
from tests.pacts import USERS, interaction, pact
from tests.raw_http import exchange

MESSAGES = {
    "consumer": {"name": "web"},
    "provider": {"name": "queue"},
    "messages": [{"description": "m", "contents": {"id": 1}}],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


@pytest.fixture
def output(service: Service) -> Path:
    directory = service.settings.output
    directory.mkdir()
    return directory


def _write(output: Path, name: str, document: Any) -> Path:
    path = output / name
    path.write_text(json.dumps(document))
    return path


async def _get(control: aiohttp.ClientSession, path: str, status: int = 200) -> Any:
    async with control.get(URL(path, encoded=True)) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def _written(control: aiohttp.ClientSession, document: Any, **body: Any) -> dict[str, Any]:
    """Play a pact, write it, and end the mock server."""
    async with control.post("/", json=document) as response:
        server = (await response.json())["mockServer"]
    async with control.post(f"/mockserver/{server['id']}/pact", json=body) as response:
        assert response.status == 200, await response.text()
        written: dict[str, Any] = await response.json()
    async with control.delete(f"/mockserver/{server['id']}") as response:
        assert response.status == 204
    return written


def _holds(path: str, content: bytes) -> None:
    assert Path(path).read_bytes() == content


def _allow(path: Path, mode: int) -> None:
    path.chmod(mode)


async def test_before_anything_was_written_the_list_is_empty(control: aiohttp.ClientSession) -> None:
    assert await _get(control, "/pacts") == {"pacts": [], "unread": [], "total": 0, "next": None}
    assert (await _get(control, "/pacts/web/api", 404))["code"] == "no_such_pact"


async def test_what_a_mock_server_wrote_is_listed_and_shown_to_the_byte(control: aiohttp.ClientSession) -> None:
    before = datetime.now(UTC).timestamp() - 2
    written = await _written(control, USERS)
    (listed,) = (await _get(control, "/pacts"))["pacts"]
    assert before < datetime.fromisoformat(listed.pop("written")).timestamp() < time.time() + 2
    assert listed == {
        "consumer": "web",
        "provider": "api",
        "specification": "V3",
        "interactions": 2,
        "messages": 0,
        "file": "web-api.json",
        "url": str(control._base_url).rstrip("/") + "/pacts/web/api",
    }
    async with control.get(listed["url"]) as response:
        assert response.content_type == "application/json"
        content = await response.read()
    _holds(written["path"], content)
    async with control.head(listed["url"]) as response:
        assert (response.status, response.content_length) == (200, len(content))


async def test_pacts_are_sorted_by_file_whoever_wrote_them_and_messages_are_counted(
    control: aiohttp.ClientSession, output: Path
) -> None:
    typed = pact(interaction("a"), {"type": "Asynchronous/Messages", "description": "m"}, version="4.0", provider="z")
    await _written(control, USERS)
    _write(output, "by hand.json", MESSAGES)
    _write(output, "web-z.json", typed)
    (output / ".web-api.json.lock").touch()
    _write(output, "notes.txt", USERS)
    (output / "below").mkdir()
    _write(output / "below", "web-other.json", pact(interaction(), provider="other"))
    answer = await _get(control, "/pacts")
    assert [
        (item["file"], item["provider"], item["specification"], item["interactions"], item["messages"])
        for item in answer["pacts"]
    ] == [
        ("by hand.json", "queue", "V3", 0, 1),
        ("web-api.json", "api", "V3", 2, 0),
        ("web-z.json", "z", "V4", 1, 1),
    ]
    assert (answer["unread"], answer["total"]) == ([], 3)
    for item in answer["pacts"]:
        assert (await _get(control, URL(item["url"]).raw_path))["provider"]["name"] == item["provider"]


async def test_what_is_no_pact_is_named_with_a_sentence(control: aiohttp.ClientSession, output: Path) -> None:
    _write(output, "a.json", {"name": "a package"})
    (output / "b.json").write_bytes(b'{"consumer": ')
    _write(output, "c.json", [])
    _write(output, "d.json", {"consumer": {"name": "c"}, "provider": {"name": "p"}})
    _write(output, "e.json", {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": 7})
    (output / "f.json").mkdir()
    with (output / "g.json").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    (output / "h.json").write_bytes(b"[" * 100_000)
    (output / "i.json").write_bytes(json.dumps(USERS).encode("utf-16"))
    _write(output, "j.json", USERS)
    answer = await _get(control, "/pacts")
    assert [item["file"] for item in answer["pacts"]] == ["j.json"]
    problems = {item["file"][0]: item["problem"] for item in answer["unread"]}
    assert problems.pop("b").startswith("This is not JSON: ")
    assert problems.pop("f") in {"Is a directory", "Permission denied"}
    assert problems.pop("h").startswith("This is not JSON: ")
    assert problems == {
        "a": "it names no consumer, so it is no pact",
        "c": "it is no JSON object, so it is no pact",
        "d": "it has neither 'interactions' nor 'messages', so it is no pact",
        "e": "its 'interactions' are no list, so it is no pact",
        "g": "it has 16777217 bytes, and 16777216 are the most that is read",
        "i": "This is not JSON: it is in UTF-16 or UTF-32, not in UTF-8: save it as UTF-8",
    }
    assert answer["total"] == 10


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and links of POSIX")
async def test_links_are_not_followed_and_nobody_waits_for_a_pipe(
    control: aiohttp.ClientSession, output: Path, tmp_path: Path
) -> None:
    secret = _write(tmp_path, "secret.json", pact(interaction("secret"), consumer="inner", provider="secret"))
    (output / "link.json").symlink_to(secret)
    (output / "inner-secret.json").symlink_to(secret)
    (output / "round.json").symlink_to("round.json")
    os.mkfifo(output / "pipe.json")
    answer = await _get(control, "/pacts")
    linked = "it is a symbolic link, which is not followed"
    assert {item["file"]: item["problem"] for item in answer["unread"]} == {
        "link.json": linked,
        "inner-secret.json": linked,
        "round.json": linked,
        "pipe.json": "it is no regular file",
    }
    assert linked in (await _get(control, "/pacts/inner/secret", 404))["error"]


async def test_what_may_not_be_read_is_said(control: aiohttp.ClientSession, output: Path) -> None:
    path = _write(output, "web-api.json", USERS)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read whatever there is")
    assert (await _get(control, "/pacts"))["unread"] == [{"file": "web-api.json", "problem": "Permission denied"}]
    assert "cannot be read: Permission denied" in (await _get(control, "/pacts/web/api", 404))["error"]
    _allow(output, 0)
    try:
        (said,) = (await _get(control, "/pacts"))["unread"]
        assert said == {"file": ".", "problem": "The output directory cannot be listed: Permission denied"}
        assert (await _get(control, "/pacts/web/api", 404))["code"] == "no_such_pact"
    finally:
        _allow(output, 0o700)


async def test_an_output_directory_that_is_none_is_said(control: aiohttp.ClientSession, service: Service) -> None:
    service.settings.output.write_text("a file")
    assert (await _get(control, "/pacts"))["unread"][0]["file"] == "."
    assert (await _get(control, "/pacts/web/api", 404))["code"] == "no_such_pact"


HOSTILE = (
    "..",
    ".",
    "../../etc/passwd",
    "a/b",
    "a%2Fb",
    "a\\b",
    "nul\0here",
    "line\nbreak\x1b[31m",
    "ü" * 200,
    "a" * 255,
    "{braces}",
    " ",
    "?#&+%",
    "con",
    "A",
    "a",
    "\u202e",
)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
async def test_a_name_of_any_kind_leads_to_its_own_pact(control: aiohttp.ClientSession, name: str) -> None:
    await _written(control, pact(interaction("as consumer"), consumer=name, provider="api"))
    await _written(control, pact(interaction("as provider"), consumer="web", provider=name))
    listed = (await _get(control, "/pacts"))["pacts"]
    assert {(item["consumer"], item["provider"]) for item in listed} == {(name, "api"), ("web", name)}
    for item in listed:
        found = await _get(control, item["url"].removeprefix(str(control._base_url).rstrip("/")))
        assert (found["consumer"]["name"], found["provider"]["name"]) == (item["consumer"], item["provider"])


@pytest.mark.parametrize(
    "path", ["../x", "%2E%2E/%2E%2E%2Fsecret", "%00/x", "%FF/%C0%AF", "%ED%A0%80/x", "x/" + "y" * 5000, "x/%0D%0AA:b"]
)
async def test_a_name_that_nothing_has_is_not_found(service: Service, output: Path, path: str) -> None:
    _write(output.parent, "secret.json", pact(interaction(), consumer="..", provider="../secret"))
    request = f"GET /pacts/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    answer = await exchange(service.port, request)
    assert answer.startswith(b"HTTP/1.1 404 "), answer
    assert b'"code":"no_such_pact"' in answer
    assert b"secret.json" not in answer


async def test_names_that_make_one_file_name_are_told_apart(control: aiohttp.ClientSession) -> None:
    pairs = [("a-b", "c"), ("a", "b-c"), ("A-B", "C"), ("a/b", "c"), ("a_b", "c")]
    for consumer, provider in pairs:
        await _written(control, pact(interaction(f"of {consumer}"), consumer=consumer, provider=provider))
    listed = (await _get(control, "/pacts"))["pacts"]
    assert sorted((item["consumer"], item["provider"]) for item in listed) == sorted(pairs)
    assert len({item["file"].lower() for item in listed}) == len(pairs)
    for consumer, provider in pairs:
        found = await _get(control, f"/pacts/{url_step(consumer)}/{url_step(provider)}")
        assert found["interactions"][0]["description"] == f"of {consumer}"
    assert (await _get(control, "/pacts/A-b/c", 404))["code"] == "no_such_pact"


async def test_a_pact_can_be_shown_in_another_version(control: aiohttp.ClientSession, output: Path) -> None:
    await _written(control, USERS)
    shown = await _get(control, "/pacts/web/api?specification=V4")
    assert shown["metadata"]["pactSpecification"]["version"] == "4.0"
    assert shown["interactions"][0]["type"] == "Synchronous/HTTP"
    assert (await _get(control, "/pacts/web/api?specification=V9", 400))["parameter"] == "specification"
    _write(output, "web-queue.json", MESSAGES)
    assert (await _get(control, "/pacts/web/queue?specification=V2", 422))["code"] == "write_failed"
    _write(output, "web-odd.json", pact(interaction(status="many"), provider="odd"))
    assert (await _get(control, "/pacts/web/odd?specification=V4", 422))["pointer"] == "/interactions/0/response/status"
    assert (await _get(control, "/pacts/web/odd"))["interactions"][0]["response"]["status"] == "many"


async def test_a_byte_order_mark_is_not_sent(control: aiohttp.ClientSession, output: Path) -> None:
    (output / "web-api.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(USERS).encode())
    assert (await _get(control, "/pacts"))["pacts"][0]["consumer"] == "web"
    assert await _get(control, "/pacts/web/api") == USERS


async def test_of_several_files_of_a_pair_the_one_is_shown_that_is_written_into(
    control: aiohttp.ClientSession, output: Path
) -> None:
    _write(output, "a copy.json", pact(interaction("copied")))
    _write(output, "web-api.json", pact(interaction("current")))
    assert (await _get(control, "/pacts/web/api"))["interactions"][0]["description"] == "current"
    (output / "web-api.json").unlink()
    assert (await _get(control, "/pacts/web/api"))["interactions"][0]["description"] == "copied"


async def test_what_changes_is_listed_as_it_is_now(control: aiohttp.ClientSession, output: Path) -> None:
    counts = []
    for number in range(3):
        await _written(control, pact(interaction(f"no. {number}", {"path": f"/{number}"})))
        counts.append((await _get(control, "/pacts"))["pacts"][0]["interactions"])
    assert counts == [1, 2, 3]
    (output / "web-api.json").unlink()
    assert (await _get(control, "/pacts"))["total"] == 0


async def test_while_pacts_are_written_every_list_and_every_pact_is_whole(control: aiohttp.ClientSession) -> None:
    await _written(control, pact(interaction("first", {"path": "/first"})))

    async def write(writer: int) -> None:
        for number in range(5):
            name = f"{writer}.{number}"
            await _written(control, pact(interaction(name, {"path": f"/{name}"})))
            await _written(control, pact(interaction(name), provider=name))

    writing = asyncio.gather(*map(write, range(4)))
    seen = 0
    while not writing.done():
        answer = await _get(control, "/pacts")
        assert answer["unread"] == []
        (shared,) = (item for item in answer["pacts"] if item["provider"] == "api")
        assert seen <= shared["interactions"] <= len((await _get(control, "/pacts/web/api"))["interactions"])
        seen = shared["interactions"]
    await writing
    answer = await _get(control, "/pacts")
    assert (answer["total"], len(answer["pacts"])) == (21, 21)
    assert len((await _get(control, "/pacts/web/api"))["interactions"]) == 21


async def test_ten_thousand_files_come_in_pages_and_hold_nobody_up(
    control: aiohttp.ClientSession, output: Path
) -> None:
    text = json.dumps(USERS)
    for number in range(10_000):
        (output / f"{number:05}.json").write_text(text.replace('"api"', f'"{number}"'))
    answered = 0

    async def ask_for_health() -> None:
        nonlocal answered
        while True:
            await _get(control, "/health")
            answered += 1

    asking = asyncio.create_task(ask_for_health())
    page = await _get(control, "/pacts")
    assert answered > 2, "nobody else was answered in the meantime"
    assert (len(page["pacts"]), page["total"], page["next"]) == (1000, 10_000, 1000)
    found: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await _get(control, f"/pacts?offset={offset}&limit=3000")
        found += [item["provider"] for item in page["pacts"]]
        offset = page["next"]
    assert found == [str(number) for number in range(10_000)]
    assert (await _get(control, "/pacts/web/9999"))["provider"]["name"] == "9999"
    assert (await _get(control, "/pacts/web/none", 404))["code"] == "no_such_pact"
    asking.cancel()
    assert (await _get(control, "/pacts?offset=20000"))["next"] is None
    assert (await _get(control, "/pacts?limit=0", 400))["parameter"] == "limit"


def test_a_page_ends_where_it_has_read_much(tmp_path: Path) -> None:
    big = json.dumps(pact(interaction("big", body="x" * 15 * 1024 * 1024)))
    for number in range(6):
        (tmp_path / f"{number}.json").write_text(big)
    directory = PactDirectory(tmp_path)
    first = directory.page(0, 100)
    assert (len(first.pacts), first.total, first.next) == (5, 6, 5)
    assert [item.file for item in directory.page(5, 100).pacts] == ["5.json"]
    assert len(directory.page(0, 100).pacts) == 6  # what was read before is not read again


def test_a_search_ends_where_it_has_read_much_and_goes_on_when_it_is_asked_again(tmp_path: Path) -> None:
    big = json.dumps(pact(interaction("big", body="x" * 15 * 1024 * 1024)))
    for number in range(20):
        (tmp_path / f"{number:02}.json").write_text(big)
    (tmp_path / "99.json").write_text(json.dumps(pact(interaction(), provider="last")))
    directory = PactDirectory(tmp_path)
    with pytest.raises(NoSuchPact, match="as far as the files there were read: ask again"):
        directory.read("web", "last")
    assert json.loads(directory.read("web", "last"))["provider"]["name"] == "last"


def test_names_that_no_list_has_room_for_are_said_and_their_pact_is_found(tmp_path: Path) -> None:
    name = "x" * 2000
    store.write(reading.read_pact(pact(interaction(), provider=name)), tmp_path)
    directory = PactDirectory(tmp_path)
    assert [item.problem for item in directory.page(0, 1).unread] == [
        "its consumer or provider has a name of more than 1,000 characters"
    ]
    assert json.loads(directory.read("web", name))["provider"]["name"] == name


def test_of_too_many_files_only_so_many_are_listed_and_that_is_said(tmp_path: Path) -> None:
    original = tmp_path / "0.json"
    original.write_text(json.dumps(USERS))
    for number in range(1, MOST_FILES + 2):
        (tmp_path / f"{number}.json").touch()
    page = PactDirectory(tmp_path).page(0, 1)
    assert (page.total, page.next) == (MOST_FILES, 1)
    assert "more than 100,000 files" in page.unread[0].problem


async def test_a_service_with_a_token_shows_pacts_to_who_has_it(tmp_path: Path) -> None:
    _write(tmp_path, "web-api.json", USERS)
    settings = ServiceSettings(port=0, output=tmp_path, token="the token")  # noqa: S106  of a test
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as session:
        for path in ("/pacts", "/pacts/web/api"):
            async with session.get(path) as response:
                assert response.status == 401
            async with session.get(path, headers={"Authorization": "Bearer the token"}) as response:
                assert response.status == 200


class _InMemory:
    """Pacts that are kept in no file, as a store for several replicas keeps them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    async def write(self, wanted: ToWrite) -> store.Written:
        pact = wanted.pact
        pair = pact.consumer, pact.provider
        existing = PactDocument.read(self.kept[pair]) if pair in self.kept else None
        combined = combine(wanted.order(), existing, wanted.directory / file_name(pact))
        if combined.content is not None:
            self.kept[pair] = combined.content
        return combined.written

    async def page(self, offset: int, limit: int) -> PactPage:
        listed = [
            KeptPact(summarize(json.loads(content)), file_name(Pact(*pair, ())), 0.0)
            for pair, content in sorted(self.kept.items())
        ]
        end = offset + limit
        return PactPage(tuple(listed[offset:end]), (), len(listed), end if end < len(listed) else None)

    async def read(self, consumer: str, provider: str) -> bytes:
        return self.kept[consumer, provider]


async def test_pacts_can_be_kept_elsewhere_than_in_files(service: Service, control: aiohttp.ClientSession) -> None:
    service.mock_service.keep_pacts(_InMemory())
    assert (await _written(control, pact(interaction("a"))))["merged"] is False
    written = await _written(control, pact(interaction("b", {"path": "/b"})))
    assert (written["merged"], written["interactions"]) == (True, 2)
    async with control.post("/", json=pact(interaction("b", {"path": "/c"}))) as response:
        server = (await response.json())["mockServer"]
    async with control.post(f"/mockserver/{server['id']}/pact", json={"onConflict": "refuse"}) as response:
        assert (response.status, (await response.json())["code"]) == (409, "conflict")
    await (await control.get(f"/m/{server['id']}/c")).read()
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    (listed,) = (await _get(control, "/pacts"))["pacts"]
    assert (listed["file"], listed["interactions"]) == ("web-api.json", 2)
    assert [item["request"]["path"] for item in (await _get(control, "/pacts/web/api"))["interactions"]] == ["/", "/c"]
    assert not list(service.settings.output.parent.rglob("*.json"))


names = st.text(min_size=1, max_size=300).filter(lambda name: name.isascii() or name.encode(errors="ignore"))


@given(st.lists(st.tuples(names, names), min_size=1, max_size=4, unique=True))
def test_whatever_is_written_is_found_by_its_names_and_nothing_else_is(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    output = tmp_path_factory.mktemp("pacts")
    directory = PactDirectory(output)
    pairs = [pair for pair in pairs if max("".join(pair)) < "\ud800" or max("".join(pair)) > "\udfff"]
    for consumer, provider in pairs:
        document = pact(interaction(), consumer=consumer, provider=provider)
        store.write(Pact(consumer, provider, reading.read_pact(document).interactions), output)
    assert directory.page(0, 10).total == len(pairs)
    for consumer, provider in pairs:
        found = json.loads(directory.read(consumer, provider))
        assert (found["consumer"]["name"], found["provider"]["name"]) == (consumer, provider)
        if (provider, consumer) not in pairs:
            with pytest.raises(NoSuchPact):
                directory.read(provider, consumer)
