"""A contract in Python that a service plays, through the one port of its gateway."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

import pactmock
from pactmock import errors
from pactmock.contract import Pact, match
from pactmock.contract.error import MismatchesError, RequestNotFound
from tests.process import Running, service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts"), "--token", "secret") as started:
        yield started


@pytest.fixture
def client(running: Running) -> pactmock.Client:
    return pactmock.Client(running.url, token="secret")  # noqa: S106


@pytest.fixture
def pact() -> Pact:
    pact = Pact("web", "users-api")
    (
        pact.upon_receiving("a user")
        .with_request("GET", match.regex("/users/7", regex=r"/users/\d+"))
        .will_respond_with(200)
        .with_body({"id": match.int(7)})
    )
    return pact


def test_the_same_test_plays_on_a_service_and_writes_its_file_here(
    pact: Pact, client: pactmock.Client, running: Running, tmp_path: Path
) -> None:
    with pact.serve(service=client) as server:
        assert server.url.startswith(f"{running.url}/m/")
        assert (server.host, server.port) == ("127.0.0.1", running.port)
        assert server.mismatches
        assert httpx.get(server.url + "/users/8").json() == {"id": 7}
        assert httpx.get(server.url / "users" / "9").status_code == 200
        assert server.matched
    assert server.matched
    assert server.mismatches == []
    assert "GET /users/8" in server.logs
    assert client.servers() == []
    pact.write_file(tmp_path)
    (interaction,) = json.loads((tmp_path / "web-users-api.json").read_text())["interactions"]
    assert interaction["request"]["path"] == "/users/7"


def test_what_does_not_match_there_is_raised_here_with_its_report(pact: Pact, client: pactmock.Client) -> None:
    with pytest.raises(MismatchesError) as caught, pact.serve(service=client) as server:
        httpx.get(server.url + "/user/8")
    assert [type(item) for item in caught.value.mismatches][:1] == [RequestNotFound]
    assert str(caught.value).startswith("Mismatches:\n1) GET /user/8 was not expected\n   nearest: a user")
    assert len(server.mismatches) == 2
    assert client.servers() == []


def test_what_a_client_raises_says_why_and_the_server_is_ended(pact: Pact, client: pactmock.Client) -> None:
    with pytest.raises(httpx.HTTPStatusError) as caught, pact.serve(service=client) as server:
        httpx.get(server.url + "/user/8").raise_for_status()
    assert "1) GET /user/8 was not expected" in caught.value.__notes__[0]
    assert client.servers() == []


async def test_a_block_that_is_awaited_plays_there_too(pact: Pact, client: pactmock.Client) -> None:
    async with pact.serve_async(service=client) as server, httpx.AsyncClient() as http:
        assert (await http.get(server.url + "/users/8")).status_code == 200


def test_each_block_plays_what_was_written_since_the_last(pact: Pact, client: pactmock.Client) -> None:
    with pact.serve(service=client) as server:
        httpx.get(server.url + "/users/8")
    pact.upon_receiving("health").with_request("GET", "/health").will_respond_with(204)
    with pact.serve(service=client) as server:
        assert httpx.get(server.url + "/health").status_code == 204
    assert pact.unplayed == []


def test_tls_is_on_a_port_of_its_own_with_the_certificate_of_the_service(pact: Pact, client: pactmock.Client) -> None:
    with pact.serve(service=client, transport="https") as server:
        assert urlsplit(server.url).scheme == "https"
        assert server.ca_pem is not None
        trusting = ssl.create_default_context(cadata=server.ca_pem.decode())
        assert httpx.get(server.url + "/users/8", verify=trusting).status_code == 200


def test_an_error_of_the_service_is_that_of_the_tree_and_nothing_counts_as_played(pact: Pact, running: Running) -> None:
    with pytest.raises(errors.NotAuthenticated), pact.serve(service=running.url):
        pass
    assert len(pact.unplayed) == 1
    nowhere = pact.serve(service="http://127.0.0.1:1")
    with pytest.raises(errors.ServiceUnreachable, match="No pactmock service answers"):
        nowhere.__enter__()


def _die(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    raise ZeroDivisionError


def test_a_service_that_is_gone_at_the_end_does_not_hide_what_the_test_raised(pact: Pact, tmp_path: Path) -> None:
    with service(tmp_path) as running:
        with pytest.raises(ZeroDivisionError) as caught, pact.serve(service=running.url):
            _die(running)
        assert "No pactmock service answers" in caught.value.__notes__[0]
        with pytest.raises(errors.ServiceUnreachable), pact.serve(service=running.url):
            pass


def test_a_verdict_that_is_lost_is_not_taken_for_a_good_one(pact: Pact, client: pactmock.Client) -> None:
    with pytest.raises(httpx.HTTPStatusError), pact.serve(service=client) as server:
        _end_all_and_ask(client, server.url + "/users/7")
    assert "Nobody knows what the mock server of web -> users-api found" in pact.unmatched


def _end_all_and_ask(client: pactmock.Client, url: str) -> None:
    for server in client.servers():
        server.end()
    httpx.get(url).raise_for_status()
