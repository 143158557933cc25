"""Matching rules and the matching of HTTP parts: each request is compared in the library and by a mock server.

Both have to say the same. A response is compared in the library only, as no mock server receives one.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field

from pactmock.matching import compare_request, compare_response
from pactmock.matching.mismatch import Mismatch
from pactmock.pact.documents import reading
from tests.compatibility.gherkin import Table
from tests.compatibility.parts import Part, with_row
from tests.compatibility.stage import Json, Stage, place_of
from tests.compatibility.steps import Topic


@dataclass
class World:
    """What the steps of a scenario share; `found` and `found_over_http` are what differs, for all requests."""

    stage: Stage
    expected: Part = field(default_factory=Part)
    received: list[Part] = field(default_factory=list)
    found: list[Mismatch] = field(default_factory=list)
    found_over_http: list[Json] = field(default_factory=list)


def expect_header(world: World, name: str, value: str) -> None:
    world.expected = world.expected.with_header(name, value)


def receive_header(world: World, name: str, value: str) -> None:
    world.received.append(Part().with_header(name, value))


def expect(world: World, table: Table) -> None:
    world.expected = with_row(Part(), table.record())


def receive(world: World, table: Table) -> None:
    world.received += [with_row(Part(), row) for row in table.records()]


def receive_status(world: World, status: int) -> None:
    world.received.append(Part(status=status))


async def compare_requests(world: World) -> None:
    version = world.stage.version
    expected = reading.read_request(world.expected.request_json(version), version)
    interaction = world.stage.http_interaction("comparison", world.expected, Part())
    server = await world.stage.start(world.stage.pact([interaction]))
    for part in world.received:
        found = compare_request(expected, part.received_request())
        reply = await server.send(part)
        assert (reply.status == 200) is (not found), (found, reply.body)
        world.found += found
    world.found_over_http = await server.differences()


def compare_responses(world: World) -> None:
    version = world.stage.version
    expected = reading.read_response(world.expected.response_json(version), version)
    for part in world.received:
        world.found += compare_response(expected, part.received_response())


def all_match(world: World) -> None:
    assert not world.found
    assert not world.found_over_http


def not_all_match(world: World) -> None:
    assert world.found
    assert world.found_over_http


def no_response_differs(world: World) -> None:
    assert not world.found


def a_response_differs(world: World) -> None:
    assert world.found


def request_differs_at(world: World, path: str, error: str) -> None:
    here = [(place_of(item.to_json()), item.description()) for item in world.found]
    there = [(place_of(item), item["mismatch"]) for item in world.found_over_http]
    for found in (here, there) if all(part.is_seen_alike for part in world.received) else (here,):
        assert any(place == path and _says(text, error) for place, text in found), found


def response_differs(world: World, kind: str, error: str) -> None:
    found = [(item.type.lower(), item.description()) for item in world.found]
    assert (f"{kind}mismatch", error) in found


def _says(text: str, error: str) -> bool:
    """Tell whether a text has an error in it, which can also be a pattern."""
    if error in text:
        return True
    with contextlib.suppress(re.error):
        return re.search(error, text) is not None
    return False


TOPIC = Topic(
    World,
    {
        "an expected request with an? {string} header of {string}": expect_header,
        "a request is received with an? {string} header of {string}": receive_header,
        "an expected request configured with the following:": expect,
        "a request is received with the following:": receive,
        "the following requests are received:": receive,
        "the requests? (?:is|are) compared to the expected one": compare_requests,
        "the comparison should be OK": all_match,
        "the comparison should NOT be OK": not_all_match,
        "the mismatches will contain a mismatch with error {string} -> {string}": request_differs_at,
        "an expected response configured with the following:": expect,
        "a status {int} response is received": receive_status,
        "the response is compared to the expected one": compare_responses,
        "the response comparison should be OK": no_response_differs,
        "the response comparison should NOT be OK": a_response_differs,
        "the response mismatches will contain a {string} mismatch with error {string}": response_differs,
    },
)
