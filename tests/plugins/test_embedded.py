"""Plugins in Python programs: an installed one, and one that a test brings along."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

import pactmock
from examples.jsonl_plugin.jsonl_plugin import JsonlPlugin
from pactmock.errors import NoSuchPlugin
from pactmock.plugins import ConfigureRequest


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
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_pact_with_an_installed_plugin_is_played() -> None:
    pact = _pact("csv", "text/csv", "1\n", {"column:1": {"matchers": [{"match": "number"}]}})
    with pactmock.SyncMockServer(pact) as server:
        assert [_post(server.url, body, "text/csv") for body in ("2\n3\n", "x\n")] == [200, 500]
        assert [item["mismatch"] for item in server.mismatches[0]["mismatches"]] == ["Expected 'x' to match a number"]


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
