"""What the tests of the plugin write into test files of their own."""

from __future__ import annotations

from textwrap import dedent

import pytest

_HEAD = """
import json
import urllib.request

import pytest


def a_user(pact, name="Ada", path="/users/7"):
    pact.upon_receiving("a user").with_request("GET", path).will_respond_with(200).with_body({"name": name})


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def another(pact, description):
    (
        pact.upon_receiving(description).with_request("GET", "/" + description)
        .will_respond_with(200).with_body({})
    )
    with pact.serve() as server:
        get(server.url + "/" + description)

"""
"""What its test files begin with."""


def write(pytester: pytest.Pytester, *tests: str) -> None:
    """Write a file of tests, which have what stands above."""
    pytester.makepyfile(test_users=_HEAD + "\n\n".join(map(dedent, tests)))


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A directory for test files, in which pytest loads the plugin, and of others those that are needed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pactmock.pytest_plugin -p xdist -p pytest_asyncio.plugin")
    pytester.makeini(_INI)
    return pytester


_INI = """
[pytest]
pact_consumer = web
pact_provider = users-api
asyncio_default_fixture_loop_scope = function
"""
