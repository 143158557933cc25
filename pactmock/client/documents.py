"""What the control API answers, as type checkers see it: documents, just as they came over the wire.

These are the models that answers are described by (`pactmock/control`), written again as types that cost nothing while
the program runs: to make those models takes as long as to start a mock server twenty times. A test holds each
against its model. A member that a newer service has more is in the document too.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, Required, TypedDict

from pactmock.client.explained import Body, InteractionName, MessageType, Mismatch, NearMiss, Outcome


class Health(TypedDict):
    """`GET /health`. `uptime` is in seconds."""

    status: Literal["ok"]
    version: str
    uptime: float
    mockServers: int


class Ready(TypedDict):
    """`GET /ready`."""

    status: Literal["ready"]
    notPlayed: NotRequired[list[str]]


class Metrics(TypedDict):
    """How often a mock server was asked."""

    requests: int
    requests_by_path: dict[str, int]


class PactWarning(TypedDict):
    """What of a pact will disappoint somebody; `pointer` is into the document that was posted."""

    warning: str
    code: str
    pointer: str


class Server(TypedDict):
    """A mock server as it was when it was asked for. `created` and `expires` are times in ISO 8601."""

    id: str
    port: int
    address: str
    url: str
    gatewayUrl: str | None
    scheme: Literal["http", "https"]
    transport: str
    name: str | None
    scope: str | None
    consumer: str
    provider: str
    specification: str
    status: Literal["ok", "error"]
    failed: int
    missing: int
    state: str | None
    interactions: int
    messages: int
    notTested: int
    created: str
    expires: str | None
    metrics: Metrics
    droppedRequests: int
    droppedMismatches: int
    warnings: list[PactWarning]


class ListedInteraction(InteractionName):
    """An interaction, and how far it was asked for; None is what only a plugin knows."""

    method: str | None
    path: str | None
    received: bool | None
    served: int | None
    fault: NotRequired[str]
    faultLeft: NotRequired[int]  # noqa: N815  the name in the API


class ExpectedRequest(TypedDict):
    """What an interaction expects, as it would be sent."""

    method: str
    path: str
    query: dict[str, list[str | None]]
    headers: dict[str, list[str]]
    body: Body | None
    matchingRules: dict[str, Any]


class PromisedResponse(TypedDict):
    """What an interaction answers, before generators change it."""

    status: int
    headers: dict[str, list[str]]
    body: Body | None


class WholeInteraction(ListedInteraction):
    """An interaction, with what it expects and answers; None is what only a plugin knows."""

    request: ExpectedRequest | None
    response: PromisedResponse | None


class Explained(TypedDict):
    """Whether a request would match: the interaction that does or is nearest, and what came near."""

    matched: bool
    outcome: Outcome
    sentence: str
    interaction: InteractionName | None
    nearMisses: list[NearMiss]


class Verified(TypedDict):
    """What is to be said of a verification although all matched: warnings, and how many messages did not count."""

    warnings: list[str]
    notTested: int


class ListedMessage(InteractionName):
    """A message, and how often it was handed out, handled without an error, and not."""

    type: MessageType
    asked: int
    handled: int
    failed: int


class Contents(TypedDict):
    """The contents of a message, as a V4 pact file has them: in base64 where `encoded` says so."""

    content: Any
    contentType: NotRequired[str]
    encoded: NotRequired[bool | str]
    contentTypeHint: NotRequired[str]


class Message(TypedDict):
    """Contents, None where there are none, and metadata, which names their type as `contentType`."""

    contents: Contents | None
    metadata: dict[str, Any]


class HandedOut(Message):
    """A message with the values that generators made; `responses` are what is expected to answer it."""

    delivery: int
    type: MessageType
    interaction: InteractionName
    responses: list[Message]


class Settled(TypedDict):
    """Whether a message was handled as is expected, and what is wrong if not."""

    matched: bool
    mismatch: Mismatch | None


class Replaced(TypedDict):
    """An interaction of the file that said something else than the one that took its place."""

    interaction: str
    providerStates: list[str]
    field: str
    existing: Any
    new: Any


class Written(TypedDict):
    """What became of a pact file: its path on the machine of the service, and how many interactions it holds now."""

    path: str
    interactions: int
    merged: bool
    replaced: list[Replaced]


class ListedPact(TypedDict):
    """A pact that was written: `file` is its name in the output directory, `written` a time in ISO 8601."""

    consumer: str
    provider: str
    specification: str
    interactions: int
    messages: int
    written: str
    file: str
    url: str


class UnreadFile(TypedDict):
    """What may be a pact, and cannot be read, with one sentence why."""

    file: str
    problem: str


class Pacts(TypedDict):
    """The pacts that were written, sorted by file, and what cannot be read."""

    pacts: list[ListedPact]
    unread: list[UnreadFile]


class CreateOptions(TypedDict, total=False):
    """How a mock server is wanted; what is left out is as the service has it (docs/control-api.md).

    `ttl` is in seconds, `specification` the version that the pact is written in, `port` 0 any that is free, `local` is
    for one replica alone of a service that has several, and `tls_names` has commas between the names.
    """

    strict: bool | None
    cors: bool
    tls: bool | Literal["own"]
    tls_names: str | None
    tls_client_ca: Literal["required", "optional"] | None
    specification: str | None
    port: int
    host: str | None
    name: str | None
    ttl: float | None
    count: Literal["request", "interaction"]
    messages: bool
    seed: int | None
    state: str | None
    local: bool


class HappenedTo(TypedDict):
    """The interaction that a request met, or came nearest to."""

    key: str
    description: str


class Event(TypedDict, total=False):
    """Something that happened; docs/control-api.md says which members come with which `event`.

    `missed` events say that there is a gap, and have no `id`. `time` is in ISO 8601, `id` is what `after` takes.
    """

    event: Required[str]
    id: str
    time: str
    server: str
    scope: str
    number: int
    method: str | None
    path: str | None
    query: str | None
    status: int
    matched: bool
    late: bool
    afterVerdict: float | None
    interaction: HappenedTo | None
    sentence: str | None
    title: str
    consumer: str
    provider: str
    url: str
    interactions: int
    mismatches: int
    merged: bool
    key: str
    description: str
    error: str | None
    seconds: float
    missed: int
    restarted: bool
