"""Rules and generators that a plugin supplies for single values work in bodies, headers and queries."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import pactmock
from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service
from pactmock.errors import PluginError
from pactmock.plugins import (
    CatalogueEntry,
    ContentMismatch,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    MatchFieldRequest,
    Plugin,
)
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.patience import HANG
from tests.plugin_directory import install, none_left


class Parity(Plugin):
    """The rule `even`, and the generator `Odd`."""

    name, version = "parity", "1.0.0"

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return [CatalogueEntry(EntryKind.MATCHER, "even"), CatalogueEntry(EntryKind.GENERATOR, "Odd")]

    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        if isinstance(request.actual, list | dict):
            raise PluginError("only single values are even")
        number = int(str(request.actual))
        return [] if number % 2 == 0 else [ContentMismatch(f"{number} is not even ({request.mismatch_type})")]

    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        return int(str(request.example)) * 2 + 1


PROGRAM = "from tests.plugins.test_field_rules import Parity\nfrom pactmock.plugins import serve\nserve(Parity())"
EVEN = {"matchers": [{"match": "even"}]}
PACT: dict[str, Any] = {
    "interactions": [
        {
            "type": "Synchronous/HTTP",
            "description": "numbers",
            "request": {
                "method": "POST",
                "path": "/2",
                "query": {"q": ["2"]},
                "headers": {"X-Number": ["2"]},
                "body": {"content": {"n": 2, "m": [2], "e": {"a": 2}}, "contentType": "application/json"},
                "matchingRules": {
                    "query": {"q": EVEN},
                    "header": {"X-Number": EVEN},
                    "body": {
                        "$.n": EVEN,
                        "$.m[*]": EVEN,
                        "$.e": {"matchers": [{"match": "eachValue", "rules": [{"match": "even"}]}]},
                    },
                },
            },
            "response": {
                "status": 200,
                "body": {"content": {"n": 4}, "contentType": "application/json"},
                "generators": {"body": {"$.n": {"type": "Odd"}}},
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": [{"name": "parity", "version": "1.0.0"}]},
}


@pytest.fixture(params=["in process", "a process"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pactmock.SyncMockServer]:
    """A mock server whose pact names the plugin, in either way of running it."""
    plugins: list[Plugin] = [Parity()]
    if request.param == "a process":
        plugins = []
        monkeypatch.setenv("PACT_PLUGIN_DIR", str(install(tmp_path, "parity", PROGRAM, interface=2)))
    with pactmock.SyncMockServer(PACT, plugins=plugins) as running:
        yield running
    assert none_left(tmp_path)


def _post(url: str, body: Any, *, query: str = "2", header: str = "2") -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "X-Number": header}
    request = urllib.request.Request(f"{url}/2?q={query}", json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=HANG) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, [item["mismatch"] for item in json.loads(error.read())["mismatches"]]


def test_a_rule_of_a_plugin_decides(server: pactmock.SyncMockServer) -> None:
    assert _post(server.url, {"n": 8, "m": [4], "e": {"b": 10}}, query="12", header="14")[0] == 200


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"body": {"n": 3, "m": [2], "e": {"a": 2}}}, "3 is not even (body)"),
        ({"body": {"n": 2, "m": [5], "e": {"a": 2}}}, "5 is not even (body)"),
        ({"body": {"n": 2, "m": [2], "e": {"a": 7}}}, "7 is not even (body)"),
        ({"query": "9"}, "9 is not even (query)"),
        ({"header": "11"}, "11 is not even (header)"),
    ],
)
def test_a_rule_of_a_plugin_refuses(server: pactmock.SyncMockServer, changes: dict[str, Any], problem: str) -> None:
    sent = {"body": {"n": 2, "m": [2], "e": {"a": 2}}} | changes
    status, mismatches = _post(server.url, **sent)
    assert status == 500
    assert len(mismatches) == 1
    assert mismatches[0].endswith(problem)


def test_what_a_plugin_cannot_decide_is_a_mismatch_in_its_words(server: pactmock.SyncMockServer) -> None:
    status, mismatches = _post(server.url, {"n": [1], "m": [2], "e": {"a": 2}})
    assert status == 500
    assert "Could not apply the 'even' matching rule - " in mismatches[0]
    assert "only single values are even" in mismatches[0]


def test_a_generator_of_a_plugin_makes_a_value(server: pactmock.SyncMockServer) -> None:
    assert _post(server.url, {"n": 2, "m": [2], "e": {"a": 2}}) == (200, {"n": 9})


def test_a_rule_of_a_plugin_is_written_as_it_was_read(server: pactmock.SyncMockServer, tmp_path: Path) -> None:
    assert _post(server.url, {"n": 2, "m": [2], "e": {"a": 2}})[0] == 200
    written = json.loads(server.write_pact(tmp_path / "pacts").read_text())
    assert written["interactions"][0]["request"]["matchingRules"]["body"]["$.n"]["matchers"] == [{"match": "even"}]


DIVISIBLE = """
from tests.plugins.test_field_rules import *
from pactmock.plugins import serve

class Divisible(Parity):
    def catalogue(self):
        return [CatalogueEntry(EntryKind.MATCHER, "divisible", {"config-key": "by"})]

    def match_field(self, request):
        by = request.rule.values["by"]
        return [] if request.actual % by == 0 else [ContentMismatch(f"{request.actual} is not divisible by {by}")]

serve(Divisible())
"""


async def test_what_configures_a_rule_stands_under_the_name_that_the_plugin_has_for_it(tmp_path: Path) -> None:
    plugins = install(tmp_path, "parity", DIVISIBLE, interface=2)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(plugins))
    body = {"n": {"pact:matcher:type": "matching(divisible, 5, 10)"}}
    request = {"method": "POST", "contents": {"content-type": "application/json", "body": body}}
    contract = {
        "consumer": "c",
        "provider": "p",
        "plugins": ["parity"],
        "interactions": [{"description": "d", "request": request}],
    }
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        async with control.post("/", data=json.dumps(contract), headers={"Content-Type": MEDIA_TYPE}) as response:
            server = (await response.json())["mockServer"]
        async with control.get(f"/mockserver/{server['id']}/pact") as response:
            rules = (await response.json())["interactions"][0]["request"]["matchingRules"]["body"]
        async with control.post(f"/m/{server['id']}/", json={"n": 25}) as response:
            assert response.status == 200
        async with control.post(f"/m/{server['id']}/", json={"n": 26}) as response:
            assert "26 is not divisible by 5" in (await response.json())["error"]
    assert rules == {"$.n": {"combine": "AND", "matchers": [{"match": "divisible", "by": 5}]}}
