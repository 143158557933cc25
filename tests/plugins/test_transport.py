"""A mock server of a plugin's transport is listed, asked, verified, written and ended as every other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.patience import HANG
from tests.plugin_directory import install, none_left, processes_of
from tests.process import run

# A transport in which a client sends a line, and is answered with a line.
LINES = """
import json, socketserver, threading
from pactmock.plugins import *

class Lines(Plugin):
    name, version = "lines", "1.0.0"
    servers = {}

    def catalogue(self):
        return [CatalogueEntry(EntryKind.TRANSPORT, "lines")]

    def start_mock_server(self, request):
        expected = self._expected(request)
        received = []
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    text = line.decode().rstrip("\\n")
                    received.append(text)
                    self.wfile.write(expected.get(text, "?").encode() + b"\\n")
        server = socketserver.ThreadingTCPServer((request.host, request.port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        self.servers[str(port)] = (server, expected, received)
        return MockServerDetails(str(port), port, f"http://{request.host}:{port}")

    def _expected(self, request):
        if request.pact:  # V1: the whole pact
            pact = json.loads(request.pact)
            assert pact["metadata"]["plugins"][0]["name"] == "lines"
            return {
                item["request"]["contents"]["content"]: item["response"][0]["contents"]["content"]
                for item in pact["interactions"]
            }
        return {item.data.interaction["ask"]: item.data.interaction["say"] for item in request.interactions}

    def mock_server_results(self, key):
        _, expected, received = self.servers[key]
        missing = [MockServerResult(text, "never came") for text in expected if text not in received]
        wrong = [
            MockServerResult(text, "", [ContentMismatch(f"not expected: {text}", "$", None, text.encode())])
            for text in received if text not in expected
        ]
        return MockServerResults(not missing and not wrong, missing + wrong)

    def shut_down_mock_server(self, key):
        results = self.mock_server_results(key)
        server = self.servers.pop(key)[0]
        server.shutdown()
        server.server_close()
        return results

serve(Lines())
"""


def _pact(**changes: Any) -> dict[str, Any]:
    interaction = {
        "type": "Synchronous/Messages",
        "description": "a greeting",
        "transport": "lines",
        "request": {"contents": {"content": "hello", "contentType": "text/plain", "encoded": False}},
        "response": [{"contents": {"content": "hi", "contentType": "text/plain", "encoded": False}}],
        "pluginConfiguration": {"lines": {"ask": "hello", "say": "hi"}},
        **changes,
    }
    plugins = [{"name": "lines", "version": "1.0.0", "configuration": {}}]
    metadata = {"pactSpecification": {"version": "4.0"}, "plugins": plugins}
    return {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [interaction], "metadata": metadata}


@pytest.fixture(params=[1, 2], ids=["V1", "V2"])
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Service]:
    """A service that has a transport plugin of one of the interface versions."""
    plugins = install(tmp_path / "plugins", "lines", LINES, interface=request.param)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(plugins))
    async with Service(settings) as running:
        yield running
    assert none_left(tmp_path)


async def _create(control: aiohttp.ClientSession, pact: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with control.post("/", json=pact) as response:
        return response.status, await response.json()


async def _say(port: int, text: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{text}\n".encode())
    answer = await reader.readline()
    writer.close()
    return answer.decode().rstrip()


async def _get(control: aiohttp.ClientSession, path: str) -> Any:
    async with control.get(path) as response:
        return await response.json()


async def test_a_transport_is_played_by_the_plugin_that_has_it(control: aiohttp.ClientSession) -> None:
    status, created = await _create(control, _pact())
    assert status == 200, created
    server = created["mockServer"]
    assert (server["transport"], server["interactions"], server["status"]) == ("lines", 1, "error")
    assert await _get(control, f"/mockserver/{server['port']}/mismatches") == [
        {
            "type": "plugin-mismatch",
            "method": "lines",
            "path": "hello",
            "error": "never came",
            "mismatches": [],
            "more": 0,
        }
    ]
    assert await _say(server["port"], "hello") == "hi"
    assert await _get(control, f"/mockserver/{server['id']}/matched") == {"matched": True}
    (listed,) = (await _get(control, "/"))["mockServers"]
    assert (listed["id"], listed["status"]) == (server["id"], "ok")


async def test_what_does_not_match_is_told_and_keeps_the_pact_from_being_written(
    control: aiohttp.ClientSession, service: Service
) -> None:
    _, created = await _create(control, _pact())
    server = created["mockServer"]
    assert [await _say(server["port"], text) for text in ("hello", "bye")] == ["hi", "?"]
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 422
        (mismatch,) = (await response.json())["mismatches"]
    assert mismatch["mismatches"] == [
        {
            "type": "BodyMismatch",
            "path": "$",
            "expected": None,
            "actual": "bye",
            "mismatch": "not expected: bye",
            "diff": "",
        }
    ]
    assert not (service.settings.output / "c-p.json").exists()
    verified = await asyncio.to_thread(run, "verify", "-m", str(server["port"]), "-p", str(service.port))
    assert (verified.returncode, verified.stderr) == (2, "")
    assert "1) lines bye did not match" in verified.stdout
    assert "body $: not expected: bye" in verified.stdout


async def test_a_server_that_matched_is_written_and_ended(control: aiohttp.ClientSession, service: Service) -> None:
    _, created = await _create(control, _pact())
    server = created["mockServer"]
    waiting = asyncio.create_task(_get(control, f"/mockserver/{server['id']}/wait?timeout=20"))
    await _say(server["port"], "hello")
    assert await waiting == {"complete": True, "matched": True}
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 204
    written = json.loads((service.settings.output / "c-p.json").read_text())
    assert written["interactions"][0]["transport"] == "lines"
    async with control.delete(f"/mockserver/{server['id']}") as response:
        assert response.status == 204
    assert await _get(control, "/") == {"mockServers": []}
    with pytest.raises(ConnectionRefusedError):
        await _say(server["port"], "hello")


async def test_a_transport_that_no_plugin_has_is_refused(control: aiohttp.ClientSession) -> None:
    status, refused = await _create(control, _pact(transport="carrier pigeon"))
    assert (status, refused["code"]) == (422, "invalid_pact")
    assert "Transport 'carrier pigeon' is not a known transport" in refused["error"]


async def test_interactions_of_several_transports_are_refused(control: aiohttp.ClientSession) -> None:
    pact = _pact()
    pact["interactions"].append({"type": "Synchronous/HTTP", "description": "over HTTP"})
    status, refused = await _create(control, pact)
    assert status == 422
    assert "for several transports (lines, http), and a mock server has one" in refused["error"]


async def test_interactions_of_a_plugin_server_cannot_be_changed(control: aiohttp.ClientSession) -> None:
    _, created = await _create(control, _pact())
    path = f"/mockserver/{created['mockServer']['id']}/interactions"
    async with control.post(path, json=_pact()) as response:
        refused = await response.json()
    assert (response.status, refused["code"]) == (422, "plugin_failed")
    assert "start another" in refused["error"]


async def test_a_plugin_that_does_not_answer_holds_up_no_list(tmp_path: Path) -> None:
    mark = tmp_path / "hang"
    asked = "def mock_server_results(self, key):\n"
    hangs = f"        import os, time\n        while os.path.exists({str(mark)!r}): time.sleep(0.05)\n"
    plugins = install(tmp_path / "plugins", "lines", LINES.replace(asked, asked + hangs))
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(plugins, call_timeout=600))
    async with Service(settings) as running, aiohttp.ClientSession(running.url) as control:
        status, created = await _create(control, _pact())
        assert status == 200, created
        mark.touch()
        async with asyncio.timeout(HANG):
            lists = await asyncio.gather(*(_get(control, "/") for _ in range(40)))
        assert all(len(listed["mockServers"]) == 1 for listed in lists)
        mark.unlink()
        assert await _get(control, f"/mockserver/{created['mockServer']['id']}/matched") == {"matched": False}
    assert none_left(tmp_path)


async def test_a_plugin_that_died_is_a_mismatch_of_its_servers(control: aiohttp.ClientSession, tmp_path: Path) -> None:
    """It is started again, but the mock server that it had is gone."""
    _, created = await _create(control, _pact())
    for process in processes_of(tmp_path):
        os.kill(process, signal.SIGKILL)
    (mismatch,) = await _get(control, f"/mockserver/{created['mockServer']['id']}/mismatches")
    assert "The plugin lines/1.0.0" in mismatch["error"]
