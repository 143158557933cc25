"""Generators: parts are prepared in the library, and in a mock server's answers where it makes such values.

A mock server plays for the consumer, and generates responses only. So the generators of a request that a response can
have too are also played there; those of path and query, and all that needs what provider states left behind, are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pactmock.generators.apply import generate_request, generate_response
from pactmock.generators.context import GeneratorContext, Mode
from pactmock.pact.documents import reading
from pactmock.pact.model import Request, Response
from pactmock.pact.parts import headers
from pactmock.pact.parts.received_headers import ReceivedHeaders, received
from tests.compatibility.gherkin import Table
from tests.compatibility.kinds import assert_replaced, text_of, value_at
from tests.compatibility.parts import Part, with_row
from tests.compatibility.stage import Stage
from tests.compatibility.steps import Topic

_OF_A_RESPONSE = ("status", "header", "body")


@dataclass(frozen=True)
class Prepared:
    """A part with generated values; `url` is the address that stands for a mock server in them."""

    headers: headers.Headers
    body: bytes
    url: str
    path: str = ""
    query: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    status: int = 0


@dataclass
class World:
    """What the steps of a scenario share. Without a mode, a part is prepared for both."""

    stage: Stage
    part: Part = field(default_factory=Part)
    modes: tuple[Mode, ...] = (Mode.CONSUMER, Mode.PROVIDER)
    url: str = "http://localhost:1"
    prepared: list[Prepared] = field(default_factory=list)

    def contexts(self, values: Mapping[str, Any]) -> list[GeneratorContext]:
        return [GeneratorContext(mode=mode, mock_server_url=self.url, values=values) for mode in self.modes]

    async def play(self) -> None:
        """Have a mock server prepare what it can of the part, in its answer to a request."""
        generators = {name: self.part.generators[name] for name in _OF_A_RESPONSE if name in self.part.generators}
        if not generators or Mode.CONSUMER not in self.modes:
            return
        interaction = self.stage.http_interaction("generated", Part(), replace(self.part, generators=generators))
        server = await self.stage.start(self.stage.pact([interaction]))
        reply = await server.send(Part())
        assert await server.mismatches() == []
        lines = ReceivedHeaders.of_texts(reply.headers.items())
        self.prepared.append(Prepared(lines, reply.body, server.url, status=reply.status))


def configure(world: World, table: Table) -> None:
    world.part = with_row(Part(path="/path/one"), table.record())


def set_mode(world: World, mode: str) -> None:
    world.modes = (Mode(mode.lower()),)


async def prepare_request(world: World) -> None:
    await _prepare_request(world, {})


async def prepare_request_with(world: World, name: str, table: Table) -> None:
    ((cell,),) = table.rows
    values = json.loads(cell)
    world.url = values.get("href", world.url)
    await _prepare_request(world, {name: values})


async def _prepare_request(world: World, values: Mapping[str, Any]) -> None:
    version = world.stage.version
    request = reading.read_request(world.part.request_json(version), version)
    world.prepared += [_of_request(generate_request(request, context), world) for context in world.contexts(values)]
    await world.play()


def _of_request(request: Request, world: World) -> Prepared:
    return Prepared(received(request.headers), request.body.content, world.url, request.path, request.query or {})


async def prepare_response(world: World) -> None:
    version = world.stage.version
    response = reading.read_response(world.part.response_json(version), version)
    world.prepared += [_of_response(generate_response(response, context), world) for context in world.contexts({})]
    await world.play()


def _of_response(response: Response, world: World) -> Prepared:
    return Prepared(received(response.headers), response.body.content, world.url, status=response.status)


def body_has_kind(world: World, path: str, kind: str) -> None:
    for original, generated, _prepared in _bodies(world, path):
        assert_replaced(original, generated, kind)


def body_has_value(world: World, path: str, value: str) -> None:
    for original, generated, prepared in _bodies(world, path):
        assert generated != original
        assert text_of(generated) == value.replace(world.url, prepared.url)


def _bodies(world: World, path: str) -> list[tuple[Any, Any, Prepared]]:
    assert world.part.contents is not None
    assert world.prepared
    original = value_at(path, world.part.contents.document())
    return [(original, value_at(path, json.loads(prepared.body)), prepared) for prepared in world.prepared]


def request_is(world: World, part: str, value: str) -> None:
    assert [_values(prepared, part) for prepared in world.prepared] == [(value,)]


def request_matches(world: World, part: str, pattern: str) -> None:
    _assert_match(world, part, pattern)


def response_is_not(world: World, part: str, value: str) -> None:
    assert world.prepared
    for prepared in world.prepared:
        assert _values(prepared, part) != (value,)


def response_matches(world: World, part: str, pattern: str) -> None:
    _assert_match(world, part, pattern)


def _assert_match(world: World, part: str, pattern: str) -> None:
    assert world.prepared
    for prepared in world.prepared:
        values = _values(prepared, part)
        assert values
        assert all(value is not None and re.fullmatch(pattern, value) for value in values), values


def _values(prepared: Prepared, part: str) -> tuple[str | None, ...]:
    """Return the values of a part such as `path` or `header[X-TEST]`."""
    kind, _, rest = part.partition("[")
    name = rest.removesuffix("]")
    readers: dict[str, Callable[[], tuple[str | None, ...]]] = {
        "path": lambda: (prepared.path,),
        "status": lambda: (str(prepared.status),),
        "header": lambda: prepared.headers[name.lower()],
        "queryParameter": lambda: prepared.query[name],
    }
    return readers[kind]()


TOPIC = Topic(
    World,
    {
        "a (?:request|response) configured with the following generators:": configure,
        "the generator test mode is set as {string}": set_mode,
        "the request is prepared for use": prepare_request,
        "the request is prepared for use with a {string} context:": prepare_request_with,
        "the response is prepared for use": prepare_response,
        "the body value for {string} will have been replaced with an? {string}": body_has_kind,
        "the body value for {string} will have been replaced with {string}": body_has_value,
        "the request {string} will be set as {string}": request_is,
        "the request {string} will match {string}": request_matches,
        "the response {string} will not be {string}": response_is_not,
        "the response {string} will match {string}": response_matches,
    },
)
