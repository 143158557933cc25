"""A plugin that is not installed keeps nobody from playing what does not need it, and a warning says what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import httpx

from pactmock import MockServer, SyncMockServer
from tests.pacts import interaction, pact

PLUGINS = [{"name": "protobuf", "version": "0.5.1", "configuration": {}}]
CONTENTS = {"content": "AAAA", "contentType": "application/protobuf", "encoded": "base64"}
RPC: dict[str, Any] = {
    "type": "Synchronous/Messages",
    "description": "a call",
    "transport": "grpc",
    "pluginConfiguration": {"protobuf": {"service": "S/m"}},
    "request": {"contents": CONTENTS},
    "response": [{"contents": CONTENTS}],
}


def _pact(*interactions: dict[str, Any]) -> dict[str, Any]:
    made = pact(*interactions, version="4.0")
    made["metadata"]["plugins"] = PLUGINS
    return made


def test_the_rest_of_a_pact_is_played_and_what_is_not_is_warned_of_and_written(tmp_path: Path) -> None:
    with SyncMockServer(_pact(RPC, interaction("plain", {"path": "/a"}))) as server:
        (warning,) = server.warnings
        assert (warning.code, warning.pointer) == ("not_played", "/interactions/0")
        assert "'a call' is not played, and does not count, as the plugin protobuf is not installed" in warning.text
        assert httpx.get(f"{server.url}/a").status_code == 200
        assert server.matched, server.report()
        written = server.write_pact(tmp_path).read_text()
    assert '"service": "S/m"' in written


def test_a_plugin_that_nothing_needs_is_warned_of() -> None:
    (warning,) = MockServer(_pact(interaction("plain", {"path": "/a"}))).warnings
    assert (warning.code, warning.pointer) == ("missing_plugin", "/metadata/plugins")


async def test_interactions_that_are_added_are_held_to_the_same(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    async with control.post("/", json=_pact(interaction("plain", {"path": "/a"}), RPC)) as response:
        server = (await response.json())["mockServer"]
        assert (response.status, server["interactions"], len(server["warnings"])) == (200, 1, 1)
    here = f"/mockserver/{server['id']}/interactions"
    needs_it = interaction("b", {"path": "/b"}) | {"type": "Synchronous/HTTP", "pluginConfiguration": {"protobuf": {}}}
    async with control.post(here, json=[needs_it]) as response:
        assert (response.status, (await response.json())["code"]) == (422, "no_such_plugin")
    more = [interaction("c", {"path": "/c"}) | {"type": "Synchronous/HTTP"}, RPC | {"description": "another call"}]
    async with control.post(here, json=more) as response:
        added = await response.json()
        assert (response.status, added["interactions"]) == (200, 2)
        assert [item["pointer"] for item in added["warnings"]] == ["/interactions/1", "/interactions/1"]
    async with control.post("/", params={"strict": "true"}, json=_pact(RPC, interaction("plain"))) as response:
        assert (response.status, (await response.json())["code"]) == (422, "not_played")
