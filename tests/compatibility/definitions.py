"""Steps that define interactions of a consumer's test, of V3 and V4."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pactmock.pact.model import AsynchronousMessage, HttpInteraction, SynchronousMessages
from tests.compatibility.drafts import World
from tests.compatibility.gherkin import Table
from tests.compatibility.parts import Part, contents_json
from tests.compatibility.stage import Json
from tests.compatibility.steps import StepTable
from tests.compatibility.suite import Contents, contents_of, document_of, value_of


def define_http(world: World) -> None:
    request, response = Part().request_json(world.version), Part().response_json(world.version)
    world.define(HttpInteraction.type, "interaction for a consumer test", request=request, response=response)


def define_message(world: World) -> None:
    world.define(AsynchronousMessage.type, "a message")


def define_synchronous_message(world: World) -> None:
    world.define(SynchronousMessages.type, "a synchronous message", request={}, response=[])


def message_is_defined(world: World) -> None:
    """Leave the message as it is: it has its provider states already, and needs no contents."""
    assert world.interaction["description"] == "a message"


def add_state(world: World, name: str) -> None:
    world.interaction.setdefault("providerStates", []).append({"name": name})


def add_state_with_data(world: World, name: str, table: Table) -> None:
    params = {key: json.loads(cell) for key, cell in table.record().items()}
    world.interaction.setdefault("providerStates", []).append({"name": name, "params": params})


def set_key(world: World, key: str) -> None:
    world.interaction["key"] = key


def set_pending(world: World) -> None:
    world.interaction["pending"] = True


def add_comment(world: World, comment: str) -> None:
    world.interaction.setdefault("comments", {}).setdefault("text", []).append(comment)


def set_payload(world: World, name: str) -> None:
    world.interaction.update(_message(world, contents_of(f"file: {name}.json")))


def set_request_payload(world: World, name: str) -> None:
    world.request.update(_message(world, contents_of(f"file: {name}.json")))


def add_response_payload(world: World, cell: str) -> None:
    world.interaction["response"].append(_message(world, contents_of(cell)))


def _message(world: World, contents: Contents) -> Json:
    """Write contents as a message of the version has them; V3 names their type in the metadata."""
    written = {"contents": contents_json(contents, world.version)}
    typed = world.version.typed_interactions
    return written if typed else {**written, "metadata": {"contentType": contents.content_type}}


def set_metadata(world: World, table: Table) -> None:
    _add_metadata(world.interaction, _metadata(table))


def set_request_metadata(world: World, table: Table) -> None:
    _add_metadata(world.request, _metadata(table))


def _metadata(table: Table) -> dict[str, Any]:
    return {row["key"]: value_of(row["value"]) for row in table.records()}


def _add_metadata(message: Json, metadata: Mapping[str, Any]) -> None:
    message["metadata"] = {**message.get("metadata", {}), **metadata}


def configure(world: World, table: Table) -> None:
    world.interaction.update(_configured(world, table))


def configure_request(world: World, table: Table) -> None:
    world.request.update(_configured(world, table))


def configure_response(world: World, table: Table) -> None:
    world.interaction["response"].append(_configured(world, table))


def _configured(world: World, table: Table) -> Json:
    row = table.record()
    assert row.keys() <= {"body", "generators", "metadata"}
    message = _message(world, contents_of(row["body"])) if "body" in row else {}
    _add_metadata(message, json.loads(row.get("metadata", "{}")))
    return {**message, "generators": document_of(row["generators"])}


_STATE = "a provider state {string}(?: for the(?: synchronous)? message)? is specified"
_INTERACTION = "(?:HTTP|message|synchronous message) interaction"

STEPS: StepTable = {
    "an (?:integration|HTTP interaction) is being defined for a consumer test": define_http,
    "a message (?:integration|interaction) is being defined for a consumer test": define_message,
    "a synchronous message interaction is being defined for a consumer test": define_synchronous_message,
    "a message is defined": message_is_defined,
    _STATE: add_state,
    _STATE + " with the following data:": add_state_with_data,
    "a key of {string} is specified for the " + _INTERACTION: set_key,
    f"the {_INTERACTION} is marked as pending": set_pending,
    "a comment {string} is added to the " + _INTERACTION: add_comment,
    "the message payload contains the {string} JSON document": set_payload,
    "the message request payload contains the {string} JSON document": set_request_payload,
    "the message response payload contains the {string} document": add_response_payload,
    "the message contains the following metadata:": set_metadata,
    "the message request contains the following metadata:": set_request_metadata,
    "the message is configured with the following:": configure,
    "the message request is configured with the following:": configure_request,
    "the message response is configured with the following:": configure_response,
}
