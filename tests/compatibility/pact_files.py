"""Steps that look at the pact file that the service wrote of what a consumer's test defined."""

from __future__ import annotations

import json

from tests.compatibility.drafts import World
from tests.compatibility.gherkin import Table
from tests.compatibility.parts import contents_json
from tests.compatibility.stage import Json
from tests.compatibility.steps import StepTable
from tests.compatibility.suite import contents_of, value_of


async def write(world: World) -> None:
    await world.play()
    assert not world.mismatches


def is_written(world: World) -> None:
    assert world.document
    assert world.document == world.stage.written()


def has_interactions(world: World, count: int) -> None:
    assert len(world.document[world.kind]) == count


def has_type(world: World, kind: str) -> None:
    assert kind in [item["type"] for item in world.document[world.kind]]


def interaction_type(world: World, index: int, kind: str) -> None:
    assert world.written(index)["type"] == kind


def interaction_member(world: World, index: int, name: str, value: str) -> None:
    assert world.written(index)[name] == json.loads(value)


def has_states(world: World, count: int) -> None:
    states_of(world, 0, count)


def states_of(world: World, index: int, count: int) -> None:
    assert len(world.written(index)["providerStates"]) == count


def has_state(world: World, name: str) -> None:
    state_of(world, 0, name)


def state_of(world: World, index: int, name: str) -> None:
    assert name in [state["name"] for state in world.written(index)["providerStates"]]


def state_parameters(world: World, name: str, table: Table) -> None:
    params = {state["name"]: state.get("params") for state in world.written(0)["providerStates"]}
    assert params[name] == json.loads(table.record()["parameters"])


def message_document(world: World, index: int, name: str) -> None:
    _assert_contents(world, world.written(index), f"file: {name}")


def request_document(world: World, index: int, cell: str) -> None:
    _assert_contents(world, world.written(index)["request"], cell)


def a_response_document(world: World, index: int, cell: str) -> None:
    response_document(world, index, cell, 0)


def response_document(world: World, index: int, cell: str, response: int) -> None:
    _assert_contents(world, world.written(index)["response"][response], cell)


def _assert_contents(world: World, message: Json, cell: str) -> None:
    assert message["contents"] == contents_json(contents_of(cell), world.version)


def message_type(world: World, index: int, content_type: str) -> None:
    assert world.written(index)["metadata"]["contentType"] == content_type


def request_type(world: World, index: int, content_type: str) -> None:
    assert world.written(index)["request"]["contents"]["contentType"] == content_type


def response_type(world: World, index: int, content_type: str) -> None:
    assert world.written(index)["response"][0]["contents"]["contentType"] == content_type


def response_count(world: World, index: int, count: int) -> None:
    assert len(world.written(index)["response"]) == count


def message_metadata(world: World, index: int, key: str, value: str) -> None:
    assert world.written(index)["metadata"][key] == value_of(value)


def request_metadata(world: World, index: int, key: str, value: str) -> None:
    assert world.written(index)["request"]["metadata"][key] == value_of(value)


_FIRST_ONE = "the interaction in the Pact file will contain"
_MESSAGE = "the {ordinal} message in the (?:p|P)act file"
_INTERACTION = "the {ordinal} interaction in the (?:p|P)act file"

STEPS: StepTable = {
    "the Pact file for the test is generated": write,
    "a Pact file for the message interaction will have been written": is_written,
    "the pact file will contain {int}(?: message)? interactions?": has_interactions,
    "there will be an interaction in the Pact file with a type of {string}": has_type,
    _INTERACTION + " will have a type of {string}": interaction_type,
    _INTERACTION + " will have {string} = {string}": interaction_member,
    _FIRST_ONE + " {int} provider states?": has_states,
    _FIRST_ONE + " provider state {string}": has_state,
    _MESSAGE + " will contain {int} provider states?": states_of,
    _MESSAGE + " will contain provider state {string}": state_of,
    "the provider state {string} (?:in the Pact file|for the message) will contain the following parameters:": (
        state_parameters
    ),
    _MESSAGE + " will contain the {string} document": message_document,
    _MESSAGE + " content type will be {string}": message_type,
    _MESSAGE + " will contain the message metadata {string} == {string}": message_metadata,
    _MESSAGE + " will contain the request message metadata {string} == {string}": request_metadata,
    _INTERACTION + " will contain {int} response messages": response_count,
    _INTERACTION + " will contain the {string} document as the request": request_document,
    _INTERACTION + " will contain the {string} document as a response": a_response_document,
    _INTERACTION + " will contain the {string} document as the {ordinal} response message": response_document,
    _INTERACTION + " request content type will be {string}": request_type,
    _INTERACTION + " response content type will be {string}": response_type,
}
