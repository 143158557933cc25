"""What the control API can be asked: one function a call (docs/control-api.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel

import pactmock
from pactmock.authoring.consumer_test import MEDIA_TYPE, read_consumer_test, read_interactions
from pactmock.control import journal_view, schemas
from pactmock.control.call import Call, json_answer, nothing, text_answer
from pactmock.control.schemas import CreateQuery, JournalQuery, ShutdownBody, WaitQuery, WriteBody
from pactmock.control.security import NotAuthenticated, check_bearer
from pactmock.control.settings import ServiceSettings
from pactmock.errors import DirectoryNotAllowed, InvalidParameter, NotAllowed, PactmockError, UnsupportedMediaType
from pactmock.matching.explain import name_interaction
from pactmock.matching.verdict import Outcome
from pactmock.pact import content_type, reading, specification, writing
from pactmock.pact.json_value import Json, parse
from pactmock.pact.model import Interaction, Request
from pactmock.pact.store import Written
from pactmock.server.options import MockServerOptions

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


STOP: web.AppKey[Callable[[float], None]] = web.AppKey("stop", Callable[[float], None])  # type: ignore[arg-type]
"""Ends the service after some seconds; the service puts it into the application."""

STARTED: web.AppKey[float] = web.AppKey("started", float)
"""When the service started, by the monotonic clock."""


async def list_servers(call: Call) -> web.Response:
    """List the mock servers that run."""
    return json_answer(schemas.ServerList(mockServers=list(map(call.describe, call.registry.servers))))


async def create_server(call: Call) -> web.Response:
    """Read a pact and start a mock server for it."""
    query = call.query(CreateQuery)
    options = _options(query, call)
    read = read_consumer_test if _is_consumer_test(call.request) else reading.read_pact
    content = await call.content()
    if not content.strip():
        raise InvalidParameter("There is no pact in this request: send the content of a pact file as the body")
    pact = read(parse(content))
    server = await call.registry.create(pact, options)
    created = schemas.Created(mockServer=call.describe(server))
    return json_answer(created, headers={"Location": f"/mockserver/{server.id}"})


def _is_consumer_test(request: web.Request) -> bool:
    """Tell by the Content-Type whether a contract is in consumer-test form, or a pact.

    Raises:
        UnsupportedMediaType: when it is neither; a page of another origin can send such types without being asked.
    """
    given = request.headers.get("Content-Type")
    if given is None:
        return False
    parsed = content_type.parse(given)
    if parsed is None or not parsed.is_json:
        raise UnsupportedMediaType(
            f"A pact is application/json, a contract in consumer-test form {MEDIA_TYPE}, and this is"
            f" '{given[:200]}': send one of these as the Content-Type, or none with a pact"
        )
    return parsed.is_equivalent_to(_CONSUMER_TEST) and parsed.suffix == _CONSUMER_TEST.suffix


_CONSUMER_TEST = content_type.parse(MEDIA_TYPE) or content_type.JSON


def _options(query: CreateQuery, call: Call) -> MockServerOptions:
    settings = call.registry.settings
    return MockServerOptions(
        host=query.host or settings.host,
        port=query.port,
        name=query.name,
        cors_pre_flight=query.cors or settings.cors_pre_flight,
        authority=call.registry.authority if query.tls else None,
        specification=specification.named(query.specification) if query.specification else None,
        ttl=query.ttl,
        seed=query.seed,
        wire=settings.wire,
        journal=settings.journal,
    )


async def show_server(call: Call) -> web.Response:
    """Show one mock server."""
    return json_answer(call.describe(call.server))


async def remove_server(call: Call) -> web.Response:
    """Stop a mock server; its port is free when the answer arrives."""
    await call.registry.remove(call.server)
    return nothing()


async def verify(call: Call) -> web.Response:
    """Write the pact file if all matched, else say what did not."""
    server = call.server
    if not server.matched:
        failed = schemas.VerifyFailed(mockServer=call.describe(server), mismatches=server.mismatches())
        return json_answer(failed, 422)
    try:
        await asyncio.to_thread(server.write_pact, call.registry.settings.output)
    except PactmockError as error:
        shown = {"mockServer": call.describe(server).model_dump(mode="json"), "mismatches": []}
        return json_answer({**error.to_json(), **shown}, 422)
    return nothing()


async def matched(call: Call) -> web.Response:
    """Say whether all that was expected was received, and nothing else."""
    return json_answer(schemas.Matched(matched=call.server.matched))


async def mismatches(call: Call) -> web.Response:
    """List what did not match."""
    server = call.server
    headers = {}
    if server.journal.unlisted_failures:
        headers["X-Pactmock-Dropped"] = str(server.journal.unlisted_failures)
    return json_answer(server.mismatches(), headers=headers)


async def write_pact(call: Call) -> web.Response:
    """Write the pact file, merged with the one that is there."""
    server = call.server
    body = await call.body(WriteBody)
    directory = _directory(call.registry.settings, body.directory)
    written = await asyncio.to_thread(
        server.write_pact,
        directory,
        overwrite=body.overwrite,
        refuse_replacements=body.onConflict == "refuse",
    )
    return json_answer(_written(written))


def _written(written: Written) -> schemas.Written:
    return schemas.Written(
        path=str(written.path.resolve()),
        interactions=written.interactions,
        merged=written.merged,
        replaced=[item.to_json() for item in written.replacements],
    )


def _directory(settings: ServiceSettings, asked: str | None) -> Path:
    if asked is None:
        return settings.output
    if "\0" in asked:
        raise InvalidParameter("'directory' holds a NUL character: name a directory", parameter="directory")
    directory = settings.output / asked
    if settings.allow_any_directory or directory.resolve().is_relative_to(settings.output.resolve()):
        return directory
    raise DirectoryNotAllowed(
        f"'{asked}' is outside the output directory {settings.output.resolve()}: name one inside it, or start the"
        " service with --allow-any-directory",
        directory=asked,
    )


async def show_pact(call: Call) -> web.Response:
    """Show the pact as it would be written."""
    server = call.server
    return json_answer(writing.to_json(server.pact, server.specification))


async def show_logs(call: Call) -> web.Response:
    """Show what happened to a mock server, a line an event."""
    return text_answer("\n".join(call.server.log_lines()) + "\n")


async def show_requests(call: Call) -> web.Response:
    """List the requests that a mock server received."""
    server, query = call.server, call.query(JournalQuery)
    listed = journal_view.entries(server, query)
    return json_answer(schemas.Requests(requests=listed, total=server.journal.requests, dropped=server.journal.dropped))


async def forget_requests(call: Call) -> web.Response:
    """Forget what was received; what is expected stays."""
    call.server.journal.reset()
    return nothing()


async def wait(call: Call) -> web.Response:
    """Answer as soon as a request was received for every interaction, or the time is up."""
    server, query = call.server, call.query(WaitQuery)
    complete = await server.wait(query.timeout)
    return json_answer(schemas.Waited(complete=complete, matched=server.matched))


async def explain(call: Call) -> web.Response:
    """Say whether a request would match, and if not, what came nearest and what decided; nothing is noted."""
    server = call.server
    body = await call.body(schemas.ExplainBody)
    verdict = server.explain(_received(body))
    return json_answer(
        schemas.Explained(
            matched=verdict.outcome is Outcome.MATCHED,
            outcome=verdict.outcome.value,
            sentence=verdict.sentence(),
            interaction=name_interaction(verdict.nearest) if verdict.nearest else None,
            nearMisses=server.near_misses(verdict),
        )
    )


def _received(body: schemas.ExplainBody) -> Request:
    document = body.model_dump(exclude_unset=True)
    request = reading.read_request(document, specification.V4 if _is_v4_body(body.body) else specification.V3)
    headers = {name.lower(): values for name, values in request.headers.items()}
    return replace(request, headers=headers)


def _is_v4_body(body: Json) -> bool:
    return isinstance(body, dict) and "content" in body and "contentType" in body


async def add_interactions(call: Call) -> web.Response:
    """Expect more interactions on a running mock server; what was received stays."""
    server = call.server
    server.expect(*await _interactions(call))
    return json_answer(call.describe(server))


async def replace_interactions(call: Call) -> web.Response:
    """Expect other interactions on a running mock server; what was received is forgotten."""
    server = call.server
    server.replace_interactions(*await _interactions(call))
    return json_answer(call.describe(server))


async def _interactions(call: Call) -> tuple[Interaction, ...]:
    """Read interactions: of a pact, of a contract in consumer-test form, or a list of them.

    A list is in the version of the server's pact.
    """
    is_consumer_test = _is_consumer_test(call.request)
    document = parse(await call.content())
    if is_consumer_test:
        return read_interactions(document)
    if isinstance(document, list):
        document = {"interactions": document}
    if isinstance(document, dict) and "metadata" not in document:
        version = specification.named(call.server.pact.specification).version
        document = {**document, "metadata": {"pactSpecification": {"version": version}}}
    return reading.read_pact(document).interactions


async def ca_certificate(call: Call) -> web.Response:
    """Return the certificate that signed those of all TLS mock servers of this process."""
    return web.Response(body=call.registry.authority.ca_pem, content_type="application/x-pem-file")


async def health(call: Call) -> web.Response:
    """Say that the service is there."""
    uptime = round(time.monotonic() - call.request.app[STARTED], 3)
    answer = schemas.Health(status="ok", version=pactmock.__version__, uptime=uptime, mockServers=len(call.registry))
    return json_answer(answer)


async def shutdown(call: Call) -> web.Response:
    """End the service, for who knows the server key."""
    try:
        check_bearer(
            call.request.headers.get("Authorization", ""),
            call.registry.settings.server_key,
            "the server key, which `pactmock start` shows or takes with --server-key",
        )
    except NotAuthenticated as error:
        raise NotAllowed(error.message) from None
    body = await call.body(ShutdownBody)
    call.request.app[STOP](body.period / 1000)
    return nothing()


Answers = Mapping[int, type[BaseModel] | str]

_ONE = "/mockserver/{id}"


def _answers(success: type[BaseModel] | str, *errors: int, status: int = 200) -> Answers:
    return {status: success} | dict.fromkeys(errors, schemas.Error)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/", list_servers, "List the mock servers", answers=_answers(schemas.ServerList)),
    Route(
        "POST",
        "/",
        create_server,
        "Start a mock server for a pact",
        query=CreateQuery,
        body="A pact of any version, or a contract in consumer-test form",
        answers=_answers(schemas.Created, 400, 409, 413, 415, 422, 429),
    ),
    Route("GET", _ONE, show_server, "Show a mock server", answers=_answers(schemas.Server, 404)),
    Route("DELETE", _ONE, remove_server, "Stop a mock server", answers=_answers("Stopped", 404, status=204)),
    Route(
        "POST",
        f"{_ONE}/verify",
        verify,
        "Write the pact if all matched",
        answers={204: "All matched, and the pact file is written", 404: schemas.Error, 422: schemas.VerifyFailed},
    ),
    Route("GET", f"{_ONE}/matched", matched, "Did all match?", answers=_answers(schemas.Matched, 404)),
    Route("GET", f"{_ONE}/mismatches", mismatches, "What did not match", answers=_answers(schemas.Mismatch, 404)),
    Route(
        "POST",
        f"{_ONE}/pact",
        write_pact,
        "Write the pact file",
        body=WriteBody,
        answers=_answers(schemas.Written, 400, 403, 404, 409, 422),
    ),
    Route("GET", f"{_ONE}/pact", show_pact, "The pact as it would be written", answers=_answers("A pact", 404)),
    Route("GET", f"{_ONE}/logs", show_logs, "The log of a mock server", answers=_answers("Lines of text", 404)),
    Route(
        "GET",
        f"{_ONE}/requests",
        show_requests,
        "What was received",
        query=JournalQuery,
        answers=_answers(schemas.Requests, 400, 404),
    ),
    Route(
        "DELETE",
        f"{_ONE}/requests",
        forget_requests,
        "Forget what was received",
        answers=_answers("Forgotten", 404, status=204),
    ),
    Route(
        "GET",
        f"{_ONE}/wait",
        wait,
        "Wait until all was received",
        query=WaitQuery,
        answers=_answers(schemas.Waited, 400, 404),
    ),
    Route(
        "POST",
        f"{_ONE}/interactions",
        add_interactions,
        "Expect more interactions",
        body="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "PUT",
        f"{_ONE}/interactions",
        replace_interactions,
        "Expect other interactions",
        body="A pact, a list of interactions, or either in consumer-test form",
        answers=_answers(schemas.Server, 400, 404, 415, 422),
    ),
    Route(
        "POST",
        f"{_ONE}/explain",
        explain,
        "Would this request match?",
        body=schemas.ExplainBody,
        answers=_answers(schemas.Explained, 400, 404),
    ),
    Route("GET", "/ca.pem", ca_certificate, "The certificate to trust", answers=_answers("A certificate, PEM")),
    Route("GET", "/health", health, "Is the service there?", answers=_answers(schemas.Health)),
    Route(
        "POST",
        "/shutdown",
        shutdown,
        "End the service",
        body=ShutdownBody,
        answers=_answers("It ends", 400, 403, status=204),
    ),
)
"""All calls; the application and the OpenAPI document are made from this table."""
