"""What plugins add to a pact is worked out before it is played, and is one value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pactmock.errors import NoSuchPlugin
from pactmock.pact.documents import reading
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.plugins.binding.pact_plugins import plugins_for
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.settings import PluginSettings
from tests.plugins.test_field_rules import PACT as WITH_RULES
from tests.plugins.test_field_rules import Parity

TABLE = {"content": "1\n", "contentType": "text/csv"}
GENERATED = {"body": {"column:1": {"type": "RandomInt", "min": 1, "max": 9}}}


def _interaction(description: str, request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "POST", "path": "/", **request}
    return {"type": "Synchronous/HTTP", "description": description, "request": request, "response": response}


WITH_TABLES = {
    "interactions": [
        {"type": "Asynchronous/Messages", "description": "counted apart"},
        _interaction("plain", {}, {"status": 200}),
        _interaction("a table comes", {"body": TABLE}, {"status": 200}),
        _interaction("a table goes", {}, {"body": TABLE}),
        _interaction("a table that is generated goes", {}, {"body": TABLE, "generators": GENERATED}),
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": [{"name": "csv"}]},
}


@pytest.fixture
def host(tmp_path: Path) -> Iterator[PluginHost]:
    """Run the plugins that come along, and one of this test."""
    made = PluginHost(PluginSettings(tmp_path), plugins=[Parity()])
    yield made
    made.close()


def _bound(pact: Any, host: PluginHost) -> BoundPact:
    read = reading.read_pact(pact)
    return plugins_for(read, host)(read)


def test_a_pact_is_decided_on_in_threads_when_one_of_its_plugins_may_block(host: PluginHost) -> None:
    assert not _bound(WITH_TABLES, host).asks_plugins
    named = [{"name": "csv"}, {"name": Parity.name}]
    with_both = {**WITH_TABLES, "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": named}}
    assert _bound(with_both, host).asks_plugins


def test_comparisons_and_generators_stand_at_the_interactions_that_are_a_plugins(host: PluginHost) -> None:
    bound = _bound(WITH_TABLES, host)
    assert list(bound.body_compilers) == [1]
    assert list(bound.body_makers) == [3]
    assert bound.transports == {}


def test_rules_of_plugins_are_ready_in_a_bound_pact_and_generators_among_its_kinds(host: PluginHost) -> None:
    bound = _bound(WITH_RULES, host)
    ((rule,),) = [entry.rules for entry in bound.pact.http_interactions[0].request.matching_rules["query"]]
    assert rule.apply is not None  # type: ignore[attr-defined]
    assert rule.apply("2", "3", False) == "3 is not even (query)"  # type: ignore[attr-defined]
    assert "Odd" in (bound.generator_kinds or {})
    assert "Odd" not in (_bound(WITH_TABLES, host).generator_kinds or {})


def test_a_pact_without_plugins_is_bound_to_nothing(host: PluginHost) -> None:
    pact = reading.read_pact({"interactions": []})
    assert plugins_for(pact, host)(pact) == BoundPact(pact)


@pytest.mark.parametrize(
    "needs",
    [
        {"pluginConfiguration": {"nobody": {"a": 1}}},
        {"transport": "http3"},
        {"request": {"body": {"content": "x", "contentType": "application/x-ndjson"}}},
        {"response": {"body": TABLE, "generators": GENERATED}},
    ],
    ids=["keeps data", "transport", "compares", "generates"],
)
def test_a_plugin_that_is_not_there_refuses_what_needs_it_over_http(host: PluginHost, needs: dict[str, Any]) -> None:
    with pytest.raises(NoSuchPlugin, match="Plugin nobody was not found"):
        _bound(_named(_interaction("plain", {}, {}), _interaction("of a plugin", {}, {}) | needs), host)


@pytest.mark.parametrize("interactions", [(), ("rpc",)])
def test_a_pact_of_which_nothing_could_be_played_is_refused(host: PluginHost, interactions: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchPlugin, match="Plugin nobody was not found"):
        _bound(_named(*map(_rpc, interactions)), host)


def test_what_needs_no_plugin_is_played_without_the_one_that_is_missing(host: PluginHost) -> None:
    bound = _bound(_named(_rpc("rpc"), _interaction("plain", {"body": {"content": {"a": 1}}}, {"body": TABLE})), host)
    assert [bound.plugin_missing_for(item) for item in bound.pact.interactions] == ["nobody", None]
    assert not bound.asks_plugins, "nobody is asked, so it is decided where it arrives"


def _rpc(description: str) -> dict[str, Any]:
    contents = {"content": "AAAA", "contentType": "application/protobuf", "encoded": "base64"}
    return {
        "type": "Synchronous/Messages",
        "description": description,
        "transport": "grpc",
        "request": {"contents": contents},
        "response": [{"contents": contents}],
    }


def _named(*interactions: dict[str, Any]) -> dict[str, Any]:
    metadata = {"pactSpecification": {"version": "4.0"}, "plugins": [{"name": "nobody"}]}
    return {"interactions": list(interactions), "metadata": metadata}
