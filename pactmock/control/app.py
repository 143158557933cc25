"""The control API as an aiohttp application: the table of routes, and what holds for every call."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Middleware

from pactmock.control import pages
from pactmock.control.calls.answering import Calls, error_reply, failed
from pactmock.control.calls.call import Call, headers_of
from pactmock.control.calls.reply import Reply, Streamed
from pactmock.control.calls.route import Route
from pactmock.control.door.reader import CallReader
from pactmock.control.routes import ROUTES

logger = logging.getLogger("pactmock.control")


def make_app(calls: Calls, *around: Middleware) -> web.Application:
    """Make the application that answers calls, which the front door has bounded; `around` is called for all first."""
    app = web.Application(middlewares=[*around, _errors_as_json, _guard(calls)], client_max_size=0)
    app.on_response_prepare.append(_name_no_software)
    for route in (*ROUTES, _openapi_route()):
        path = re.sub(r"\{(key|consumer|provider)\}", r"{\1:[^/]+}", route.path)  # what a pact names may have braces
        handle = _adapt(route, calls)
        app.router.add_route(route.method, path, handle)
        if route.method == "GET":
            app.router.add_route("HEAD", path, handle)
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


def _adapt(route: Route, calls: Calls) -> _Aiohttp:
    """Make of a route what aiohttp calls."""

    async def handle(request: web.Request) -> web.StreamResponse:
        performing = calls.perform(route, _call_of(request, await request.read()))
        # A client that is gone ends what only asks; what changes something goes on to its end.
        is_asking = route.method == "GET"
        reply = await (performing if is_asking else asyncio.shield(asyncio.ensure_future(performing)))
        return await _stream(request, reply) if isinstance(reply, Streamed) else _sent(reply)

    return handle


def _call_of(request: web.Request, content: bytes = b"") -> Call:
    """Make the call that a request is; whether it may be made is asked first, before its content is read."""
    return Call(
        request.method,
        request.path,
        request.match_info,
        list(request.query.items()),
        headers_of(request.raw_headers),
        content,
        request.remote or "",
    )


async def _stream(request: web.Request, streamed: Streamed) -> web.StreamResponse:
    """Send what comes, to its end or that of the caller."""
    headers = {"Content-Type": streamed.content_type, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    handler = cast("CallReader", request.protocol)
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
    return web.Response(body=reply.content, status=reply.status, headers=reply.lines)


@web.middleware
async def _errors_as_json(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
    """Turn whatever goes wrong into the one error document; a traceback goes to the log only."""
    response = await _answered(request, handler)
    logger.debug("%s %s -> %d", request.method, request.path, response.status)
    return response


async def _answered(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        text = f"{request.method} is not allowed on {request.path}: use {allowed}"
        return _error(text, "method_not_allowed", 405, {"Allow": allowed})
    except web.HTTPException as error:
        return _http_error(request, error)
    except Exception as error:  # noqa: BLE001  each becomes a document, and what nobody expected is logged
        return _sent(failed(error, request.method, request.path))


def _http_error(request: web.Request, error: web.HTTPException) -> web.Response:
    if error.status == 404:
        text = f"There is nothing at {request.method} {request.path}: GET /openapi.json lists all calls"
        return _error(text, "no_such_call", 404)
    return _error(f"{request.method} {request.path}: {error.reason}", "bad_request", error.status)


def _error(text: str, code: str, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    return _sent(error_reply({"error": text, "code": code}, status, headers))


def _path(request: web.Request) -> str:
    """Return the path of a request as its route has it, with the names of what varies; that of none as it came."""
    resource = request.match_info.route.resource
    return request.path if resource is None else resource.canonical


def _guard(calls: Calls) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: _Aiohttp) -> web.StreamResponse:
        call = _call_of(request)
        leads = calls.is_for_page(call)
        reached = calls.check(call, pages.START if leads else _path(request))
        return pages.lead(reached.prefix) if leads else await handler(request)

    return guard
