"""The pact as the Ruby service writes it (reference/ruby-api.md §8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pactmock.pact.json.values import Json
from pactmock.ruby_api import forms
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.rules.writing import rules_of
from pactmock.ruby_api.tree.examples import document_of, example
from pactmock.ruby_api.versions import Version

_FORM = "application/x-www-form-urlencoded"


def pact_document(consumer: Json, provider: Json, interactions: Iterable[Json], version: Version) -> dict[str, Json]:
    """Write a pact: `consumer` and `provider` are objects, `interactions` are written already."""
    return {
        "consumer": consumer,
        "provider": provider,
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": version.number}},
    }


def interaction_document(interaction: Interaction, version: Version) -> dict[str, Json]:
    """Write an interaction."""
    state = interaction.provider_state
    return {
        "description": interaction.description,
        **({} if state is None else {"providerState": state}),
        "request": _request(interaction, version),
        "response": _response(interaction, version),
    }


def _request(interaction: Interaction, version: Version) -> dict[str, Json]:
    request = interaction.request
    document: dict[str, Any] = example(request.members)
    if "query" in document:
        document["query"] = interaction.written_query
    if request.content_type == _FORM and isinstance(document.get("body"), dict):
        document["body"] = forms.to_text(forms.of_object(document["body"]))
    return _with_rules(document, rules_of(request.members)) if version.writes_rules else document


def _response(interaction: Interaction, version: Version) -> dict[str, Json]:
    response = interaction.response
    if not version.writes_rules:
        return _with_headers(document_of(response))
    return _with_rules(_with_headers(example(response)), rules_of(response))


def _with_headers(document: dict[str, Json]) -> dict[str, Json]:
    """A response has headers in any case; they stand behind the status."""
    if "headers" in document:
        return document
    status = {"status": document["status"]} if "status" in document else {}
    return {**status, "headers": {}, **{name: item for name, item in document.items() if name != "status"}}


def _with_rules(document: dict[str, Json], rules: dict[str, Json]) -> dict[str, Json]:
    return {**document, "matchingRules": rules} if rules else document


def registered(interaction: Interaction) -> dict[str, Json]:
    """Write an interaction as the answer to a request that several match has it: the request with its matchers."""
    request = interaction.request
    options = {} if request.options is None else {"options": request.options}
    return {"description": interaction.description, "request": {**document_of(request.members), **options}}
