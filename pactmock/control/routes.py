"""The table of all calls of the control API: where each is, who answers it, and its documents."""

from __future__ import annotations

from pydantic import BaseModel

from pactmock.control import (
    events,
    interactions,
    journal,
    messages,
    pacts,
    reports,
    ruby,
    schemas,
    scopes,
    servers,
    service,
)
from pactmock.control.calls.route import SCOPE, SERVER, Answers, Route
from pactmock.control.entries import Entry
from pactmock.control.explained import Mismatch
from pactmock.control.telemetry import metrics

_ONE = SERVER


def _answers(success: type[BaseModel] | str, *errors: int, status: int = 200) -> Answers:
    return {status: success} | dict.fromkeys(errors, schemas.Error)


_ROUTES: tuple[Route, ...] = (
    Route("GET", "/", servers.list_servers, "List the mock servers", answers=_answers(servers.ServerList)),
    Route(
        "POST",
        "/",
        servers.create_server,
        "Start a mock server for a pact",
        posted="A pact of any version, or a contract in consumer-test form",
        answers=_answers(servers.Created, 400, 409, 413, 415, 422, 429),
    ),
    Route(
        "POST",
        "/ruby",
        ruby.create_service,
        "Start a service for clients of the Ruby mock service",
        answers=_answers(servers.Created, 400, 409, 422, 429),
    ),
    Route("GET", _ONE, servers.show_server, "Show a mock server", answers=_answers(schemas.Server, 404)),
    Route("DELETE", _ONE, servers.remove_server, "Stop a mock server", answers=_answers("Stopped", 404, status=204)),
    Route(
        "POST",
        f"{_ONE}/verify",
        servers.verify,
        "Write the pact if all matched",
        answers={
            200: reports.Reported,
            204: "All matched, and the pact file is written",
            400: schemas.Error,
            404: schemas.Error,
            422: servers.NotVerified,
        },
    ),
    Route(
        "GET",
        f"{_ONE}/report",
        reports.show_report,
        "What matched and what did not, for people and CI servers",
        answers=_answers(reports.Reported, 400, 404),
    ),
    Route("GET", f"{_ONE}/matched", servers.matched, "Did all match?", answers=_answers(servers.Matched, 404)),
    Route(
        "GET",
        f"{_ONE}/mismatches",
        journal.mismatches,
        "What did not match",
        answers=_answers(Mismatch, 400, 404),
    ),
    Route(
        "POST",
        f"{_ONE}/pact",
        pacts.write_pact,
        "Write the pact file",
        answers=_answers(pacts.Written, 400, 403, 404, 409, 422),
    ),
    Route(
        "GET",
        f"{_ONE}/pact",
        pacts.show_pact,
        "The pact as it would be written",
        answers=_answers("A pact", 400, 404, 422),
    ),
    Route("GET", "/pacts", pacts.list_pacts, "The pacts that were written", answers=_answers(pacts.Pacts, 400)),
    Route(
        "GET",
        "/pacts/{consumer}/{provider}",
        pacts.show_written_pact,
        "A pact as it was written",
        answers=_answers("A pact", 400, 404, 422),
    ),
    Route("GET", f"{_ONE}/logs", servers.show_logs, "The log of a mock server", answers=_answers("Lines of text", 404)),
    Route(
        "GET",
        f"{_ONE}/requests",
        journal.show_requests,
        "What was received",
        answers=_answers(journal.Requests, 400, 404),
    ),
    Route(
        "GET",
        f"{_ONE}/requests/{{number}}",
        journal.show_request,
        "One request that was received",
        answers=_answers(Entry, 400, 404),
    ),
    Route(
        "GET",
        f"{_ONE}/requests/{{number}}/body",
        journal.show_body,
        "The body of a request as it was received",
        answers=_answers("The bytes", 404),
    ),
    Route(
        "GET",
        f"{_ONE}/requests/{{number}}/interaction",
        journal.show_as_interaction,
        "The interaction that would expect a request",
        answers=_answers("An interaction, as a pact file has it", 404),
    ),
    Route(
        "GET",
        f"{_ONE}/interactions",
        interactions.show_interactions,
        "What is expected",
        answers=_answers(interactions.Interactions, 400, 404),
    ),
    Route(
        "DELETE",
        f"{_ONE}/requests",
        journal.forget_requests,
        "Forget what was received",
        answers=_answers("Forgotten", 404, status=204),
    ),
    Route(
        "GET",
        f"{_ONE}/wait",
        servers.wait,
        "Wait until all was received",
        answers=_answers(servers.Waited, 400, 404),
    ),
    Route(
        "GET", "/events", events.follow_all, "What happens, as it happens", answers=_answers(events.Happened, 400, 429)
    ),
    Route(
        "GET",
        f"{_ONE}/events",
        events.follow,
        "What happens to a mock server, as it happens",
        answers=_answers(events.Happened, 400, 404, 429),
    ),
    Route(
        "POST",
        f"{_ONE}/interactions",
        interactions.add_interactions,
        "Expect more interactions",
        posted="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "PUT",
        f"{_ONE}/interactions",
        interactions.replace_interactions,
        "Expect other interactions",
        posted="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "GET",
        f"{_ONE}/interactions/{{key}}",
        interactions.show_interaction,
        "One interaction",
        answers=_answers(interactions.WholeInteraction, 400, 404),
    ),
    Route(
        "PATCH",
        f"{_ONE}/interactions/{{key}}",
        interactions.put_fault,
        "Delay answers, or send faults instead",
        answers=_answers(interactions.ListedInteraction, 400, 404, 422),
    ),
    Route(
        "POST",
        f"{_ONE}/state",
        interactions.choose_state,
        "Choose a provider state",
        answers=_answers(schemas.Server, 400, 404, 422),
    ),
    Route(
        "POST",
        f"{_ONE}/explain",
        interactions.explain,
        "Would this request match?",
        answers=_answers(interactions.Explained, 400, 404),
    ),
    Route(
        "GET",
        f"{_ONE}/messages",
        messages.show_messages,
        "The messages of the pact",
        answers=_answers(messages.Messages, 400, 404),
    ),
    Route(
        "POST",
        f"{_ONE}/messages/{{key}}",
        messages.hand_out,
        "Hand out a message",
        answers=_answers(messages.HandedOut, 404, 422),
    ),
    Route(
        "POST",
        f"{_ONE}/messages/{{key}}/handled",
        messages.settle,
        "What became of a message",
        answers=_answers(messages.Settled, 400, 404, 409, 422),
    ),
    Route(
        "GET",
        f"{_ONE}/scopes",
        scopes.list_scopes,
        "List the scopes of a mock server",
        answers=_answers(scopes.ScopeList, 400, 404),
    ),
    Route(
        "PUT",
        SCOPE,
        scopes.begin_scope,
        "Begin a scope, perhaps with a part of the pact",
        answers=_answers(schemas.Server, 400, 404, 429),
    ),
    Route("GET", "/ca.pem", service.ca_certificate, "The certificate to trust", answers=_answers("A certificate, PEM")),
    Route("GET", "/health", service.health, "Is the service there?", answers=_answers(service.Health)),
    Route("GET", "/ready", service.ready, "Does the service take calls?", answers=_answers(service.Ready, 503)),
    Route("GET", "/metrics", metrics.show_metrics, "Metrics for Prometheus", answers=_answers("Lines of text")),
    Route(
        "POST",
        "/shutdown",
        service.shutdown,
        "End the service",
        answers=_answers("It ends", 400, 403, status=204),
    ),
)

ROUTES = (*_ROUTES, *scopes.scoped(_ROUTES))
"""All calls; the application and the OpenAPI document are made from this table."""
