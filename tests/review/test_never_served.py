"""Where each interaction has to be served, one that can never be the answer is a warning: all would wait for it."""

from __future__ import annotations

from typing import Any

import aiohttp
import httpx
import pytest

from pactmock import MockServer, SyncMockServer
from tests.pacts import Json, interaction, pact

COUNT = {"count": "interaction"}


def users(*states: tuple[str, ...]) -> Json:
    """A pact with an interaction for each of these lists of provider states, all with the same request."""
    made = [interaction(f"user {number}", {"path": "/users/7"}) for number in range(len(states))]
    return pact(
        *(one | {"providerStates": [{"name": name} for name in names]} for one, names in zip(made, states, strict=True))
    )


@pytest.mark.parametrize(
    ("states", "served_instead"),
    [
        (((), ()), {1: "'user 0'"}),
        ((("gone",), ()), {1: "'user 0' (given 'gone')"}),
        (((), ("gone",)), {}),
        ((("there",), ("gone",)), {}),
        ((("there",), ("there", "rich")), {}),
        ((("there", "rich"), ("there",)), {1: "'user 0' (given 'there', 'rich')"}),
        ((("a",), ("b",), ("b",)), {2: "'user 1' (given 'b')"}),
        (((), (), ()), {1: "'user 0'", 2: "'user 0'"}),
    ],
)
def test_what_no_state_tells_apart_is_a_warning_that_names_both(
    states: tuple[tuple[str, ...], ...], served_instead: dict[int, str]
) -> None:
    warnings = MockServer(users(*states), count="interaction").warnings
    assert [(item.code, item.pointer) for item in warnings] == [
        ("never_served", f"/interactions/{index}") for index in served_instead
    ]
    for index, warning in zip(served_instead, warnings, strict=True):
        assert warning.text.startswith(f"'user {index}'")
        assert f"its request is that of {served_instead[index]}, which answers first" in warning.text
    assert MockServer(users(*states)).warnings == (), "one request is enough for all of them by default"


def test_what_has_no_warning_can_be_served_and_what_has_one_cannot() -> None:
    for states in ((("there",), ("there", "rich")), (("there", "rich"), ("there",))):
        given = users(*states)
        with SyncMockServer(given, count="interaction") as server:
            for state in ("there", "rich"):
                assert httpx.get(f"{server.url}/users/7", headers={"X-Pactmock-State": state}).status_code == 200
            assert server.matched is not bool(server.warnings), server.report()


def test_requests_that_differ_in_anything_are_two() -> None:
    ruled: dict[str, Any] = {"path": "/users/7", "query": {"a": ["1"]}}
    rule = {"query": {"a": {"matchers": [{"match": "type"}]}}}
    given = pact(interaction("a", ruled), interaction("b", ruled | {"matchingRules": rule}))
    assert MockServer(given, count="interaction").warnings == ()


async def test_it_is_said_wherever_interactions_come_in_and_refused_where_warnings_are(
    control: aiohttp.ClientSession,
) -> None:
    async with control.post("/", params=COUNT | {"strict": "true"}, json=users((), ())) as response:
        assert (response.status, (await response.json())["code"]) == (422, "never_served")
    async with control.post("/", params=COUNT, json=users((), ())) as response:
        server = (await response.json())["mockServer"]
        assert (response.status, [item["code"] for item in server["warnings"]]) == (200, ["never_served"])
    here = f"/mockserver/{server['id']}/interactions"
    more = [interaction("another", {"path": "/users/7"}), interaction("other", {"path": "/others"})]
    async with control.post(here, json=more) as response:
        added = (await response.json())["warnings"]
        assert [(item["code"], item["pointer"]) for item in added] == [
            ("never_served", "/interactions/1"),
            ("never_served", "/interactions/0"),
        ]
    async with control.post(here, params={"strict": "true"}, json=more) as response:
        assert (response.status, (await response.json())["pointer"]) == (422, "/interactions/0")
    async with control.put(here, json=more) as response:
        assert (await response.json())["warnings"] == []
    async with control.put(here, json=[more[0], more[0] | {"description": "b"}]) as response:
        assert [item["code"] for item in (await response.json())["warnings"]] == ["never_served"]
