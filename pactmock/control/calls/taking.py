"""What handlers take of a request: found, read and validated in one place (see `Route`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.calls.call import Call
from pactmock.control.calls.reached import GATEWAY, Reached, reached
from pactmock.control.calls.route import Route
from pactmock.control.described import described
from pactmock.errors import InvalidParameter, UnsupportedMediaType
from pactmock.pact.json.values import Json, parse_document
from pactmock.pact.parts import content_type
from pactmock.pact.value import value
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.mock_server import MockServer
from pactmock.service.mock_service import MockService
from pactmock.service.posted import Posted

if TYPE_CHECKING:
    from pactmock.control.events import EventStreams
    from pactmock.control.telemetry.metrics import Metrics


class Process(Protocol):
    """The running service, as a call sees it."""

    @property
    def uptime(self) -> float:
        """The seconds since it started."""

    @property
    def token(self) -> str | None:
        """What callers must show now, None for nothing."""

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end."""

    @property
    def events(self) -> EventStreams:
        """The streams of what happens."""

    @property
    def metrics(self) -> Metrics:
        """What is measured of it."""

    def stop_after(self, seconds: float) -> None:
        """Have it end in some seconds."""


@value
class Caller:
    """Who calls, and how: by which URL, with which credentials."""

    reached: Reached
    authorization: str

    @property
    def host(self) -> str:
        """The name of this machine, or the address."""
        return self.reached.name

    def describe(self, server: MockServer) -> dict[str, Json]:
        """Describe a mock server to this caller, by whose way to us it can be reached too."""
        return described(server, self.host, self.reached.base + GATEWAY)


@value
class Asked:
    """A call of the control API, the route that it goes to, and what it is asked of."""

    route: Route
    call: Call
    service: MockService
    process: Process

    async def arguments(self) -> dict[str, Any]:
        """Return the arguments of the route's handler.

        Raises:
            NoSuchMockServer: when there is none of the id, port or name in the path.
            InvalidParameter, NotJson, UnsupportedMediaType: naming what is wrong.
        """
        takes = self.route.takes
        if "query" not in takes and self.call.query:
            name, _ = self.call.query[0]
            raise InvalidParameter(f"Query parameter '{name}' is not known here: this call has none", parameter=name)
        found: dict[str, Any] = {}
        for name, kind in takes.items():
            item = _TAKE[name](self, kind)
            found[name] = await item if isinstance(item, CoroutineType) else item
        return found


async def _server(asked: Asked, _kind: Any) -> MockServer:
    """Find what a call is about: a mock server, or one of its scopes."""
    scope = asked.call.names.get("scope")
    whole = await _whole(asked, _kind)
    if scope is not None or asked.call.method != "DELETE":  # what is ended need not be asked before
        await whole.play.refresh()
    return whole if scope is None else asked.service.scope(whole, scope)


async def _whole(asked: Asked, _kind: Any) -> MockServer:
    return await asked.service.find(asked.call.names["id"])


def _called(asked: Asked, _kind: Any) -> str:
    """Return how a call names what it is about, which it need not be able to read."""
    names = asked.call.names
    return f"{names['id']}{MARK}{names['scope']}" if "scope" in names else names["id"]


def _caller(asked: Asked, _kind: Any) -> Caller:
    call = asked.call
    return Caller(reached(asked.service.settings, call.peer, call.header), call.header("Authorization"))


def _query(asked: Asked, model: type[BaseModel]) -> BaseModel:
    query = asked.call.query
    if not query and (nothing := nothing_asked(model)) is not None:
        return nothing
    given = dict(query)
    if len(given) < len(query):
        times = Counter(name for name, _ in query)
        name = next(name for name in times if times[name] > 1)
        raise InvalidParameter(f"Query parameter '{name}' is given {times[name]} times: give it once", parameter=name)
    return _validate(model, given, "Query parameter")


@cache
def nothing_asked(model: type[BaseModel]) -> BaseModel | None:
    """Return what a query says that has nothing in it, None where it must have something.

    For that no validator has to be built, which the first call of all would wait for.
    """
    return None if any(each.is_required() for each in model.model_fields.values()) else model.model_construct()


def _body(asked: Asked, model: type[BaseModel]) -> BaseModel:
    content = _content(asked)
    document = parse_document(content) if content else {}
    if not isinstance(document, dict):
        raise InvalidParameter("The body of this call is a JSON object: send {} or leave it out")
    return _validate(model, document, "Member", strict=True)


def _posted(asked: Asked, _kind: Any) -> Posted:
    """Read a pact or a contract; which of them it is, its Content-Type says."""
    given = asked.call.headers.get("content-type")
    if given is None:
        return Posted(_content(asked))
    parsed = content_type.parse(given)
    if parsed is None or not parsed.is_json:  # a page of another origin can send such types without being asked
        raise UnsupportedMediaType(
            f"A pact is application/json, a contract in consumer-test form {MEDIA_TYPE}, and this is"
            f" '{given[:200]}': send one of these as the Content-Type, or none with a pact"
        )
    is_contract = parsed.is_equivalent_to(_CONTRACT) and parsed.suffix == _CONTRACT.suffix
    return Posted(_content(asked), is_contract)


_CONTRACT = content_type.parse(MEDIA_TYPE) or content_type.JSON
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _content(asked: Asked) -> bytes:
    return asked.call.content.removeprefix(_BYTE_ORDER_MARK)


def _validate(model: type[BaseModel], values: Mapping[str, object], kind: str, *, strict: bool = False) -> BaseModel:
    """Read what was sent. JSON has types, and is taken at its word (`strict`): no text is a number, nor is `true`."""
    try:
        return model.model_validate(values, strict=strict)
    except ValidationError as error:
        first = max(error.errors(), key=lambda item: len(item["loc"]))  # of alternatives, the one that came furthest
        name = _place(first, values)
        if first["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            message = f"{kind} '{name}' is not known here: use {known}"
        else:
            message = f"{kind} '{name}' cannot be {repr(first['input'])[:200]}: {_decapitalized(first['msg'])}"
        raise InvalidParameter(message, parameter=name) from None


def _place(error: ErrorDetails, values: object) -> str:
    """Return where something is wrong, without the names that the validator gives to alternatives of a type."""
    parts = []
    for part in error["loc"]:
        is_there = (isinstance(values, list) and isinstance(part, int)) or (
            isinstance(values, Mapping) and part in values
        )
        if is_there:
            values = values[part]  # type: ignore[index]
        if is_there or (error["type"] == "missing" and part == error["loc"][-1]):
            parts.append(str(part))
    return ".".join(parts)


def _decapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]


_TAKE: Mapping[str, Callable[[Asked, Any], Any]] = {
    "service": lambda asked, _kind: asked.service,
    "process": lambda asked, _kind: asked.process,
    "server": _server,
    "whole": _whole,
    "called": _called,
    "scope": lambda asked, _kind: asked.call.names["scope"],
    "key": lambda asked, _kind: asked.call.names["key"],
    "accept": lambda asked, _kind: asked.call.header("Accept"),
    "last_event_id": lambda asked, _kind: asked.call.header("Last-Event-ID"),
    "consumer": lambda asked, _kind: asked.call.names["consumer"],
    "provider": lambda asked, _kind: asked.call.names["provider"],
    "number": lambda asked, _kind: asked.call.names["number"],
    "path": lambda asked, _kind: asked.call.path,
    "caller": _caller,
    "query": _query,
    "body": _body,
    "posted": _posted,
}
"""What a handler can take, by the name of its parameter; some of it is awaited."""
