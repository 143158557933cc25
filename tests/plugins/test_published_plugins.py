"""The plugins that others publish, loaded by our driver: CSV over HTTP, and gRPC through the protobuf plugin.

They are not part of the project. `PACTMOCK_PUBLISHED_PLUGINS` names a plugin directory in which they are installed.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import grpc.aio
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service
from pactmock.plugins.installed.discovery import installed_plugins
from pactmock.plugins.manifest import Manifest
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.plugin_directory import CSV_TYPE, GUIDE_COLUMNS

DIRECTORY = Path(os.environ.get("PACTMOCK_PUBLISHED_PLUGINS", "nowhere"))
INSTALLED = [item for item in installed_plugins(DIRECTORY) if isinstance(item.source, Manifest)]
VERSIONS = {name: [item.version for item in INSTALLED if item.name == name] for name in ("csv", "protobuf")}
TYPE = {"Content-Type": MEDIA_TYPE}
REPORT = {"Content-Type": CSV_TYPE}
PROTO = """
syntax = "proto3";
package area;
message Shape { double side = 1; }
message Area { double value = 1; }
service Calculator { rpc Calculate(Shape) returns (Area) {} }
"""


def _needs(name: str) -> pytest.MarkDecorator:
    reason = f"no published plugin '{name}' in the directory that PACTMOCK_PUBLISHED_PLUGINS names"
    return pytest.mark.skipif(not VERSIONS[name], reason=reason)


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A service that has the published plugins."""
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(DIRECTORY))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as session:
        yield session


async def _create(control: aiohttp.ClientSession, contract: dict[str, Any]) -> dict[str, Any]:
    async with control.post("/", data=json.dumps(contract), headers=TYPE) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def _ask(control: aiohttp.ClientSession, server: dict[str, Any], what: str) -> Any:
    async with control.get(f"/mockserver/{server['id']}/{what}") as response:
        return await response.json()


@_needs("csv")
@pytest.mark.parametrize("version", VERSIONS["csv"] or ["none"])
async def test_the_example_of_the_guide_is_played_with_the_published_csv_plugin(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    contract = {
        "consumer": "CsvClient",
        "provider": "CsvServer",
        "plugins": [{"name": "csv", "version": f"={version}"}],
        "interactions": [
            {
                "description": "a report",
                "request": {"method": "POST", "path": "/reports", "contents": GUIDE_COLUMNS},
                "response": {"contents": GUIDE_COLUMNS},
            }
        ],
    }
    server = await _create(control, contract)
    async with http.post(f"{server['url']}/reports", data="Fred,4,1999-12-31\n", headers=REPORT) as answer:
        assert (answer.status, await answer.text()) == (200, "Name,100,2000-01-01\n")
    assert await _ask(control, server, "matched") == {"matched": True}
    async with http.post(f"{server['url']}/reports", data="Fred,x,1999-12-31\n", headers=REPORT) as answer:
        assert answer.status == 500
    (failure,) = await _ask(control, server, "mismatches")
    assert [item["mismatch"] for item in failure["mismatches"]] == ["Expected 'x' to match a number"]
    pact = await _ask(control, server, "pact")
    assert pact["metadata"]["plugins"] == [{"name": "csv", "version": version, "configuration": {}}]


def _messages() -> list[Any]:
    file = FileDescriptorProto(name="area.proto", package="area", syntax="proto3")
    for name, field in (("Shape", "side"), ("Area", "value")):
        file.message_type.add(name=name).field.add(name=field, number=1, type=1, label=1)
    pool = DescriptorPool()
    pool.Add(file)
    return [GetMessageClass(pool.FindMessageTypeByName(f"area.{name}")) for name in ("Shape", "Area")]


async def _calculate(server: dict[str, Any], side: float) -> float | str:
    """Call the mock server as a consumer does, and return the area, or why there is none."""
    shape, area = _messages()
    async with grpc.aio.insecure_channel(server["address"]) as channel:
        method = channel.unary_unary(
            "/area.Calculator/Calculate",
            request_serializer=shape.SerializeToString,
            response_deserializer=area.FromString,
        )
        try:
            return float((await method(shape(side=side))).value)
        except grpc.aio.AioRpcError as error:
            return str(error.details())


@_needs("protobuf")
async def test_a_grpc_consumer_is_played_through_the_published_protobuf_plugin(
    control: aiohttp.ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "area.proto"
    file.write_text(PROTO)
    contract = {
        "consumer": "GrpcClient",
        "provider": "GrpcServer",
        "plugins": ["protobuf"],
        "interactions": [
            {
                "description": "the area of a square",
                "type": "core/interaction/synchronous-message",
                "transport": "grpc",
                "contents": {
                    "pact:content-type": "application/protobuf",
                    "pact:proto": str(file),
                    "pact:proto-service": "Calculator/Calculate",
                    "request": {"side": "matching(equalTo, 3)"},
                    "response": {"value": "matching(number, 9)"},
                },
            }
        ],
    }
    server = await _create(control, contract)
    (missing,) = await _ask(control, server, "mismatches")
    assert missing["error"] == "Did not receive any requests for path '/area.Calculator/Calculate'"
    async with control.post(f"/mockserver/{server['id']}/verify") as response:
        assert response.status == 422
    assert "Expected 4 " in str(await _calculate(server, 4.0))
    failures = await _ask(control, server, "mismatches")
    assert [item["path"] for failure in failures for item in failure["mismatches"]] == ["$.side"]
    async with control.delete(f"/mockserver/{server['id']}") as response:
        assert response.status == 204

    again = await _create(control, contract)
    assert await _calculate(again, 3.0) == 9.0
    assert await _ask(control, again, "matched") == {"matched": True}
    async with control.post(f"/mockserver/{again['id']}/verify") as response:
        assert response.status == 204
    written = json.loads((tmp_path / "pacts" / "GrpcClient-GrpcServer.json").read_text())
    (interaction,) = written["interactions"]
    assert interaction["transport"] == "grpc"
    assert interaction["pluginConfiguration"]["protobuf"]["service"].endswith("Calculator/Calculate")
    async with control.post("/", json=written) as response:
        reread = (await response.json())["mockServer"]
    assert await _calculate(reread, 3.0) == 9.0
