"""A contract in Python that a service plays: the same test, on a sidecar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import pactmock
from pactmock.contract import Pact, match
from pactmock.contract.error import MismatchesError, RequestNotFound
from tests.process import Running, service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


@pytest.fixture
def pact() -> Pact:
    pact = Pact("web", "users-api")
    pact.upon_receiving("a user").with_request("GET", "/users/7").will_respond_with(200).with_body({"id": match.int(7)})
    return pact


def test_a_service_plays_it_below_its_own_address(pact: Pact, running: Running) -> None:
    with pact.serve(service=running.url) as server:
        assert server.url.startswith(f"{running.url}/m/")
        assert httpx.get(server / "users" / "7").json() == {"id": 7}
        assert server.matched
    assert "/users/7" in server.logs
    assert not pactmock.Client(running.url).servers()


def test_what_did_not_match_is_told_as_where_it_plays_here(pact: Pact, running: Running) -> None:
    with (
        pytest.raises(MismatchesError, match="GET /users/8 was not expected") as caught,
        pact.serve(service=pactmock.Client(running.url)) as server,
    ):
        httpx.get(server.url + "/users/8")
    assert isinstance(caught.value.mismatches[0], RequestNotFound)
    assert str(caught.value).startswith("Mismatches:\n1) ")


async def test_the_loop_is_not_kept_waiting(pact: Pact, running: Running) -> None:
    async with pact.serve_async(service=running.url) as server, httpx.AsyncClient() as client:
        assert (await client.get(server / "users" / "7")).status_code == 200


def test_a_service_that_is_not_there_is_named(pact: Pact, tmp_path: Path) -> None:
    with service(tmp_path) as gone:
        pass
    with pytest.raises(pactmock.PactmockError, match="No pactmock service answers"), pact.serve(service=gone.url):
        pass
