"""Scopes of the mock server of a contract, played in the process and on a service: each block has its own verdict."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from pactmock.contract import Pact
from pactmock.contract.error import MismatchesError, Refused
from pactmock.contract.pact_scope import PactScope
from pactmock.contract.pact_server import PactServer
from tests.process import service


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with service(tmp_path_factory.mktemp("pacts")) as running:
        yield running.url


@pytest.fixture(params=["here", "there"])
def server(request: pytest.FixtureRequest) -> Iterator[PactServer]:
    where = request.getfixturevalue("sidecar") if request.param == "there" else None
    playing = _pact().serve(service=where)
    playing.__enter__()
    yield playing
    with suppress(MismatchesError):  # its own verdict is over all that is asked in a test
        playing.__exit__(None, None, None)


def _pact() -> Pact:
    pact = Pact("web", "stock-api")
    for name in ("bread", "milk"):
        pact.upon_receiving(f"is there {name}").with_request("GET", f"/{name}").will_respond_with(200)
    return pact


def _ask(scope: PactScope, path: str) -> int:
    return httpx.get(scope.url + path, headers=dict(scope.headers)).status_code


def _block(server: PactServer, *paths: str, then: Exception | None = None) -> None:
    with server.scope() as scope:
        for path in paths:
            _ask(scope, path)
        if then is not None:
            raise then


def test_a_block_with_all_that_is_expected_passes(server: PactServer) -> None:
    with server.scope("mine") as scope:
        assert scope.name == "mine"
        assert [_ask(scope, path) for path in ("/bread", "/milk")] == [200, 200]
        assert scope.matched
        assert scope.report == ""
    assert scope.matched, "what it found stays"


def test_a_block_can_expect_a_part(server: PactServer) -> None:
    with server.scope(interactions=["is there milk"]) as scope:
        assert _ask(scope, "/milk") == 200


def test_what_did_not_match_is_added_to_what_a_block_raises(server: PactServer) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        _block(server, "/beer", then=ZeroDivisionError())
    assert "GET /beer was not expected" in "\n".join(raised.value.__notes__)


def test_blocks_in_threads_fail_each_for_itself(server: PactServer) -> None:
    def found(number: int) -> str:
        with pytest.raises(MismatchesError) as raised:
            _block(server, "/bread", f"/beer/{number}")
        return str(raised.value)

    with ThreadPoolExecutor(8) as threads:
        for number, report in enumerate(threads.map(found, range(40))):
            assert report.count("was not expected") == 1, report
            assert f"GET /beer/{number} was not expected" in report
            assert "GET /milk was expected and never came" in report


def test_without_raises_what_did_not_match_in_a_block_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), _pact().serve(raises=False) as server:
        _block(server, "/beer")
        assert "GET /beer was not expected" in caplog.text


def test_there_is_no_scope_before_the_server_plays() -> None:
    with pytest.raises(Refused):
        _block(_pact().serve())
