"""HTTP consumers of V1 and V2: a table of interactions is played by the service, and its pact file is read back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.compatibility.gherkin import Table
from tests.compatibility.parts import Part, contents_json, query_json, with_row
from tests.compatibility.stage import Json, MockServer, Reply, Stage, place_of
from tests.compatibility.steps import Topic
from tests.compatibility.suite import contents_of, fixture

_RESPONSE_COLUMNS = {
    "response": "status",
    "response content": "content type",
    "response headers": "headers",
    "response body": "body",
    "response matching rules": "matching rules",
}


@dataclass
class World:
    """What the steps of a scenario share."""

    stage: Stage
    requests: list[Part] = field(default_factory=list)
    responses: list[Part] = field(default_factory=list)
    server: MockServer = field(init=False)
    reply: Reply = field(init=False)

    def request(self, number: int) -> Part:
        return self.requests[number - 1]

    def interaction(self, number: int) -> Json:
        """Return an interaction of the table as a pact file has it."""
        return self.changed(number, self.request(number))

    def changed(self, number: int, request: Part) -> Json:
        """Return an interaction of the table with another request."""
        return self.stage.http_interaction(describe(number), request, self.responses[number - 1])

    async def start(self, *interactions: Json) -> None:
        self.server = await self.stage.start(self.stage.pact(interactions))

    async def failures(self, kind: str) -> list[Json]:
        return [found for found in await self.server.mismatches() if found["type"] == kind]

    def interactions(self) -> list[Json]:
        """Return the interactions of the file that was written."""
        document = self.stage.written()
        assert document is not None
        interactions: list[Json] = document["interactions"]
        return interactions


def describe(number: int) -> str:
    return f"Interaction {number}"


def define(world: World, table: Table) -> None:
    for row in table.records():
        columns = {name: cell for name, cell in row.items() if name not in _RESPONSE_COLUMNS}
        world.requests.append(with_row(Part(), columns))
        answer = {column: row.get(name, "") for name, column in _RESPONSE_COLUMNS.items()}
        world.responses.append(with_row(Part(), answer))


async def start_one(world: World, number: int) -> None:
    await world.start(world.interaction(number))


async def start_some(world: World, numbers: str) -> None:
    await world.start(*(world.interaction(int(number)) for number in numbers.split(",")))


async def start_changed(world: World, number: int, table: Table) -> None:
    await world.start(world.changed(number, with_row(world.request(number), table.record())))


async def send(world: World, number: int) -> None:
    world.reply = await world.server.send(world.request(number))


async def send_changed(world: World, number: int, table: Table) -> None:
    world.reply = await world.server.send(with_row(world.request(number), table.record()))


def reply_has_status(world: World, status: int) -> None:
    assert world.reply.status == status, world.reply.body


def reply_has_document(world: World, name: str) -> None:
    assert json.loads(world.reply.body) == json.loads(fixture(f"{name}.json"))


def reply_has_type(world: World, content_type: str) -> None:
    assert world.reply.headers["Content-Type"] == content_type


async def finish(world: World) -> None:
    """End the consumer's test: the service writes the pact if all matched, and only then."""
    matched = not await world.server.mismatches()
    assert await world.server.verify() is matched


async def all_matched(world: World) -> None:
    assert await world.server.mismatches() == []


async def not_all_matched(world: World) -> None:
    assert await world.server.mismatches() != []


async def has_mismatches(world: World) -> None:
    assert await world.failures("request-mismatch")


async def interaction_is_missing(world: World, number: int) -> None:
    expected = world.request(number)
    found = [(item["interaction"]["description"], item["path"]) for item in await world.failures("missing-request")]
    assert (describe(number), expected.path) in found


async def request_is_unexpected(world: World, method: str, number: int) -> None:
    request = world.request(number)
    query = parse_qs(request.query) if request.query else None
    found = await world.failures("request-not-found")
    assert (method, request.path, query) in [
        (item["method"], item["path"], item["request"].get("query")) for item in found
    ]


async def path_is_unexpected(world: World, method: str, path: str) -> None:
    found = [(item["method"], item["path"]) for item in await world.failures("request-not-found")]
    assert (method, path) in found


