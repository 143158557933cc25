"""Calls about what a mock server expects, and how it answers: interactions, their faults, the state that is chosen.

Also what it would say of a request that nobody sends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from pactmock.control.calls.taking import Caller
from pactmock.control.entries import Body
from pactmock.control.explained import OUTCOMES, InteractionName, NearMiss
from pactmock.control.journal_view import EntryQuery, body_shown
from pactmock.control.schemas import Answer, PageQuery, Question, StrictQuery
from pactmock.matching.explaining.explanation import MATCH, Explanation
from pactmock.matching.parts.path import as_sent
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.json.values import Json
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.parts import query_string
from pactmock.pact.parts.received_headers import received
from pactmock.reports import json as json_report
from pactmock.reports.document import listed_interaction
from pactmock.reports.sentence import sentence
from pactmock.server.mock_server import MockServer
from pactmock.server.plays.faults import Fault
from pactmock.service.mock_service import MockService
from pactmock.service.posted import Posted


class ExplainBody(Question):
    """The body of `POST /mockserver/{id}/explain`: a request, as a pact file has it.

    What such a file says of values, and not of a request, is passed over.
    """

    method: str | None = Field(None, description="In any case; by default GET.")
    path: str | None = Field(None, description="Percent-encoded; by default /.")
    query: str | dict[str, Any] | None = Field(None, description="A text, or values by names.")
    headers: dict[str, Any] | None = Field(None, description="Values by names in any case.")
    body: Any = Field(None, description="As in V1 to V3, or the object of V4 with `content` and `contentType`.")
    matchingRules: Any = Field(None, description="Passed over.")  # noqa: N815  the name in a pact file
    generators: Any = Field(None, description="Passed over.")


class ListedInteraction(InteractionName):
    """An interaction, and how far it was asked for; null is what only a plugin knows."""

    method: str | None
    path: str | None
    received: bool | None = Field(description="Whether a request for it was received, matching or not.")
    served: int | None = Field(description="How many requests it was the answer to.")
    fault: str | None = Field(None, description="What becomes of its answers on purpose.")
    faultLeft: int | None = Field(None, description="For how many requests more, where that is not for all.")  # noqa: N815


class ExpectedRequest(Answer):
    """What an interaction expects, as it would be sent."""

    method: str
    path: str
    query: dict[str, list[str | None]]
    headers: dict[str, list[str]]
    body: Body | None
    matchingRules: dict[str, Any] = Field(description="As a V3 pact file has them.")  # noqa: N815


class PromisedResponse(Answer):
    """What an interaction answers, before generators change it."""

    status: int
    headers: dict[str, list[str]]
    body: Body | None


class WholeInteraction(ListedInteraction):
    """The answer of `GET /mockserver/{id}/interactions/{key}`; null is what only a plugin knows."""

    request: ExpectedRequest | None
    response: PromisedResponse | None


class Interactions(Answer):
    """The answer of `GET /mockserver/{id}/interactions`."""

    interactions: list[ListedInteraction]
    total: int


class StateBody(Question):
    """The body of `POST /mockserver/{id}/state`."""

    state: str | None = Field(None, description="The name of a provider state; null for none.")


class Delay(Question):
    """A delay somewhere between two others, in seconds."""

    min: float
    max: float


class FaultBody(Question):
    """The body of `PATCH /mockserver/{id}/interactions/{key}`; an empty one has the pact's answers sent as they are."""

    delay: float | Delay | None = Field(None, description="Seconds, up to 600, for which an answer is kept back.")
    fault: Literal["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK"] | None = Field(
        None, description="What comes instead of the answer."
    )
    times: Annotated[int, Field(ge=1)] | None = Field(None, description="For so many requests; null for all.")


class Explained(Answer):
    """The answer of `POST /mockserver/{id}/explain`."""

    matched: bool
    outcome: OUTCOMES = Field(description="As the header X-Pact says it.")
    sentence: str
    interaction: InteractionName | None = Field(description="The interaction that matches, or the nearest.")
    nearMisses: list[NearMiss] = Field(description="Up to three, the nearest first.")  # noqa: N815


