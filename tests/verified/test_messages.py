"""Messages whose rules and generators stand under `content`, as the specification has it (row 75)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import pact
from tests.verifying import Given, Provider, verify

UUID = {"match": "regex", "regex": "[0-9a-f-]{36}"}
PAID = {
    "contents": {"content": {"id": "?", "sum": 12}, "contentType": "application/json", "encoded": False},
    "metadata": {"contentType": "application/json", "topic": "payments"},
}


def ruled(category: str) -> Any:
    return {
        **PAID,
        "matchingRules": {category: {"$.id": {"combine": "AND", "matchers": [UUID]}}},
        "generators": {category: {"$.id": {"type": "Uuid"}}},
    }


def sends(document: Any) -> Provider:
    typed = ("Content-Type", "application/json"), ("Pact-Message-Metadata", "eyJ0b3BpYyI6InBheW1lbnRzIn0=")
    return lambda _: Given(200, typed, json.dumps(document).encode())


@pytest.mark.parametrize("category", ["content", "body"])
async def test_a_message_that_is_handed_out_is_one_that_the_verification_takes(category: str, tmp_path: Path) -> None:
    given = pact(version="4.0") | {
        "interactions": [
            {"type": "Asynchronous/Messages", "description": "paid", "key": "paid", "pending": False, **ruled(category)}
        ]
    }
    async with MockServer(given) as server:
        delivery = await server.hand_out("paid")
        made = json.loads(delivery.contents)
        assert len(made["id"]) == 36
        assert await server.settle(delivery)
        written = await server.write_pact(tmp_path)
    (kept,) = json.loads(written.read_bytes())["interactions"]
    assert (set(kept["matchingRules"]), set(kept["generators"])) == ({category}, {category})
    verification = await verify(written, sends(made))
    assert verification, verification.output
    assert not await verify(written, sends(made | {"id": "7"}))
    assert not await verify(written, sends(made | {"sum": 13}))


@pytest.mark.parametrize("category", ["content", "body"])
async def test_the_reply_to_a_synchronous_message_is_one_that_the_verification_takes(
    category: str, tmp_path: Path
) -> None:
    call = {"type": "Synchronous/Messages", "description": "pay", "key": "pay", "pending": False, "request": {**PAID}}
    given = pact(version="4.0") | {"interactions": [call | {"response": [ruled(category)]}]}
    good = {"id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "sum": 12}
    for reply, is_right in ((good | {"id": "7"}, False), (good, True)):
        async with MockServer(given) as server:
            delivery = await server.hand_out("pay")
            assert await server.settle(delivery, replies=[reply]) is is_right
            if is_right:
                written = await server.write_pact(tmp_path)
    verification = await verify(written, sends(good))
    assert verification, verification.output
    assert not await verify(written, sends(good | {"id": "7"}))
