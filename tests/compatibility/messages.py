"""Steps in which the code under test gets the messages that were defined, with generated values in them.

The service hands them out, and is told what became of them, over HTTP.
"""

from __future__ import annotations

from tests.compatibility.drafts import World
from tests.compatibility.kinds import assert_replaced, value_at
from tests.compatibility.stage import Json
from tests.compatibility.steps import StepTable
from tests.compatibility.suite import Contents, contents_of, value_of


async def process(world: World) -> None:
    """Hand the messages to the code under test, which is content with them."""
    await world.play()
    assert not world.mismatches


async def fail(world: World, error: str) -> None:
    """Hand the messages to the code under test, which raises an error."""
    await world.play(error)


def has_passed(world: World) -> None:
    assert not world.mismatches


def has_failed(world: World) -> None:
    assert [found["type"] for found in world.mismatches] == ["message-failed"]


def has_failed_for(world: World, error: str) -> None:
    assert [found["error"] for found in world.mismatches] == [error]


def is_not_written(world: World) -> None:
    assert world.stage.written() is None


def received_json(world: World, name: str) -> None:
    _assert_received(world, contents_of(f"file: {name}.json"))


def received_document(world: World, cell: str) -> None:
    _assert_received(world, contents_of(cell))


def _assert_received(world: World, expected: Contents) -> None:
    contents = world.received[0]["contents"]
    if expected.is_json:
        assert contents["content"] == expected.document()
    else:
        assert contents["content"].encode() == expected.content


def received_type(world: World, content_type: str) -> None:
    assert world.received[0]["contents"]["contentType"] == content_type


def received_metadata(world: World, key: str, value: str) -> None:
    assert world.received[0]["metadata"][key] == value_of(value)


def sent_metadata(world: World, key: str, value: str) -> None:
    assert world.sent[0]["metadata"][key] == value_of(value)


def received_metadata_kind(world: World, key: str, kind: str) -> None:
    assert_replaced(world.to_receive["metadata"][key], world.received[0]["metadata"][key], kind)


def sent_metadata_kind(world: World, key: str, kind: str) -> None:
    assert_replaced(world.request["metadata"][key], world.sent[0]["metadata"][key], kind)


def received_contents_kind(world: World, path: str, kind: str) -> None:
    _assert_replaced(world, world.to_receive, world.received[0], path, kind)


def sent_contents_kind(world: World, path: str, kind: str) -> None:
    _assert_replaced(world, world.request, world.sent[0], path, kind)


def _assert_replaced(world: World, given: Json, generated: Json, path: str, kind: str) -> None:
    contents = given["contents"]["content"] if world.version.typed_interactions else given["contents"]
    assert_replaced(value_at(path, contents), value_at(path, generated["contents"]["content"]), kind)


_RECEIVED = "the received message(?: response)? metadata will contain {string}"
_SENT = "the received message request metadata will contain {string}"

STEPS: StepTable = {
    "the message is successfully processed": process,
    "the message is NOT successfully processed with a {string} exception": fail,
    "the consumer test will have passed": has_passed,
    "the consumer test will have failed": has_failed,
    "the consumer test error will be {string}": has_failed_for,
    "a Pact file for the message interaction will NOT have been written": is_not_written,
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
