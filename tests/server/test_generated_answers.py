"""Values that generators make are in the answers of a mock server, and a seed makes them repeatable."""

from __future__ import annotations

import time
from typing import Any

import pytest

import pactmock
from pactmock.errors import InvalidPact, InvalidRule
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.cost import COMPILING_SECONDS
from pactmock.matching.verdict import Outcome
from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from pactmock.pact.model import Request
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.context import ServerTls
from tests.pacts import interaction, pact
from tests.raw_http import exchange, head_lines
from tests.received import decide
from tests.verifying import always, verify

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
JSON = {"Content-Type": "application/json"}


def _server(options: MockServerOptions, **response: Any) -> MockServer:
    return MockServer(reading.read_pact(pact(interaction(headers=JSON, **response))), options)


def _bodies(server: MockServer, times: int = 5) -> list[bytes]:
    return [decide(server, Request()).answer.body for _ in range(times)]


RANDOM = {"body": {"n": 0}, "generators": {"body": {"$.n": {"type": "RandomInt", "min": 0, "max": 1_000_000_000}}}}


def test_a_seed_makes_the_answers_of_a_server_repeatable() -> None:
    first, second, other = (_bodies(_server(MockServerOptions(seed=seed), **RANDOM)) for seed in (1, 1, 2))
    assert first == second != other
    assert len(set(first)) == 5


def test_without_a_seed_every_server_answers_otherwise() -> None:
    assert _bodies(_server(MockServerOptions(), **RANDOM)) != _bodies(_server(MockServerOptions(), **RANDOM))


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_url_of_a_mock_server_has_its_real_scheme_and_port(scheme: str) -> None:
    """Row 56: the reference always says http."""
    generator = {"type": "MockServerURL", "example": "http://x:1/orders/5", "regex": r".*(\/orders\/\d+)$"}
    options = MockServerOptions(tls=ServerTls(CertificateAuthority()) if scheme == "https" else None)
    server = _server(options, body={"href": ""}, generators={"body": {"$.href": generator}})
    await server.start()
    assert _bodies(server, 1) == [f'{{"href":"{scheme}://127.0.0.1:{server.port}/orders/5"}}'.encode()]
    await server.stop()


LONG: Any = {
    "body": {"n": ["a"] * 200},
    "generators": {"body": {"$.n[*]": {"type": "RandomString", "size": 20_000}}},
}


def test_an_answer_that_takes_longer_than_a_request_may_makes_it_undecided_and_not_a_match() -> None:
    server = _server(MockServerOptions(), **LONG)
    decision = decide(server, Request(), Budget(0.01))
    assert decision.outcome is Outcome.UNDECIDED
    assert decision.is_failure
    assert decision.answer.status == 500
    assert b"The response could not be generated: it was given up after 0.01 second(s) of work" in decision.answer.body
    assert decision.identity is not None, "it was received: method and path are those of the interaction"


def test_with_a_tentative_budget_the_answer_is_left_to_whoever_has_more_time() -> None:
    with pytest.raises(OutOfBudget):
        decide(_server(MockServerOptions(), **LONG), Request(), Budget(0.01, tentative=True))


def test_an_answer_that_is_begun_again_is_with_a_seed_what_it_would_have_been() -> None:
    first, second = (_server(MockServerOptions(seed=1), **LONG) for _ in range(2))
    with pytest.raises(OutOfBudget):
        decide(first, Request(), Budget(0.01, tentative=True))
    assert _bodies(first, 1) == _bodies(second, 1)


def test_patterns_of_generators_that_take_too_long_are_refused_with_their_place() -> None:
    generator = {"type": "MockServerURL", "regex": "^(a|aa)+(/p)$", "example": f"{'a' * 40}!"}
    began = time.thread_time()
    with pytest.raises(InvalidRule, match="MockServerURL needs another regex") as caught:
        _server(
            MockServerOptions(),
            body={f"l{number}": "" for number in range(100)},
            generators={"body": {f"$.l{number}": generator for number in range(100)}},
        )
    assert caught.value.pointer == "/interactions/0/response/generators/body/$.l0"
    assert time.thread_time() - began < COMPILING_SECONDS * 5


