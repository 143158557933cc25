"""grpcio calls the mock server of a plugin with gRPC as its transport: that answers on its own port, with trailers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import grpc.aio
import pytest

from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.plugin_directory import install, none_left

# A transport whose mock servers are of grpcio, and answer bytes with bytes.
CALLS = """
import grpc, json
from concurrent import futures
from pactmock.plugins import *

class Answers(grpc.GenericRpcHandler):
    def __init__(self, expected):
        self.expected, self.received = expected, []

    def service(self, details):
        def answer(asked, context):
            self.received.append(asked.decode())
            context.set_trailing_metadata([("x-sum", str(len(asked)))])
            if asked.decode() not in self.expected:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not expected: " + asked.decode())
            return self.expected[asked.decode()].encode()
        return grpc.unary_unary_rpc_method_handler(answer)

class Calls(Plugin):
    name, version = "calls", "1.0.0"
    servers = {}

    def catalogue(self):
        return [CatalogueEntry(EntryKind.TRANSPORT, "grpc")]

    def start_mock_server(self, request):
        handler = Answers({
            item["request"]["contents"]["content"]: item["response"][0]["contents"]["content"]
            for item in json.loads(request.pact)["interactions"]
        })
        server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[handler])
        port = server.add_insecure_port(f"{request.host}:{request.port}")
        server.start()
        self.servers[str(port)] = server, handler
        return MockServerDetails(str(port), port, f"http://{request.host}:{port}")

    def mock_server_results(self, key):
        handler = self.servers[key][1]
        wrong = [
            MockServerResult(asked, "", [ContentMismatch(f"not expected: {asked}", "$", None, asked.encode())])
            for asked in handler.received if asked not in handler.expected
        ]
        missing = [MockServerResult(asked, "never came") for asked in handler.expected if asked not in handler.received]
        return MockServerResults(not wrong and not missing, wrong + missing)

    def shut_down_mock_server(self, key):
        results = self.mock_server_results(key)
        self.servers.pop(key)[0].stop(None).wait()
        return results

serve(Calls())
"""


def _contents(text: str) -> dict[str, Any]:
    return {"contents": {"content": text, "contentType": "text/plain", "encoded": False}}


PACT = {
    "consumer": {"name": "c"},
    "provider": {"name": "p"},
    "interactions": [
        {
            "type": "Synchronous/Messages",
            "description": "a call",
            "transport": "grpc",
            "request": _contents("Ada"),
            "response": [_contents("Lovelace")],
            "pluginConfiguration": {"calls": {}},
        }
    ],
    "metadata": {
        "pactSpecification": {"version": "4.0"},
        "plugins": [{"name": "calls", "version": "1.0.0", "configuration": {}}],
    },
}


async def test_a_call_gets_its_message_its_status_and_its_trailers(tmp_path: Path) -> None:
    plugins = install(tmp_path / "plugins", "calls", CALLS, interface=1)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(plugins))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        async with control.post("/", json=PACT) as response:
            server = (await response.json())["mockServer"]
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server['port']}") as channel:
            ask = channel.unary_unary("/people.People/Name", request_serializer=str.encode)
            call = ask("Ada", timeout=60)
            assert await call == b"Lovelace"
            assert await call.code() is grpc.StatusCode.OK
            assert ("x-sum", "3") in tuple(await call.trailing_metadata())
            assert await _matched(control, server)
            with pytest.raises(grpc.aio.AioRpcError, match="not expected: Bob"):
                await ask("Bob", timeout=60)
            assert not await _matched(control, server)
    assert none_left(tmp_path)


async def _matched(control: aiohttp.ClientSession, server: dict[str, Any]) -> bool:
    async with control.get(f"/mockserver/{server['id']}/matched") as response:
        return bool((await response.json())["matched"])
