from collections.abc import Iterator

import pytest
from pact import Pact, match

from benchmarks.suites import users

USER = {"id": match.int(7), "name": match.str("Ada")}


@pytest.fixture
def pact(request: pytest.FixtureRequest) -> Iterator[Pact]:
    pact = Pact("web", "users-api")
    yield pact
    pact.write_file(request.config.invocation_params.dir / "pacts")


def test_get(pact: Pact) -> None:
    pact.upon_receiving("a user").given("user 7").with_request("GET", "/users/7").will_respond_with(200).with_body(USER)
    with pact.serve() as server:
        assert users.get_user(str(server.url), 7) == {"id": 7, "name": "Ada"}


def test_missing(pact: Pact) -> None:
    pact.upon_receiving("no user").given("no user 8").with_request("GET", "/users/8").will_respond_with(404)
    with pact.serve() as server:
        assert users.get_user(str(server.url), 8) is None


def test_list(pact: Pact) -> None:
    request = pact.upon_receiving("admins").given("an admin").with_request("GET", "/users")
    request.with_query_parameter("role", "admin").will_respond_with(200).with_body(match.each_like(USER))
    with pact.serve() as server:
        assert users.list_users(str(server.url), "admin") == [{"id": 7, "name": "Ada"}]


def test_create(pact: Pact) -> None:
    request = pact.upon_receiving("a new user").with_request("POST", "/users").with_body({"name": match.str("Ada")})
    request.will_respond_with(201).with_body({"id": match.int(7)})
    with pact.serve() as server:
        assert users.create_user(str(server.url), "Ada") == 7


async def test_async(pact: Pact) -> None:
    request = pact.upon_receiving("a profile").given("user 7").with_request("GET", "/users/7/profile")
    request.will_respond_with(200).with_body(USER)
    with pact.serve() as server:
        assert await users.get_user_async(str(server.url), 7) == {"id": 7, "name": "Ada"}
