"""Contracts and pacts with a plugin, over the control API: configured, played, written, read again, extended.

All of it holds with the plugin in process and with the same plugin as a process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.plugin_directory import with_csv

TYPE = {"Content-Type": MEDIA_TYPE}
CSV = {"Content-Type": "text/csv;charset=utf-8"}
COLUMNS = {
    "column:1": "matching(type,'Name')",
    "column:2": "matching(number,100)",
    "column:3": "matching(datetime, 'yyyy-MM-dd','2000-01-01')",
}
NESTED = {
    "description": "request for a report",
    "providerStates": [{"name": "reports exist", "params": {"n": 3}}],
    "request": {"method": "GET", "path": "/reports/report001.csv"},
    "response": {"status": 200, "contents": {"content-type": "text/csv", **COLUMNS}},
}
FLATTENED = {
    "description": "request for a report",
    "providerStates": [{"name": "reports exist", "params": {"n": 3}}],
    "type": "core/interaction/http",
    "with": {
        "request.path": "/reports/report001.csv",
        "response.status": "200",
        "response.contents": {"content-type": "text/csv", **COLUMNS},
    },
}
UPLOAD = {
    "description": "an upload",
    "request": {
        "method": "POST",
        "path": "/reports",
        "contents": {"content-type": "text/csv;charset=utf-8", **COLUMNS},
    },
    "response": {"status": 201},
}


def _contract(*interactions: dict[str, Any], **more: Any) -> dict[str, Any]:
    contract = {"consumer": "CsvClient", "provider": "CsvServer", "specification": "V4"}
    return {**contract, "plugins": [{"name": "csv", "version": "0.0.6"}], "interactions": list(interactions), **more}


@pytest.fixture(params=["in process", "a process"])
async def control(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A service that has the CSV plugin in one of the two ways."""
    directory = tmp_path / "plugins"
    if request.param == "a process":
        with_csv(directory)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(directory, start_timeout=30))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as session:
        yield session


async def _create(control: aiohttp.ClientSession, document: dict[str, Any], *, as_test: bool = True) -> dict[str, Any]:
    headers = TYPE if as_test else {"Content-Type": "application/json"}
    async with control.post("/", data=json.dumps(document), headers=headers) as response:
        assert response.status == 200, await response.text()
        server: dict[str, Any] = (await response.json())["mockServer"]
        return server


async def _get(control: aiohttp.ClientSession, path: str) -> Any:
    async with control.get(path) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def _pact(control: aiohttp.ClientSession, server: dict[str, Any]) -> dict[str, Any]:
    pact: dict[str, Any] = await _get(control, f"/mockserver/{server['id']}/pact")
    return pact


async def _upload(http: aiohttp.ClientSession, server: dict[str, Any], row: str) -> int:
    async with http.post(f"{server['url']}/reports", data=row, headers=CSV) as response:
        return response.status


@pytest.mark.parametrize("interaction", [NESTED, FLATTENED], ids=["nested", "flattened"])
async def test_the_example_of_the_plugin_guide_is_played_and_written(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, interaction: dict[str, Any]
) -> None:
    server = await _create(control, _contract(interaction))
    async with http.get(f"{server['url']}/reports/report001.csv") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/csv")
        name, number, day = (await response.text()).rstrip("\n").split(",")
    assert (name, number) == ("Name", "100")
    assert abs((date.fromisoformat(day) - date.today()).days) <= 1  # noqa: DTZ011  generated: the third column is today
    (written,) = (await _pact(control, server))["interactions"]
    assert written == {
        "type": "Synchronous/HTTP",
        "description": "request for a report",
        "pending": False,
        "providerStates": [{"name": "reports exist", "params": {"n": 3}}],
        "request": {"method": "GET", "path": "/reports/report001.csv"},
        "response": {
            "status": 200,
            "headers": {"Content-Type": ["text/csv"]},
            "body": {"content": "Name,100,2000-01-01\n", "contentType": "text/csv;charset=utf-8", "encoded": False},
            "matchingRules": {
                "body": {
                    "column:1": {"combine": "AND", "matchers": [{"match": "type"}]},
                    "column:2": {"combine": "AND", "matchers": [{"match": "number"}]},
                    "column:3": {"combine": "AND", "matchers": [{"match": "datetime", "format": "yyyy-MM-dd"}]},
                }
            },
            "generators": {"body": {"column:3": {"type": "DateTime", "format": "yyyy-MM-dd"}}},
        },
        "pluginConfiguration": {"csv": {"response": {"csvHeaders": False}}},
        "interactionMarkup": {"markup": "# Data\n\n|Name|100|2000-01-01|\n", "markupType": "COMMON_MARK"},
    }


async def test_a_pact_names_the_plugin_in_the_version_that_made_it(control: aiohttp.ClientSession) -> None:
    server = await _create(control, _contract(UPLOAD))
    metadata = (await _pact(control, server))["metadata"]
    assert metadata["plugins"] == [{"name": "csv", "version": "0.1.0", "configuration": {}}]


async def test_a_request_is_compared_by_the_plugin(control: aiohttp.ClientSession, http: aiohttp.ClientSession) -> None:
    server = await _create(control, _contract(UPLOAD))
    assert await _upload(http, server, "Fred,4,1999-12-31\nJoe,5.5,2024-02-29\n") == 201
    assert await _get(control, f"/mockserver/{server['id']}/mismatches") == []
    assert await _upload(http, server, "Fred,4,1999-12-31\nJoe,x,2024-02-29\n") == 500
    (failure,) = await _get(control, f"/mockserver/{server['id']}/mismatches")
    assert failure["mismatches"] == [
        {
            "type": "BodyMismatch",
            "path": "row:    2, column: 1",
            "expected": "100",
            "actual": "x",
            "mismatch": "Expected 'x' to match a number",
        }
    ]
    assert failure["interaction"]["interactionMarkup"]["markup"] == "# Data\n\n|Name|100|2000-01-01|\n"


