"""A pact whose plugin is not installed: what is played is verified without the rest, and the warnings are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import Given, always, verify

CONTENTS = {"content": "AAAA", "contentType": "application/protobuf", "encoded": "base64"}
CALL: dict[str, Any] = {
    "type": "Synchronous/Messages",
    "description": "a call",
    "transport": "grpc",
    "pluginConfiguration": {"nobody-has-this": {}},
    "request": {"contents": CONTENTS},
    "response": [{"contents": CONTENTS}],
}
PLAIN = interaction("an order", {"path": "/orders/1"}, body={"id": 1}, headers={"Content-Type": "application/json"})


@pytest.fixture(autouse=True)
def _no_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the verifier from looking for plugins at home, and from installing what it finds elsewhere."""
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path / "plugins"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


def naming_a_plugin(*interactions: Any) -> Any:
    given = pact(*interactions, version="4.0")
    given["metadata"]["plugins"] = [{"name": "nobody-has-this", "version": "0.1.0", "configuration": {}}]
    return given


async def test_what_needs_no_plugin_is_played_and_verified_and_the_rest_is_left_to_where_the_plugin_is(
    tmp_path: Path,
) -> None:
    given = naming_a_plugin(CALL, PLAIN)
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert [item.code for item in server.warnings] == ["not_played"]
        assert (await client.get("/orders/1")).json() == {"id": 1}
        assert server.matched, server.report()
        written = json.loads((await server.write_pact(tmp_path)).read_bytes())
    provider = always(body=b'{"id": 1}', Content_Type="application/json")
    assert not await verify(written, provider), "it too wants the plugin that the file names"
    played = [item for item in written["interactions"] if item["type"] == "Synchronous/HTTP"]
    del written["metadata"]["plugins"]
    verification = await verify(written | {"interactions": played}, provider)
    assert verification, verification.output
    assert not await verify(written | {"interactions": played}, lambda _: Given(404))


async def test_a_plugin_that_nothing_needs_is_wanted_by_the_verification_as_the_warning_says() -> None:
    given = naming_a_plugin(PLAIN)
    (warning,) = MockServer(given).warnings
    assert (warning.code, "the provider's verification wants it" in warning.text) == ("missing_plugin", True)
    provider = always(body=b'{"id": 1}', Content_Type="application/json")
    assert not await verify(given, provider)
    del given["metadata"]["plugins"]
    assert await verify(given, provider)
