"""The table of all calls of the control API: where each is, who answers it, and its documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from pydantic import BaseModel

from pactmock.control import asking, schemas, serving
from pactmock.control.call import Call
from pactmock.control.explained import Entry, Mismatch
from pactmock.control.schemas import CreateQuery, JournalQuery, PageQuery, ShutdownBody, WaitQuery, WriteBody

Handler = Callable[[Call], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call: where it is, who answers it, and its documents."""

    method: str
    path: str
    handler: Handler
    summary: str
    query: type[BaseModel] | None = None
    body: type[BaseModel] | str | None = None
    """The model of the body, or words about one that has none."""
    answers: Mapping[int, type[BaseModel] | str] = field(default_factory=dict)


Answers = Mapping[int, type[BaseModel] | str]

_ONE = "/mockserver/{id}"


def _answers(success: type[BaseModel] | str, *errors: int, status: int = 200) -> Answers:
    return {status: success} | dict.fromkeys(errors, schemas.Error)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/", serving.list_servers, "List the mock servers", answers=_answers(schemas.ServerList)),
    Route(
        "POST",
        "/",
        serving.create_server,
        "Start a mock server for a pact",
        query=CreateQuery,
        body="A pact of any version, or a contract in consumer-test form",
        answers=_answers(schemas.Created, 400, 409, 413, 415, 422, 429),
    ),
    Route("GET", _ONE, serving.show_server, "Show a mock server", answers=_answers(schemas.Server, 404)),
    Route("DELETE", _ONE, serving.remove_server, "Stop a mock server", answers=_answers("Stopped", 404, status=204)),
    Route(
        "POST",
        f"{_ONE}/verify",
        serving.verify,
        "Write the pact if all matched",
        answers={
            204: "All matched, and the pact file is written",
            404: schemas.Error,
            422: schemas.VerifyFailed,
        },
    ),
    Route("GET", f"{_ONE}/matched", asking.matched, "Did all match?", answers=_answers(schemas.Matched, 404)),
    Route(
        "GET",
        f"{_ONE}/mismatches",
        asking.mismatches,
        "What did not match",
        query=PageQuery,
        answers=_answers(Mismatch, 400, 404),
    ),
    Route(
        "POST",
        f"{_ONE}/pact",
        serving.write_pact,
        "Write the pact file",
        body=WriteBody,
        answers=_answers(schemas.Written, 400, 403, 404, 409, 422),
    ),
    Route(
        "GET",
        f"{_ONE}/pact",
        asking.show_pact,
        "The pact as it would be written",
        answers=_answers("A pact", 404),
    ),
    Route("GET", f"{_ONE}/logs", asking.show_logs, "The log of a mock server", answers=_answers("Lines of text", 404)),
    Route(
        "GET",
        f"{_ONE}/requests",
        asking.show_requests,
        "What was received",
        query=JournalQuery,
        answers=_answers(schemas.Requests, 400, 404),
    ),
    Route(
        "GET",
        f"{_ONE}/requests/{{number}}",
        asking.show_request,
        "One request that was received",
        answers=_answers(Entry, 404),
    ),
    Route(
        "GET",
        f"{_ONE}/requests/{{number}}/body",
        asking.show_body,
        "The body of a request as it was received",
        answers=_answers("The bytes", 404),
    ),
    Route(
        "GET",
        f"{_ONE}/interactions",
        asking.show_interactions,
        "What is expected",
        query=PageQuery,
        answers=_answers(schemas.Interactions, 400, 404),
    ),
    Route(
        "DELETE",
        f"{_ONE}/requests",
        asking.forget_requests,
        "Forget what was received",
        answers=_answers("Forgotten", 404, status=204),
    ),
    Route(
        "GET",
        f"{_ONE}/wait",
        asking.wait,
        "Wait until all was received",
        query=WaitQuery,
        answers=_answers(schemas.Waited, 400, 404),
    ),
    Route(
        "POST",
        f"{_ONE}/interactions",
        serving.add_interactions,
        "Expect more interactions",
        body="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "PUT",
        f"{_ONE}/interactions",
        serving.replace_interactions,
        "Expect other interactions",
        body="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "POST",
        f"{_ONE}/explain",
        asking.explain,
        "Would this request match?",
        body=schemas.ExplainBody,
        answers=_answers(schemas.Explained, 400, 404),
    ),
    Route("GET", "/ca.pem", serving.ca_certificate, "The certificate to trust", answers=_answers("A certificate, PEM")),
    Route("GET", "/health", serving.health, "Is the service there?", answers=_answers(schemas.Health)),
    Route(
        "POST",
        "/shutdown",
        serving.shutdown,
        "End the service",
        body=ShutdownBody,
        answers=_answers("It ends", 400, 403, status=204),
    ),
)
"""All calls; the application and the OpenAPI document are made from this table."""
