"""The native Pact library loads our packaged CSV plugin, and decides with it as we do."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.patience import HANG
from tests.plugin_directory import CSV_TYPE, GUIDE_COLUMNS, ROOT, none_left, with_csv

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pact_ffi") is None, reason="the package pact-python-ffi is not installed"
)

BODIES = [
    "Fred,4,1999-12-31\n",
    "Fred,four,1999-12-31\n",
    "Fred,4,31.12.1999\n",
    "Fred,4\n",
    "Fred,4,1999-12-31,more\n",
    "Fred,4,1999-12-31\nJoe,5,1999-12-30\nAnn,x,1999-12-29\n",
    '"a,b",1e3,2024-02-29\n',
]


def _native(plugins: Path, directory: Path) -> dict[str, Any]:
    contract = {"version": "0.1.0", "request": GUIDE_COLUMNS, "response": GUIDE_COLUMNS, "bodies": BODIES}
    file = directory / "contract.json"
    file.write_text(json.dumps(contract))
    environment = {**os.environ, "PACT_PLUGIN_DIR": str(plugins), "PACT_DO_NOT_TRACK": "true"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "native_host.py"), str(file), str(directory)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    played: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return played


async def _ours(plugins: Path, directory: Path) -> tuple[list[int], list[dict[str, Any]], dict[str, Any]]:
    request, response = {"method": "POST", "path": "/reports", "contents": GUIDE_COLUMNS}, {"contents": GUIDE_COLUMNS}
    contract = {
        "consumer": "CsvClient",
        "provider": "CsvServer",
        "plugins": [{"name": "csv", "version": "0.1.0"}],
        "interactions": [{"description": "an upload", "request": request, "response": response}],
    }
    settings = ServiceSettings(port=0, output=directory, plugins=PluginSettings(plugins))
    async with (
        Service(settings) as service,
        aiohttp.ClientSession(service.url) as control,
        aiohttp.ClientSession() as http,
    ):
        async with control.post("/", data=json.dumps(contract), headers={"Content-Type": MEDIA_TYPE}) as created:
            server = (await created.json())["mockServer"]
        statuses = []
        for body in BODIES:
            async with http.post(f"{server['url']}/reports", data=body, headers={"Content-Type": CSV_TYPE}) as answer:
                statuses.append(answer.status)
        async with control.get(f"/mockserver/{server['id']}/mismatches") as answer:
            mismatches = await answer.json()
        async with control.get(f"/mockserver/{server['id']}/pact") as answer:
            return statuses, mismatches, await answer.json()


def _said(mismatches: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    return [
        sorted((item["path"], item["mismatch"]) for item in failure["mismatches"])
        for failure in mismatches
        if failure["type"] == "request-mismatch"
    ]


def _configured(pact: dict[str, Any], part: str) -> list[Any]:
    """Return what the plugin made of a part; the library also writes a hint that says nothing."""
    written = pact["interactions"][0][part]
    body = {name: value for name, value in written["body"].items() if name != "contentTypeHint"}
    return [body, written["matchingRules"], written["generators"]]


async def test_the_native_library_loads_the_packaged_plugin_and_decides_as_we_do(tmp_path: Path) -> None:
    plugins = with_csv(tmp_path / "plugins")
    native = _native(plugins, tmp_path)
    statuses, mismatches, pact = await _ours(plugins, tmp_path / "ours")
    assert [status for status, _ in native["answers"]] == statuses == [200, 500, 500, 500, 500, 500, 200]
    assert _said(native["mismatches"]) == _said(mismatches)
    written = json.loads((tmp_path / "CsvClient-CsvServer.json").read_text())
    for part in ("request", "response"):
        assert _configured(pact, part) == _configured(written, part)
    assert written["metadata"]["plugins"] == pact["metadata"]["plugins"]
    assert none_left(plugins)
