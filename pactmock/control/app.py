"""The control API as an aiohttp application: the table of routes, and what holds for every call."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from inspect import isawaitable
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Middleware

from pactmock.control import pages
from pactmock.control.handler import CallHandler
from pactmock.control.reply import Reply, Streamed
from pactmock.control.route import Route
from pactmock.control.routes import ROUTES
from pactmock.control.security import check_caller, check_fetch
from pactmock.control.taking import Asked, Process, reached_by
from pactmock.errors import InvalidPact, PactmockError
from pactmock.service.mock_service import MockService
from pactmock.service.settings import ServiceSettings

logger = logging.getLogger("pactmock.control")


def make_app(service: MockService, process: Process, *around: Middleware) -> web.Application:
    """Make the application for a service, which runs in some process; `around` is called for all calls first."""
    settings = service.settings
    middlewares = [*around, _errors_as_json, _guard(settings, process)]
    app = web.Application(middlewares=middlewares, client_max_size=settings.max_pact)
    app.on_response_prepare.append(_name_no_software)
    for route in (*ROUTES, _openapi_route()):
        path = re.sub(r"\{(key|consumer|provider)\}", r"{\1:[^/]+}", route.path)  # what a pact names may have braces
        app.router.add_route(route.method, path, _adapt(route, service, process))
        if route.method == "GET":
            app.router.add_route("HEAD", path, _adapt(route, service, process))
    pages.add_pages(app)
    return app


async def _name_no_software(_request: web.Request, response: web.StreamResponse) -> None:
    """Say who answers, and not with which versions of what."""
    response.headers["Server"] = "pactmock"


def _openapi_route() -> Route:
    @cache  # to make it holds up everybody for 50 ms, and it stays the same
    def describe_api() -> dict[str, Any]:
        """Describe this API."""
        from pactmock.control import openapi  # late: few ask

        return openapi.document((*ROUTES, route))

    route = Route("GET", "/openapi.json", describe_api, "This API as OpenAPI", {200: "An OpenAPI document"})
    return route


_Aiohttp = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _adapt(route: Route, service: MockService, process: Process) -> _Aiohttp:
    """Make of a route what aiohttp calls: take what the handler names, call it, send what it returns."""

    async def handle(request: web.Request) -> web.StreamResponse:
        returned = route.handler(**await Asked(route, request, service, process).arguments())
        if isawaitable(returned):
            # A client that is gone ends what only asks; what changes something goes on to its end.
            returned = await (returned if route.method == "GET" else asyncio.shield(asyncio.ensure_future(returned)))
        if isinstance(returned, Streamed):
            return await _stream(request, returned)
        return _sent(Reply.of(returned))

    return handle


async def _stream(request: web.Request, streamed: Streamed) -> web.StreamResponse:
    """Send what comes, to its end or that of the caller."""
    headers = {"Content-Type": streamed.content_type, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    handler = cast("CallHandler", request.protocol)
    handler.call_at_end(streamed.close)
    try:
        await response.prepare(request)
        if request.method != "HEAD":
            async for piece in streamed.pieces:
                await response.write(piece)
    except ConnectionError:
        logger.debug("%s: the caller is gone", request.path)
    finally:
        handler.call_at_end(None)
        streamed.close()
    return response


def _sent(reply: Reply) -> web.Response:
    headers = [*reply.headers, *([("Content-Type", reply.content_type)] if reply.content_type else ())]
    return web.Response(body=reply.content, status=reply.status, headers=headers)


@web.middleware
async def _errors_as_json(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
    """Turn whatever goes wrong into the one error document; a traceback goes to the log only."""
    response = await _answered(request, handler)
    logger.debug("%s %s -> %d", request.method, request.path, response.status)
    return response


async def _answered(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
    try:
        return await handler(request)
    except PactmockError as error:
        again = error.retry_seconds
        return _error(error.to_json(), error.status, {} if again is None else {"Retry-After": str(again)})
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        text = f"{request.method} is not allowed on {request.path}: use {allowed}"
        return _error({"error": text, "code": "method_not_allowed"}, 405, {"Allow": allowed})
    except web.HTTPException as error:
        return _http_error(request, error)
    except RecursionError:
        return _error(InvalidPact("The document is nested too deep to be read").to_json(), 422)
    except Exception as error:
        logger.exception("%s %s failed", request.method, request.path)
        text = f"pactmock failed to handle {request.method} {request.path}: {error!r}; please report this"
        return _error({"error": text, "code": "internal_error"}, 500)


def _error(document: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with an error, which may quote what a client sent and is no text: bytes that are not UTF-8."""
    texts = {
        name: value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
        for name, value in document.items()
    }
    return _sent(Reply.json(texts, status, (headers or {}).items()))


def _http_error(request: web.Request, error: web.HTTPException) -> web.Response:
    if error.status == 404:
        text = f"There is nothing at {request.method} {request.path}: GET /openapi.json lists all calls"
        return _error({"error": text, "code": "no_such_call"}, 404)
    text = f"{request.method} {request.path}: {error.reason}"
    return _error({"error": text, "code": "bad_request"}, error.status)


def _path(request: web.Request) -> str:
    """Return the path of a request as its route has it, with the names of what varies; that of none as it came."""
    resource = request.match_info.route.resource
    return request.path if resource is None else resource.canonical


def _guard(settings: ServiceSettings, process: Process) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
        headers, reached = request.headers, reached_by(request, settings)
        leads = pages.is_wanted(request.method, request.path, ",".join(headers.getall("Accept", ())))
        check_caller(
            settings,
            pages.START if leads else _path(request),
            headers.get("Host", ""),
            headers.get("Origin"),
            headers.get("Authorization", ""),
            reached.host,
            token=process.token,
        )
        check_fetch(headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Dest"))
        return pages.lead(reached) if leads else await handler(request)

    return guard