async def test_a_pact_that_was_written_is_read_again_and_loads_the_plugin(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    first = await _create(control, _contract(UPLOAD, NESTED))
    pact = await _pact(control, first)
    second = await _create(control, pact, as_test=False)
    assert await _upload(http, second, "Fred,4,1999-12-31\n") == 201
    assert await _upload(http, second, "Fred,four,1999-12-31\n") == 500
    assert await _pact(control, second) == pact


async def test_interactions_with_plugin_contents_are_added_to_a_running_server(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, _contract(NESTED, plugins=["csv"]))
    added = json.dumps(_contract(UPLOAD))
    async with control.post(f"/mockserver/{server['id']}/interactions", data=added, headers=TYPE) as response:
        assert response.status == 200, await response.text()
    assert await _upload(http, server, "Fred,4,1999-12-31\n") == 201


async def test_a_server_without_plugins_gets_one_with_the_interactions_that_need_it(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    plain = {"description": "plain", "request": {"path": "/plain"}, "response": {"status": 204}}
    server = await _create(control, _contract(plain, plugins=[]))
    added = json.dumps(_contract(UPLOAD))
    async with control.post(f"/mockserver/{server['id']}/interactions", data=added, headers=TYPE) as response:
        assert response.status == 200, await response.text()
    assert await _upload(http, server, "Fred,x,1999-12-31\n") == 500
    assert [plugin["name"] for plugin in (await _pact(control, server))["metadata"]["plugins"]] == ["csv"]


async def test_explaining_a_request_asks_the_plugin_too(control: aiohttp.ClientSession) -> None:
    server = await _create(control, _contract(UPLOAD))
    asked = {"method": "POST", "path": "/reports", "headers": CSV, "body": "Fred,x,1999-12-31\n"}
    async with control.post(f"/mockserver/{server['id']}/explain", json=asked) as response:
        explained = await response.json()
    assert not explained["matched"]
    assert "Expected 'x' to match a number" in explained["sentence"]


async def test_the_single_port_gateway_asks_the_plugin_too(control: aiohttp.ClientSession) -> None:
    server = await _create(control, _contract(UPLOAD))
    async with control.post(f"/m/{server['id']}/reports", data="a,1,2000-01-01\n", headers=CSV) as response:
        assert response.status == 201


async def test_requests_are_compared_at_the_same_time(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    server = await _create(control, _contract(UPLOAD))
    rows = [f"n{i},{i if i % 2 else 'x'},2000-01-01\n" for i in range(40)]
    statuses = await asyncio.gather(*(_upload(http, server, row) for row in rows))
    assert statuses == [201 if i % 2 else 500 for i in range(40)]
    assert len(await _get(control, f"/mockserver/{server['id']}/mismatches")) == 20


@pytest.mark.parametrize(
    ("contract", "code", "problem"),
    [
        (_contract(UPLOAD, plugins=["nope"]), "no_such_plugin", "Plugin nope was not found in"),
        (_contract(UPLOAD, plugins=[{"name": "csv", "version": "9"}]), "no_such_plugin", "there is 0.1.0"),
        (_contract(UPLOAD, plugins=[{"name": "csv", "version": "=0.0.6"}]), "no_such_plugin", "there is 0.1.0"),
        (_contract(UPLOAD, specification="V3"), "invalid_pact", "can only be written as V4"),
        (_contract(UPLOAD, plugins=[]), "invalid_pact", "is the one of this type listed under 'plugins'?"),
        (
            _contract(
                {**UPLOAD, "request": {"contents": {"content-type": "text/csv", "column:0": "matching(type,'a')"}}}
            ),
            "plugin_failed",
            "'column:0' is not a valid field definition, expected an integer >= 1, got 0",
        ),
    ],
)
async def test_what_cannot_be_done_with_plugins_is_refused_in_a_sentence(
    control: aiohttp.ClientSession, contract: dict[str, Any], code: str, problem: str
) -> None:
    async with control.post("/", data=json.dumps(contract), headers=TYPE) as response:
        refused = await response.json()
    assert (response.status, refused["code"]) == (422, code)
    assert problem in refused["error"]


async def test_a_pact_whose_plugin_is_not_installed_is_refused(control: aiohttp.ClientSession) -> None:
    """Without it bodies would be compared as plain text, and a wrong verdict is worse than none."""
    pact = {"interactions": [], "metadata": {"plugins": [{"name": "avro", "version": "1.0.0"}]}}
    async with control.post("/", json=pact) as response:
        refused = await response.json()
    assert (response.status, refused["code"]) == (422, "no_such_plugin")
    assert "Plugin avro:1.0.0 was not found" in refused["error"]


async def test_answers_that_a_plugin_made_stand_among_the_others_with_their_own_metadata(
    control: aiohttp.ClientSession,
) -> None:
    plain = {"contents": {"content-type": "text/plain", "body": "hello"}}
    table = {"contents": {"content-type": "text/csv", "column:1": "notEmpty('a')"}, "metadata": {"topic": "tables"}}
    interaction = {
        "description": "d",
        "type": "core/interaction/synchronous-message",
        "response": [table, plain, table],
    }
    server = await _create(control, _contract(interaction))
    (written,) = (await _pact(control, server))["interactions"]
    answers = [(answer["contents"]["content"], answer["metadata"].get("topic")) for answer in written["response"]]
    assert answers == [("a\n", "tables"), ("hello", None), ("a\n", "tables")]
