"""What is made of a pact that is posted again and again is shared; what becomes of one mock server is its own."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from pactmock.pact.documents.reading import read_pact
from pactmock.server.known_pacts import KnownPacts
from tests.pacts import USERS, interaction, pact

DOCUMENT = json.dumps(USERS).encode()


def _noted(known: KnownPacts, document: bytes, times: int) -> None:
    for _ in range(times):
        known.note(document, read_pact(json.loads(document)))


def test_a_document_is_known_from_the_second_time_on() -> None:
    known = KnownPacts()
    _noted(known, DOCUMENT, 1)
    assert known.find(DOCUMENT) is None
    _noted(known, DOCUMENT, 1)
    found = known.find(DOCUMENT)
    assert found == read_pact(USERS)
    _noted(known, DOCUMENT, 1)
    assert known.find(DOCUMENT) is found


def test_what_is_made_of_a_known_pact_is_made_once() -> None:
    known = KnownPacts()
    stranger = read_pact(USERS)
    _noted(known, DOCUMENT, 2)
    familiar = known.find(DOCUMENT)
    assert familiar is not None
    assert known.once(familiar, "list", list) is known.once(familiar, "list", list)
    assert known.once(familiar, "list", list) is not known.once(familiar, "another", list)
    assert known.once(stranger, "list", list) is not known.once(stranger, "list", list)


def test_the_documents_that_came_last_are_known_and_not_too_many() -> None:
    known = KnownPacts()
    documents = [json.dumps(pact(interaction(f"{number} {'x' * 20_000}"))).encode() for number in range(100)]
    for document in documents:
        _noted(known, document, 2)
        assert known.find(documents[0]) is not None, "it came just before"
    kept = [document for document in documents if known.find(document) is not None]
    assert kept == [documents[0], *documents[-len(kept) + 1 :]]
    assert 200_000 < sum(map(len, kept)) <= 512 * 1024
    small = [json.dumps(pact(interaction(str(number)))).encode() for number in range(100)]
    for document in small:
        _noted(known, document, 2)
    assert sum(known.find(document) is not None for document in small) == 64


def test_a_document_that_is_longer_than_all_may_be_is_never_kept() -> None:
    known = KnownPacts()
    document = json.dumps(pact(interaction("x" * 600_000))).encode()
    _noted(known, document, 3)
    assert known.find(document) is None


class Unhashed(bytes):
    """Stands for a hundred megabytes, which take twenty milliseconds of the loop to be hashed."""

    __hash__ = None  # type: ignore[assignment]


def test_a_document_that_is_too_long_to_be_kept_is_not_looked_for() -> None:
    assert KnownPacts().find(Unhashed(b" " * 600_000)) is None


async def _create(control: aiohttp.ClientSession, document: Any, **query: str) -> dict[str, Any]:
    async with control.post("/", json=document, params=query) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def _is_matched(control: aiohttp.ClientSession, server: dict[str, Any]) -> bool:
    async with control.get(f"/mockserver/{server['id']}/matched") as response:
        return bool((await response.json())["matched"])


async def test_mock_servers_of_one_pact_have_verdicts_of_their_own(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    given = pact(interaction("one", {"path": "/one"}, headers={"X-A": "b"}))
    servers = [await _create(control, given) for _ in range(4)]
    for server in servers[2:]:
        async with http.get(f"{server['url']}/one") as response:
            assert (response.status, response.headers["X-A"]) == (200, "b")
    async with http.get(f"{servers[3]['url']}/two") as response:
        assert response.status == 500
    assert [await _is_matched(control, server) for server in servers] == [False, False, True, False]


async def test_what_one_is_to_expect_besides_the_others_do_not(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    given = pact(interaction("one", {"path": "/one"}))
    servers = [await _create(control, given) for _ in range(3)]
    added = [interaction("two", {"path": "/two"}, status=201)]
    async with control.post(f"/mockserver/{servers[1]['id']}/interactions", json=added) as response:
        assert response.status < 300, await response.text()
    servers.append(await _create(control, given))
    found = []
    for server in servers:
        async with http.get(f"{server['url']}/two") as response:
            found.append(response.status)
    assert found == [500, 201, 500, 500]


async def test_a_known_pact_is_reviewed_for_what_each_is_asked_for(control: aiohttp.ClientSession) -> None:
    """Warnings depend on the version that is written, and refuse where that is wished, the third time as the first."""
    given = pact(interaction("one", {"path": "/%7"}), interaction("again", {"path": "/%7", "tags": []}))
    plain = [(await _create(control, given))["warnings"] for _ in range(3)]
    assert plain[0]
    assert plain == [plain[0]] * 3
    counting = [(await _create(control, given, count="interaction"))["warnings"] for _ in range(2)]
    assert counting == [counting[0]] * 2
    assert len(counting[0]) > len(plain[0])
    async with control.post("/", json=given, params={"strict": "true"}) as response:
        assert response.status == 422
