"""Calls about mock servers: made, shown, verified, ended (docs/control-api.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, RootModel

from pactmock.control import reports
from pactmock.control.calls.reply import Reply, in_a_header
from pactmock.control.calls.taking import Caller
from pactmock.control.explained import Mismatch
from pactmock.control.reports import ReportQuery
from pactmock.control.schemas import Answer, Question, Server, StrictQuery
from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable
from pactmock.pact.json.values import Json
from pactmock.reports import json as json_report
from pactmock.server.mock_server import MockServer
from pactmock.server.wire.tls.server_names import LONGEST_NAME as LONGEST_HOST
from pactmock.server.wire.tls.server_names import MOST_NAMES
from pactmock.service.mock_service import MockService
from pactmock.service.names import LONGEST_NAME
from pactmock.service.posted import Posted
from pactmock.service.wanted import Wanted

LONGEST_TTL = 366 * 24 * 3600
"""Seconds: a longer life is no test's, and has to have an end that can be written as a date."""


def _known_tls(given: object) -> object:
    if isinstance(given, str) and given.lower() not in _TLS:
        raise ValueError("use true, false or own")
    return given


_TLS = frozenset({"true", "false", "own", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"})
"""All that says whether something is wanted, and one more."""


class CreateQuery(StrictQuery):
    """The query parameters of `POST /`."""

    cors: bool = Field(False, description="Answer OPTIONS requests that the pact does not expect, as CORS wants.")
    tls: Annotated[bool | Literal["own"], BeforeValidator(_known_tls)] = Field(
        False,
        description="Listen with TLS: with a minted certificate, which the one of GET /ca.pem has signed, or with"
        " that of the service (`own`, see `--tls-cert`).",
    )
    tls_names: Annotated[str, Field(max_length=MOST_NAMES * (LONGEST_HOST + 1))] | None = Field(
        None,
        description="More names that the minted certificate has, with commas between them: hosts, `*.team.test`,"
        " addresses.",
    )
    tls_client_ca: Literal["required", "optional"] | None = Field(
        None,
        description="Whether clients have to show a certificate, or may; it is signed by those of `--tls-client-ca`,"
        " and stands in the journal.",
    )
    specification: str | None = Field(None, description="The version the pact is written in: V1, V1.1, V2, V3 or V4.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(0, description="A fixed port; 0 for any that is free.")
    host: str | None = Field(None, description="The address to listen on; by default that of the service.")
    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = Field(
        None, description="A name of its own, which can be used wherever its id can; not a number."
    )
    ttl: Annotated[float, Field(gt=0, le=LONGEST_TTL)] | None = Field(
        None, description="Stop when not touched for so many seconds."
    )
    count: Literal["request", "interaction"] = Field(
        "request",
        description="What has to be received: each request that is expected, or one for each interaction even where"
        " several expect the same.",
    )
    messages: bool = Field(
        False,
        description="Have all messages count; by default where the pact has nothing else, or one was asked for.",
    )
    seed: int | None = Field(None, description="Makes what generators make repeatable.")
    state: str | None = Field(None, description="A provider state: interactions that are given it go first.")
    local: bool = Field(False, description="Have it on this replica alone, where there are several.")


class WaitQuery(Question):
    """The query parameters of `GET /mockserver/{id}/wait`."""

    timeout: Annotated[float, Field(ge=0, le=600)] = Field(5.0, description="Seconds to wait at the most.")


class ServerList(Answer):
    """The answer of `GET /`."""

    mockServers: list[Server]  # noqa: N815  the name in the API


class Created(Answer):
    """The answer of `POST /`."""

    mockServer: Server  # noqa: N815


class Matched(Answer):
    """The answer of `GET /mockserver/{id}/matched`."""

    matched: bool
    notTested: int = Field(  # noqa: N815
        0, description="How many messages do not count, as nobody asked for one; left out where none is left out."
    )


class VerifyFailed(Answer):
    """The answer of `POST /mockserver/{id}/verify` when not all matched, or the file could not be written."""

    mockServer: Server  # noqa: N815
    mismatches: list[Mismatch] = Field(description="None where all matched and writing failed.")
    error: str | None = Field(None, description="Why the file could not be written.")
    code: str | None = Field(None, description="A stable word for that.")


class NotVerified(RootModel[Any]):
    """The answer of `POST /mockserver/{id}/verify` when not all matched: a report, where one was asked for."""

    model_config = ConfigDict(defer_build=True)

    root: VerifyFailed | reports.Reported


class Waited(Answer):
    """The answer of `GET /mockserver/{id}/wait`."""

    complete: bool = Field(
        description="Whether a request was received for every interaction, and all messages that count were handled."
    )
    matched: bool


async def list_servers(service: MockService, caller: Caller) -> dict[str, list[dict[str, Json]]]:
    """List the mock servers that run."""
    return {"mockServers": list(map(caller.describe, await service.running()))}


async def create_server(service: MockService, caller: Caller, query: CreateQuery, posted: Posted) -> Reply:
    """Read a pact and start a mock server for it."""
    wanted = Wanted(
        host=query.host,
        port=query.port,
        name=query.name,
        tls=query.tls,
        tls_names=tuple(query.tls_names.split(",")) if query.tls_names is not None else (),
        tls_client_ca=query.tls_client_ca,
        cors=query.cors,
        version=query.specification,
        ttl=query.ttl,
        seed=query.seed,
        state=query.state,
        counts_interactions=query.count == "interaction",
        counts_messages=query.messages,
        strict=query.strict,
    )
    server = await service.create(posted, wanted, local=query.local)
    created = {"mockServer": caller.describe(server)}
    return Reply.json(created, headers=[("Location", f"{caller.reached.prefix}/mockserver/{server.id}")])


def show_server(server: MockServer, caller: Caller) -> dict[str, Json]:
    """Show one mock server."""
    return caller.describe(server)


async def remove_server(service: MockService, called: str) -> None:
    """Stop a mock server; its port is free when the answer arrives."""
    await service.end_called(called)


async def verify(service: MockService, server: MockServer, caller: Caller, query: ReportQuery, accept: str) -> Reply:
    """Write the pact file if all matched, else say what did not. Each warning is a header, as 204 has no body.

    With `format`, or for who accepts plain text, the answer is a report in either case, with status 200 or 422.
    """
    headers = [(WARNING, in_a_header(str(item))[:_LONGEST_HEADER]) for item in server.warnings[:_MOST_HEADERS]]
    chosen = reports.wanted(query, accept)
    if chosen is not None:
        report = await service.report_verified(server)
        headers += [(NOT_TESTED, str(report.not_tested))] if report.not_tested else ()
        answer = await reports.answer(report, server, caller, chosen, headers)
        return answer if report.passed else replace(answer, status=422)
    failed: dict[str, object] = {}
    try:
        verification = await service.verify(server)
        headers += [(NOT_TESTED, str(verification.not_tested))] if verification.not_tested else ()
        if verification.matched:
            return Reply(status=204, headers=headers)
        failed["mismatches"] = list(map(json_report.mismatch, verification.explanations))
    except (NoSuchMockServer, StoreUnavailable):  # no verdict, and none that is red
        raise
    except PactmockError as error:
        failed = {**error.to_json(), "mismatches": []}
    document = {**failed, "mockServer": caller.describe(server)}
    return Reply.json(document, 422, headers)


WARNING = "X-Pactmock-Warning"
NOT_TESTED = "X-Pactmock-Not-Tested"
"""How many messages do not count in the verdict, where that is any."""

_MOST_HEADERS = 20
"""How many warnings are headers: clients read no more than a hundred lines."""

_LONGEST_HEADER = 1000


def matched(server: MockServer) -> dict[str, Json]:
    """Say whether all that was expected was received, and nothing else."""
    return {"matched": server.matched} | ({"notTested": server.not_tested} if server.not_tested else {})


async def wait(service: MockService, server: MockServer, query: WaitQuery) -> Waited:
    """Answer as soon as a request was received for every interaction, or the time is up."""
    complete = await service.wait(server, query.timeout)
    return Waited(complete=complete, matched=server.matched)


def show_logs(server: MockServer) -> Reply:
    """Show what happened to a mock server, a line an event."""
    return Reply.text("\n".join(server.log_lines()) + "\n")
