"""Scopes in Python: of both clients, and of mock servers inside a program."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from inspect import isawaitable
from typing import Any

import aiohttp
import pytest

import pactmock
from pactmock.errors import InvalidParameter, NoSuchInteraction, NoSuchScope, NotMatched
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import Running, service

_PACT = pact(interaction("the first", {"path": "/first"}), interaction("the second", {"path": "/second"}))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


def _get(url: str, headers: dict[str, str] | None = None) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=HANG) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


async def _of(answer: Any) -> Any:
    """Return what is asked for, of whatever kind what answers is."""
    answer = answer() if callable(answer) else answer
    return await answer if isawaitable(answer) else answer


@asynccontextmanager
async def _blocking(block: Any) -> AsyncIterator[Any]:
    with block as entered:
        yield entered


def _entered(block: Any) -> AbstractAsyncContextManager[Any]:
    return block if hasattr(block, "__aenter__") else _blocking(block)


Begin = Callable[[Running], Any]
_KINDS: dict[str, Begin] = {
    "Client": lambda running: pactmock.Client(running.url).mock_server(_PACT),
    "AsyncClient": lambda running: pactmock.AsyncClient(running.url).mock_server(_PACT),
    "MockServer": lambda _: pactmock.MockServer(_PACT),
    "SyncMockServer": lambda _: pactmock.SyncMockServer(_PACT),
}


@pytest.fixture(params=list(_KINDS))
async def server(request: pytest.FixtureRequest, running: Running) -> AsyncIterator[Any]:
    async with _entered(_KINDS[request.param](running)) as entered:
        yield entered


async def _ask(scope: Any, path: str) -> int:
    async with aiohttp.ClientSession(headers=scope.headers) as http, http.get(scope.url + path) as response:
        return response.status


async def test_a_block_has_its_own_verdict_and_name(server: Any) -> None:
    async with _entered(server.scope("mine")) as mine, _entered(server.scope()) as other:
        assert mine.name == "mine"
        assert other.name not in ("", "mine")
        for scope in (mine, other):
            assert await _ask(scope, "/first") == 200
            assert await _of(scope.matched) is False
        assert await _ask(mine, "/second") == 200
        assert await _of(mine.matched) is True
        assert [item["type"] for item in await _of(other.mismatches)] == ["missing-request"]
        assert [item["scope"] for item in await _of(other.requests)] == [other.name]
        assert await _ask(other, "/second") == 200
        assert await _of(lambda: other.wait(10)) is True
    assert await _of(server.matched) is True


async def _block(server: Any, paths: list[str], then: Exception | None = None) -> None:
    async with _entered(server.scope()) as scope:
        for path in paths:
            await _ask(scope, path)
        if then is not None:
            raise then


async def test_what_did_not_match_in_a_block_fails_it_and_no_other(server: Any) -> None:
    with pytest.raises(NotMatched, match="GET /wrong was not expected") as raised:
        await _block(server, ["/first", "/second", "/wrong"])
    assert [item["type"] for item in raised.value.mismatches] == ["request-not-found"]
    await _block(server, ["/first", "/second"])
    assert await _of(server.matched) is False, "the verdict of the mock server is over all"


async def test_what_a_block_raises_says_what_did_not_match_in_it(server: Any) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        await _block(server, ["/wrong"], ZeroDivisionError())
    assert "GET /wrong was not expected" in "\n".join(raised.value.__notes__)


async def test_a_block_can_expect_a_part(server: Any) -> None:
    async with _entered(server.scope(interactions=["the second"])) as scope:
        assert await _ask(scope, "/second") == 200
    with pytest.raises(NoSuchInteraction):
        async with _entered(server.scope(interactions=["the third"])):
            pass
    with pytest.raises(InvalidParameter, match="cannot be the name of a scope"):
        async with _entered(server.scope("a~b")):
            pass


@pytest.mark.parametrize("kind", [pactmock.Client, pactmock.AsyncClient])
async def test_a_scope_of_a_service_is_listed_and_ends_with_its_block(kind: Any, running: Running) -> None:
    async with _entered(kind(running.url).mock_server(_PACT)) as server:
        async with _entered(server.scope("mine", ["the first"])) as scope:
            assert scope.url == f"{server.gateway_url}~mine"
            assert [item["scope"] for item in await _of(server.scopes())] == ["mine"]
            assert _get(f"{scope.url}/first") == 200
            assert _get(f"{server.url}/first", scope.headers) == 200
            assert (await _of(scope.show()))["metrics"]["requests"] == 2
            assert [item["description"] for item in (await _of(scope.pact()))["interactions"]] == ["the first"]
        assert await _of(server.scopes()) == []
        with pytest.raises(NoSuchScope):
            await _of(scope.matched())


def test_tests_in_threads_share_one_mock_server_inside_a_program() -> None:
    def block(shared: pactmock.SyncMockServer, number: int) -> None:
        with shared.scope() as scope:
            for path in ("/first", "/second", f"/wrong/{number}"):
                _get(shared.url + path, scope.headers)

    def found(shared: pactmock.SyncMockServer, number: int) -> list[str]:
        with pytest.raises(NotMatched) as raised:
            block(shared, number)
        return [item["path"] for item in raised.value.mismatches]

    with pactmock.SyncMockServer(_PACT) as playing, ThreadPoolExecutor(16) as threads:
        assert list(threads.map(partial(found, playing), range(100))) == [[f"/wrong/{number}"] for number in range(100)]
