"""Values that generators make are in the answers of a mock server, and a seed makes them repeatable."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.errors import InvalidRule
from pactmock.pact import reading
from pactmock.pact.model import Request
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.tls import CertificateAuthority
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


def test_a_generator_that_cannot_work_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidRule) as caught:
        _server(MockServerOptions(), body={"n": 0}, generators={"body": {"$.n": {"type": "Regex", "regex": "("}}})
    assert caught.value.pointer == "/interactions/0/response/generators/body/$.n"
