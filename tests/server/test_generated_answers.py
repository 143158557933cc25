"""Values that generators make are in the answers of a mock server, and a seed makes them repeatable."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pactmock.errors import InvalidPact, InvalidRule
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.cost import COMPILING_SECONDS
from pactmock.matching.verdict import Outcome
from pactmock.pact import reading
from pactmock.pact.model import Request
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.wire.tls import CertificateAuthority
from tests.pacts import interaction, pact
from tests.received import decide

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
    options = MockServerOptions(authority=CertificateAuthority() if scheme == "https" else None)
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
    assert time.thread_time() - began < COMPILING_SECONDS * 1.5


def test_many_patterns_that_each_take_their_time_are_refused_together() -> None:
    generators = {
        f"$.l{number}": {"type": "MockServerURL", "regex": f"^(a|aa)+(/p{number})$", "example": f"{'a' * 27}!"}
        for number in range(400)
    }
    began = time.thread_time()
    with pytest.raises(InvalidRule, match="MockServerURL needs another regex"):
        _server(MockServerOptions(), body={path[2:]: "" for path in generators}, generators={"body": generators})
    assert time.thread_time() - began < COMPILING_SECONDS * 1.5


@pytest.mark.parametrize("status", [100, 101, 199])
def test_a_status_after_which_clients_wait_for_another_answer_is_refused(status: int) -> None:
    with pytest.raises(InvalidPact, match="waits for another answer") as caught:
        _server(MockServerOptions(), status=status)
    assert caught.value.pointer == "/interactions/0/response/status"


def test_a_generator_of_a_status_makes_none_after_which_clients_wait_for_another_answer() -> None:
    generators = {"status": {"type": "RandomInt", "min": 100, "max": 199}}
    server = _server(MockServerOptions(), generators=generators)
    assert decide(server, Request()).answer.status == 200


def test_a_generator_that_cannot_work_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidRule) as caught:
        _server(MockServerOptions(), body={"n": 0}, generators={"body": {"$.n": {"type": "Regex", "regex": "("}}})
    assert caught.value.pointer == "/interactions/0/response/generators/body/$.n"