def show_interactions(server: MockServer, query: PageQuery) -> dict[str, Json]:
    """List what is expected, and how far it was asked for."""
    listed = server.play.listed()
    return {"interactions": list(map(listed_interaction, query.page(listed))), "total": len(listed)}


def show_interaction(service: MockService, server: MockServer, key: str, query: EntryQuery) -> dict[str, Json]:
    """Show one interaction, by its key or its description: what it expects and answers, and how often it did."""
    listed = service.interaction(server, key)
    expected = server.pact.http_interactions
    if server.play.transport != "http" or listed.name.index >= len(expected):
        return {**listed_interaction(listed), "request": None, "response": None}
    request, response = expected[listed.name.index].request, expected[listed.name.index].response
    return {
        **listed_interaction(listed),
        "request": {
            "method": request.method,
            "path": request.path,
            "query": query_string.to_map(request.query or {}),
            "headers": {name: list(values) for name, values in request.headers.items()},
            "body": body_shown(request.body, query.most),
            "matchingRules": dict(specification.V3.write_rules(request.matching_rules)),
        },
        "response": {
            "status": response.status,
            "headers": {name: list(values) for name, values in response.headers.items()},
            "body": body_shown(response.body, query.most),
        },
    }


async def add_interactions(
    service: MockService, server: MockServer, caller: Caller, query: StrictQuery, posted: Posted
) -> dict[str, Json]:
    """Expect more interactions on a running mock server; what was received stays."""
    await service.add(server, posted, strict=query.strict)
    return caller.describe(server)


async def replace_interactions(
    service: MockService, server: MockServer, caller: Caller, query: StrictQuery, posted: Posted
) -> dict[str, Json]:
    """Expect other interactions on a running mock server; what was received is forgotten."""
    await service.replace(server, posted, strict=query.strict)
    return caller.describe(server)


async def put_fault(service: MockService, server: MockServer, key: str, body: FaultBody) -> dict[str, Json]:
    """Have answers of an interaction come later, or something else instead of them, until the next reset.

    That is never written, and every report names what was played.
    """
    delay = (body.delay.min, body.delay.max) if isinstance(body.delay, Delay) else body.delay or 0.0
    return listed_interaction(await service.put_fault(server, key, Fault.wanted(body.fault, delay, body.times)))


async def choose_state(service: MockService, server: MockServer, caller: Caller, body: StateBody) -> dict[str, Json]:
    """Have interactions that are given a provider state go first from now on.

    A request that names another one in `X-Pactmock-State` is played in that.
    """
    await service.choose_state(server, body.state)
    return caller.describe(server)


async def explain(service: MockService, server: MockServer, body: ExplainBody) -> dict[str, Json]:
    """Say whether a request would match, and if not, what came nearest and what decided; nothing is noted."""
    return explained(await service.explain(server, requested(body, server.pact.specification)))


def explained(explanation: Explanation) -> dict[str, Json]:
    """Return what is said of a request that nobody sent: an `Explained`."""
    said = json_report.verdict(explanation)
    return {
        "matched": explanation.type == MATCH,
        "outcome": json_report.OUTCOMES[explanation.type],
        "sentence": sentence(explanation),
        "interaction": said["interaction"],
        "nearMisses": said["nearMisses"],
    }


def requested(body: ExplainBody, version: str) -> Request:
    """Read a request as the pact file of a mock server has it, as if it had been received."""
    said = {name: item for name, item in body.model_dump(exclude=_PASSED_OVER).items() if item is not None}
    document = said | {"body": body.body} if "body" in body.model_fields_set else said
    has_v4_body = isinstance(body.body, dict) and {"content", "contentType"} <= body.body.keys()
    earlier = specification.named(version) if isinstance(body.query, str) else specification.V3  # V1 compares texts
    request = reading.read_request(document, specification.V4 if has_v4_body else earlier)
    request = as_sent(HttpInteraction("", request=request)).request
    return replace(request, headers=received(request.headers))


_PASSED_OVER = {"matchingRules", "generators"}