async def request_differs(world: World, kind: str, error: str) -> None:
    found = await world.server.differences()
    assert any(_is_of(item, kind) and error in item["mismatch"] for item in found), found


async def request_differs_at(world: World, kind: str, path: str, error: str) -> None:
    found = [item for item in await world.server.differences() if _is_of(item, kind)]
    assert any(place_of(item) == path and error in item["mismatch"] for item in found), found


def _is_of(difference: Json, kind: str) -> bool:
    if difference["type"] == "BodyTypeMismatch":
        return kind == "body-content-type"
    return str(difference["type"]).lower() == f"{kind}mismatch"


def pact_is_written(world: World) -> None:
    assert world.stage.written() is not None


def pact_is_not_written(world: World) -> None:
    assert world.stage.written() is None


def pact_has_interactions(world: World, count: int) -> None:
    assert len(world.interactions()) == count


def written_method(world: World, index: int, method: str) -> None:
    assert world.interactions()[index]["request"]["method"] == method


def written_query(world: World, index: int, query: str) -> None:
    assert world.interactions()[index]["request"]["query"] == query_json(query, world.stage.version)


def written_header(world: World, index: int, name: str, value: str) -> None:
    assert _header(world.interactions()[index]["request"], name) == value


def written_content_type(world: World, index: int, content_type: str) -> None:
    assert _header(world.interactions()[index]["request"], "Content-Type") == content_type


def _header(part: Json, name: str) -> Any:
    return {key.lower(): value for key, value in part["headers"].items()}[name.lower()]


def written_request_document(world: World, index: int, name: str) -> None:
    _assert_document(world, world.interactions()[index]["request"], name)


def written_response_document(world: World, index: int, name: str) -> None:
    _assert_document(world, world.interactions()[index]["response"], name)


def _assert_document(world: World, part: Json, name: str) -> None:
    assert part["body"] == contents_json(contents_of(f"file: {name}"), world.stage.version)


_STATUS = "the mock server status will be"

TOPIC = Topic(
    World,
    {
        "the following HTTP interactions have been defined:": define,
        "the mock server is started with interaction {int}": start_one,
        "the mock server is started with interactions {string}": start_some,
        "the mock server is started with interaction {int} but with the following changes:": start_changed,
        "request {int} is made to the mock server": send,
        "request {int} is made to the mock server with the following changes:": send_changed,
        "a {int} success response is returned": reply_has_status,
        "a {int} error response is returned": reply_has_status,
        "the payload will contain the {string} JSON document": reply_has_document,
        "the content type will be set as {string}": reply_has_type,
        "the pact test is done": finish,
        _STATUS + " OK": all_matched,
        "the mock server status will NOT be OK": not_all_matched,
        _STATUS + " mismatches": has_mismatches,
        _STATUS + r" an expected but not received error for interaction \{{int}\}": interaction_is_missing,
        _STATUS + r" an unexpected {string} request received error for interaction \{{int}\}": request_is_unexpected,
        _STATUS + " an unexpected {string} request received error for path {string}": path_is_unexpected,
        "the mismatches will contain a {string} mismatch with error {string}": request_differs,
        "the mismatches will contain a {string} mismatch with path {string} with error {string}": request_differs_at,
        "the mock server will write out a Pact file for the interactions? when done": pact_is_written,
        "the mock server will NOT write out a Pact file for the interactions? when done": pact_is_not_written,
        r"the pact file will contain \{{int}\} interactions?": pact_has_interactions,
        r"the \{{ordinal}\} interaction request will be for a {string}": written_method,
        r"the \{{ordinal}\} interaction request query parameters will be {string}": written_query,
        r"the \{{ordinal}\} interaction request will contain the header {string} with value {string}": written_header,
        r"the \{{ordinal}\} interaction request content type will be {string}": written_content_type,
        r"the \{{ordinal}\} interaction request will contain the {string} document": written_request_document,
        r"the \{{ordinal}\} interaction response will contain the {string} document": written_response_document,
    },
)