def test_many_patterns_that_each_take_their_time_are_refused_together() -> None:
    generators = {
        f"$.l{number}": {"type": "MockServerURL", "regex": f"^(a|aa)+(/p{number})$", "example": f"{'a' * 27}!"}
        for number in range(400)
    }
    began = time.thread_time()
    with pytest.raises(InvalidRule, match="MockServerURL needs another regex"):
        _server(MockServerOptions(), body={path[2:]: "" for path in generators}, generators={"body": generators})
    assert time.thread_time() - began < COMPILING_SECONDS * 5


@pytest.mark.parametrize("status", [100, 101, 199])
def test_a_status_after_which_clients_wait_for_another_answer_is_refused(status: int) -> None:
    with pytest.raises(InvalidPact, match="waits for another answer") as caught:
        _server(MockServerOptions(), status=status)
    assert caught.value.pointer == "/interactions/0/response/status"


@pytest.mark.parametrize(("low", "high"), [(100, 199), (199, 400), (0, 10), (200, 1000)])
def test_a_generator_of_a_status_that_makes_what_no_client_takes_for_one_is_refused(low: int, high: int) -> None:
    generators = {"status": {"type": "RandomInt", "min": low, "max": high}}
    with pytest.raises(InvalidRule, match=rf"makes numbers from {low} to {high}") as caught:
        _server(MockServerOptions(), generators=generators)
    assert caught.value.pointer == "/interactions/0/response/generators/status"


GONE: Any = {
    "status": 0,
    "generators": {"status": {"type": "RandomInt", "min": 400, "max": 499}},
    "matchingRules": {"status": {"$": {"matchers": [{"match": "statusCode", "status": "clientError"}]}}},
}


async def test_a_status_without_an_example_is_generated_and_verifies() -> None:
    """So the native library writes a class of statuses."""
    given = pact(interaction("gone", **GONE), version="4.0")
    async with pactmock.MockServer(given) as server:
        statuses = [head_lines(await exchange(server.port, GET))[0].split()[1] for _ in range(9)]
        assert all(status.startswith("4") and len(status) == 3 for status in statuses)
        assert len(set(statuses)) > 1
    written = writing.to_json(reading.read_pact(given), specification.V4)
    assert written["interactions"][0]["response"]["status"] == 0, "what is written is what was given"
    verification = await verify(written, always(status=410))
    assert verification, verification.output
    assert not await verify(written, always(status=200))


@pytest.mark.parametrize("generators", [{}, {"status": {"type": "ProviderState", "expression": "${code}"}}])
def test_a_status_of_0_that_nothing_makes_another_of_is_refused(generators: dict[str, Any]) -> None:
    with pytest.raises(InvalidPact, match="0 is not a status code") as caught:
        _server(MockServerOptions(), status=0, generators=generators)
    assert caught.value.pointer == "/interactions/0/response/status"


@pytest.mark.parametrize("status", [600, 799, 999])
async def test_a_status_of_somebodys_own_is_answered_and_verifies(status: int) -> None:
    given = pact(interaction("own", status=status))
    async with pactmock.MockServer(given) as server:
        assert head_lines(await exchange(server.port, GET))[0].split()[1] == str(status)
        verification = await verify(given, server.port)
        assert verification, verification.output


@pytest.mark.parametrize("status", [1000, 1, 99, -200, 200.5, True])
def test_what_is_no_status_is_refused(status: Any) -> None:
    with pytest.raises(InvalidPact, match="is not a status code: use a number from 200 to 999"):
        _server(MockServerOptions(), status=status)


def test_a_generator_that_cannot_work_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidRule) as caught:
        _server(MockServerOptions(), body={"n": 0}, generators={"body": {"$.n": {"type": "Regex", "regex": "("}}})
    assert caught.value.pointer == "/interactions/0/response/generators/body/$.n"
