"""Calls about scopes: listed, and begun. All else that can be asked of one is asked as of a mock server (`scoped`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from pactmock.control import events, interactions, messages
from pactmock.control.calls.route import SCOPE, SERVER, Route
from pactmock.control.calls.taking import Caller
from pactmock.control.schemas import Answer, PageQuery, Question, Server
from pactmock.pact.json.values import Json
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService

_MOST_INTERACTIONS = 100_000


class ScopeList(Answer):
    """The answer of `GET /mockserver/{id}/scopes`."""

    scopes: list[Server] = Field(
        description="Oldest first. The `id` of each stands wherever that of a mock server does."
    )
    total: int


class ScopeBody(Question):
    """The body of `PUT /mockserver/{id}/scopes/{scope}`."""

    interactions: Annotated[list[str], Field(min_length=1, max_length=_MOST_INTERACTIONS)] | None = Field(
        None, description="What it expects, by keys or descriptions; null for all that its mock server expects."
    )


def list_scopes(service: MockService, server: MockServer, caller: Caller, query: PageQuery) -> dict[str, Json]:
    """List the scopes that a mock server has."""
    found = service.scopes(server)
    shown = [caller.describe(each) for each in query.page(found)]
    return {"scopes": shown, "total": len(found)}


async def begin_scope(
    service: MockService, whole: MockServer, scope: str, caller: Caller, body: ScopeBody
) -> dict[str, Json]:
    """Begin a scope that expects a part of the pact, or all of it, with nothing received; one that is there, anew.

    The first request of a scope makes it too; then it expects all.
    """
    return caller.describe(await service.begin_scope(whole, scope, body.interactions))


_OF_THE_WHOLE = frozenset(
    {
        interactions.add_interactions,
        interactions.replace_interactions,
        messages.show_messages,
        messages.hand_out,
        messages.settle,
        events.follow,
        list_scopes,
        begin_scope,
    }
)
"""What is done to a mock server as a whole: what it plays, its messages, and its events, which say their scope."""


def scoped(routes: Sequence[Route]) -> Iterator[Route]:
    """Yield the calls about a scope: those about a mock server that have a meaning for one."""
    for route in routes:
        if route.path.startswith(SERVER) and route.handler not in _OF_THE_WHOLE:
            yield replace(route, path=route.path.replace(SERVER, SCOPE, 1), summary=f"{route.summary} (of a scope)")
