"""Of random pacts: what passes here passes the provider's verification, or a warning says that it will not.

The verifier sends what the pact expects, and takes from the provider what the mock server sends. The pacts are those
that `make parity` draws, but for those whose own examples do not pass here: of them nobody can say what it should do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pactmock import MockServer
from pactmock.errors import PactmockError
from pactmock.matching import compare_response
from pactmock.pact.documents import reading
from pactmock.pact.json import values as json_value
from pactmock.pact.model import HttpInteraction, Response
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts.received_headers import ReceivedHeaders
from parity.case import Case
from parity.client import Connection
from parity.draw.cases import draw_all
from parity.draw.kinds import KINDS
from tests.raw_http import exchange
from tests.verifying import Given, Verification, verify

REQUESTS = [name for name, kind in KINDS.items() if not kind.is_contract]


def answered_by_nothing(case: Case) -> Any:
    """Return the pact of a case whose responses say nothing, as responses are drawn carelessly."""
    pact = case.pact("web")
    return {**pact, "interactions": [{**one, "response": {"status": 200}} for one in pact["interactions"]]}


async def verified(case: Case, directory: Path) -> Verification | None:
    """Verify what is written against its mock server; None for one that has a warning, or is not met by its example."""
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
        return await verify(await server.write_pact(directory, overwrite=True), server.port)


async def _none_is_refused(kind: str, count: int, seed: int, directory: Path) -> None:
    played = 0
    for case in draw_all(kind, count, seed):
        verification = await verified(case, directory)
        if verification is not None:
            assert verification, f"{case.name}: {answered_by_nothing(case)}\n{verification.output}"
            played += 1
    assert played > count // 10


def answered(case: Case) -> Any:
    """Return a pact whose response is what was drawn as request: its headers, its body, the rules for them."""
    pact = case.pact("web")
    return {**pact, "interactions": [_turned(one) for one in pact["interactions"]]}


def _turned(interaction: Any) -> Any:
    drawn = interaction["request"]
    answer = {name: drawn[name] for name in ("headers", "body") if name in drawn}
    kept = ("body", "header", "$.body", "$.header")
    rules = {name: rule for name, rule in drawn.get("matchingRules", {}).items() if name.startswith(kept)}
    return {**interaction, "request": {"path": "/"}, "response": {"status": 200, "matchingRules": rules, **answer}}


async def verified_answer(case: Case, directory: Path) -> Verification | None:
    """Verify a pact against a provider that sends what the mock server sent; None where that does not pass here."""
    try:
        server = MockServer(answered(case))
    except PactmockError:
        return None
    async with server:
        content = await exchange(server.port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if server.warnings or not server.matched:
            return None
        written = await server.write_pact(directory, overwrite=True)
    given = _given(content)
    (interaction,) = reading.read_pact(json_value.parse(written.read_bytes())).interactions
    assert isinstance(interaction, HttpInteraction)
    if compare_response(interaction.response, _received(given)):
        return None
    return await verify(written, lambda _: given)


def _given(content: bytes) -> Given:
    head, _, body = content.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    headers = tuple((name, value) for name, _, value in lines if name not in {"Content-Length", *_CORS})
    return Given(200, headers, body)


def _received(given: Given) -> Response:
    return Response(headers=ReceivedHeaders.of_texts(given.headers), body=bodies.present(given.body))


_CORS = {"Access-Control-Allow-Origin"}
ANSWERS = [kind for kind in REQUESTS if kind not in {"query", "path", "several"}]


async def _none_is_refused_as_answer(kind: str, count: int, seed: int, directory: Path) -> None:
    played = 0
    for case in draw_all(kind, count, seed):
        verification = await verified_answer(case, directory)
        if verification is not None:
            assert verification, f"{case.name}: {answered(case)}\n{verification.output}"
            played += 1
    assert played > count // 10


@pytest.mark.parametrize("kind", ANSWERS)
async def test_what_the_mock_server_sends_is_what_the_verifier_takes(kind: str, tmp_path: Path) -> None:
    await _none_is_refused_as_answer(kind, 12, 1, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ANSWERS)
async def test_what_many_mock_servers_send_is_what_the_verifier_takes(kind: str, tmp_path: Path) -> None:
    await _none_is_refused_as_answer(kind, 400, 2, tmp_path)


@pytest.mark.parametrize("kind", REQUESTS)
async def test_what_the_verifier_sends_is_what_the_pact_expects(kind: str, tmp_path: Path) -> None:
    await _none_is_refused(kind, 12, 1, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", REQUESTS)
async def test_what_the_verifier_sends_is_what_many_pacts_expect(kind: str, tmp_path: Path) -> None:
    await _none_is_refused(kind, 400, 2, tmp_path)
