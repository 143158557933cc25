"""Steps in which the code under test gets the messages that were defined, with generated values in them.

That happens in the library, as a mock server sends no messages; the pact file is written by the service.
"""

from __future__ import annotations

import json

from pactmock.generators.apply import generate_contents
from pactmock.generators.context import GeneratorContext
from pactmock.pact import reading
from pactmock.pact.model import AsynchronousMessage, MessageContents, SynchronousMessages, message_content_type
from tests.compatibility.drafts import World
from tests.compatibility.kinds import assert_replaced, value_at
from tests.compatibility.stage import Json
from tests.compatibility.steps import StepTable
from tests.compatibility.suite import Contents, contents_of, value_of


async def process(world: World) -> None:
    """Hand the messages to the code under test, which is content with them, and have the pact written."""
    for interaction in reading.read_pact(world.pact()).interactions:
        if isinstance(interaction, AsynchronousMessage):
            world.received.append(_generated(interaction.message))
        elif isinstance(interaction, SynchronousMessages):
            world.sent.append(_generated(interaction.request))
            world.received += map(_generated, interaction.responses)
    await world.write()


def _generated(message: MessageContents) -> MessageContents:
    return generate_contents(message, GeneratorContext())


def has_passed(world: World) -> None:
    """Look at nothing: a step that failed has ended the scenario."""


def received_json(world: World, name: str) -> None:
    _assert_received(world, contents_of(f"file: {name}.json"))


def received_document(world: World, cell: str) -> None:
    _assert_received(world, contents_of(cell))


def _assert_received(world: World, expected: Contents) -> None:
    content = world.received[0].contents.content
    if expected.is_json:
        assert json.loads(content) == expected.document()
    else:
        assert content == expected.content


def received_type(world: World, content_type: str) -> None:
    assert str(message_content_type(world.received[0])) == content_type


def received_metadata(world: World, key: str, value: str) -> None:
    assert world.received[0].metadata[key] == value_of(value)


def sent_metadata(world: World, key: str, value: str) -> None:
    assert world.sent[0].metadata[key] == value_of(value)


def received_metadata_kind(world: World, key: str, kind: str) -> None:
    assert_replaced(world.to_receive["metadata"][key], world.received[0].metadata[key], kind)


def sent_metadata_kind(world: World, key: str, kind: str) -> None:
    assert_replaced(world.request["metadata"][key], world.sent[0].metadata[key], kind)


def received_contents_kind(world: World, path: str, kind: str) -> None:
    _assert_replaced(world, world.to_receive, world.received[0], path, kind)


def sent_contents_kind(world: World, path: str, kind: str) -> None:
    _assert_replaced(world, world.request, world.sent[0], path, kind)


def _assert_replaced(world: World, given: Json, generated: MessageContents, path: str, kind: str) -> None:
    contents = given["contents"]["content"] if world.version.typed_interactions else given["contents"]
    assert_replaced(value_at(path, contents), value_at(path, json.loads(generated.contents.content)), kind)


_RECEIVED = "the received message(?: response)? metadata will contain {string}"
_SENT = "the received message request metadata will contain {string}"

STEPS: StepTable = {
    "the message is successfully processed": process,
    "the consumer test will have passed": has_passed,
    "the received message payload will contain the {string} JSON document": received_json,
    "the received message payload will contain the {string} document": received_document,
    "the received message content type will be {string}": received_type,
    _RECEIVED + " == {string}": received_metadata,
    _SENT + " == {string}": sent_metadata,
    _RECEIVED + " replaced with an? {string}": received_metadata_kind,
    _SENT + " replaced with an? {string}": sent_metadata_kind,
    "the message(?: response)? contents for {string} will have been replaced with an? {string}": received_contents_kind,
    "the message request contents for {string} will have been replaced with an? {string}": sent_contents_kind,
}
