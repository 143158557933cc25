"""What holds for every call of the control API: who may make it, what it asks for, how what goes wrong is said."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import CoroutineType

from pactmock.control import pages
from pactmock.control.calls.call import Call
from pactmock.control.calls.reached import Reached, reached
from pactmock.control.calls.reply import Reply, Streamed
from pactmock.control.calls.route import Route
from pactmock.control.calls.security import check_caller, check_fetch
from pactmock.control.calls.taking import Asked, Process
from pactmock.errors import InvalidPact, PactmockError
from pactmock.service.mock_service import MockService

logger = logging.getLogger("pactmock.control")


class Calls:
    """Answers calls, for a service that runs in some process."""

    def __init__(self, service: MockService, process: Process) -> None:
        self._service = service
        self._process = process

    def check(self, call: Call, path: str) -> Reached:
        """Refuse a call that must not be served, and return how we were reached; `path` is that of its route.

        Raises:
            InvalidParameter: for a host that is none, or when a proxy that is trusted says what cannot be.
            NotAllowed, NotAuthenticated: as its caller may not make it.
        """
        settings, headers = self._service.settings, call.headers
        way = reached(settings, call.peer, call.header)
        check_caller(
            settings,
            path,
            call.header("Host"),
            headers.get("origin"),
            call.header("Authorization"),
            way.host,
            token=self._process.token,
        )
        check_fetch(headers.get("sec-fetch-site"), headers.get("sec-fetch-dest"))
        return way

    def is_for_page(self, call: Call) -> bool:
        """Tell whether a call is made by who wants to see the page, and not what it is for."""
        return pages.is_wanted(call.method, call.path, call.header("Accept"))

    async def perform(self, route: Route, call: Call) -> Reply | Streamed:
        """Do what a call asks for, or say what went wrong: nobody else may be left to hear of it."""
        try:
            returned = route.handler(**await Asked(route, call, self._service, self._process).arguments())
            if isinstance(returned, CoroutineType):  # half as dear as to ask for an `Awaitable`, which is asked often
                returned = await returned
            return returned if isinstance(returned, Streamed) else Reply.of(returned)
        except Exception as error:  # noqa: BLE001  each becomes a document, and what nobody expected is logged
            return failed(error, call.method, call.path)

    def __repr__(self) -> str:
        return f"<Calls to {self._service!r}>"


def failed(error: Exception, method: str, path: str) -> Reply:
    """Say what went wrong with a call in the one document for errors; a traceback goes to the log only."""
    if isinstance(error, PactmockError):
        again = error.retry_seconds
        return error_reply(error.to_json(), error.status, {} if again is None else {"Retry-After": str(again)})
    if isinstance(error, RecursionError):
        return error_reply(InvalidPact("The document is nested too deep to be read").to_json(), 422)
    logger.error("%s %s failed", method, path, exc_info=error)
    text = f"pactmock failed to handle {method} {path}: {error!r}; please report this"
    return error_reply({"error": text, "code": "internal_error"}, 500)


def error_reply(document: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with an error, which may quote what a client sent and is no text: bytes that are not UTF-8."""
    texts = {
        name: value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
        for name, value in document.items()
    }
    return Reply.json(texts, status, (headers or {}).items())
