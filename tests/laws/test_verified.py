"""Of random pacts: what the verifier sends of a pact is what the pact expects, or a warning says that it is not.

The pacts are those that `make parity` draws. Only those count whose own example is met here, as of others nobody could
say what is wrong with the verifier's request.
"""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from pactmock.errors import PactmockError
from parity.case import Case
from parity.client import Connection
from parity.draw.cases import draw_all
from parity.draw.kinds import KINDS
from tests.verifying import Verification, verify

REQUESTS = [name for name, kind in KINDS.items() if not kind.is_contract]


def answered_by_nothing(case: Case) -> Any:
    """Return the pact of a case whose responses say nothing, as responses are drawn carelessly."""
    pact = case.pact("web")
    return {**pact, "interactions": [{**one, "response": {"status": 200}} for one in pact["interactions"]]}


async def verified(case: Case) -> Verification | None:
    """Verify a pact against its own mock server; None where it has a warning, or its own example does not meet it."""
    try:
        server = MockServer(answered_by_nothing(case))
    except PactmockError:
        return None
    async with server:
        consumer = Connection(server.port)
        for request in case.first:
            await consumer.exchange(request.to_bytes(), is_head=request.method == "HEAD")
        consumer.close()
        if not server.matched or server.warnings:
            return None
        return await verify(answered_by_nothing(case), server.port)


async def _none_is_refused(kind: str, count: int, seed: int) -> None:
    played = 0
    for case in draw_all(kind, count, seed):
        verification = await verified(case)
        if verification is not None:
            assert verification, f"{case.name}: {answered_by_nothing(case)}\n{verification.output}"
            played += 1
    assert played > count // 10


@pytest.mark.parametrize("kind", REQUESTS)
async def test_what_the_verifier_sends_is_what_the_pact_expects(kind: str) -> None:
    await _none_is_refused(kind, 12, seed=1)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", REQUESTS)
async def test_what_the_verifier_sends_is_what_many_pacts_expect(kind: str) -> None:
    await _none_is_refused(kind, 400, seed=2)
