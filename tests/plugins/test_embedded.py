"""Plugins in Python programs: an installed one, and one that a test brings along."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

import pytest

import pactmock
from examples.jsonl_plugin.jsonl_plugin import JsonlPlugin
from pactmock.errors import NoSuchPlugin
from pactmock.plugins import (
    CatalogueEntry,
    Compare,
    CompareRequest,
    Comparison,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    Plugin,
    PluginError,
    content_entries,
)
from tests.patience import HANG


def _pact(plugin: str, content_type: str, content: str, rules: dict[str, Any]) -> dict[str, Any]:
    request = {
        "method": "POST",
        "path": "/",
        "body": {"content": content, "contentType": content_type, "encoded": False},
        "matchingRules": {"body": rules},
    }
    plugins = [{"name": plugin, "version": "0.1.0", "configuration": {}}]
    return {
        "interactions": [{"type": "Synchronous/HTTP", "description": "d", "request": request}],
        "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": plugins},
    }


def _post(url: str, body: str, content_type: str) -> int:
    request = urllib.request.Request(url, body.encode(), {"Content-Type": content_type}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=HANG) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_pact_with_an_installed_plugin_is_played() -> None:
    pact = _pact("csv", "text/csv", "1\n", {"column:1": {"matchers": [{"match": "number"}]}})
    with pactmock.SyncMockServer(pact) as server:
        assert [_post(server.url, body, "text/csv") for body in ("2\n3\n", "x\n")] == [200, 500]
        assert [item["mismatch"] for item in server.mismatches[0]["mismatches"]] == ["Expected 'x' to match a number"]


class Compiling(Plugin):
    """Fails at what is expected as often as it is told, and then compiles it."""

    name, version = "compiling", "0.1.0"

    def __init__(self, fails: int) -> None:
        self.asked: list[str] = []
        self._fails = [True] * fails

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return content_entries("compiling", "text/compiling")

    def comparison(self, request: CompareRequest) -> Compare:
        assert request.expected is not None
        self.asked.append(f"compile {request.expected.content!r}")
        if self._fails and self._fails.pop():
            raise PluginError("not yet")
        return self._compare

    def _compare(self, actual: Contents | None) -> Comparison:
        assert actual is not None
        self.asked.append(f"compare {actual.content!r}")
        return [] if actual.content.isdigit() else [ContentMismatch("no number")]


def test_a_plugin_compiles_what_is_expected_once_and_compares_each_request_with_it() -> None:
    pact, plugin = _pact("compiling", "text/compiling", "1", {}), Compiling(fails=1)
    with pactmock.SyncMockServer(pact, plugins=[plugin]) as server:
        assert [_post(server.url, body, "text/compiling") for body in ("2", "3", "x", "4")] == [500, 200, 500, 200]
        said = [item["mismatches"][0]["mismatch"] for item in server.mismatches]
        assert said[0].endswith("not yet")
        assert said[1] == "no number"
    assert plugin.asked == ["compile b'1'", "compile b'1'", "compare b'3'", "compare b'x'", "compare b'4'"]


def test_a_plugin_that_is_not_installed_is_brought_along() -> None:
    made = JsonlPlugin().configure_interaction(ConfigureRequest("", {"line": {"id": "matching(integer, 7)"}}))
    assert made.parts[0].contents is not None
    content = made.parts[0].contents.content.decode()
    pact = _pact("jsonl", "application/x-ndjson", content, {"$.id": {"matchers": [{"match": "integer"}]}})
    with pytest.raises(NoSuchPlugin, match=r"Plugin jsonl:0\.1\.0 was not found"):
        pactmock.SyncMockServer(pact)
    with pactmock.SyncMockServer(pact, plugins=[JsonlPlugin()]) as server:
        sent = ('{"id":1}\n{"id":2}\n', '{"id":1}\n{"id":"two"}\n')
        assert [_post(server.url, body, "application/x-ndjson") for body in sent] == [200, 500]
