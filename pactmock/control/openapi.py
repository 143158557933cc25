"""The OpenAPI document of the control API, made from the routes and models in use, so that it cannot be out of date."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

import pactmock
from pactmock.control.calls.reached import GATEWAY
from pactmock.control.calls.route import SCOPE, SERVER, Route
from pactmock.control.explained import NotMatched
from pactmock.control.reports import ReportQuery
from pactmock.control.schemas import Error
from pactmock.reports.formats import FORMATS

_REFERENCE = "#/components/schemas/{model}"
_LISTS = frozenset({"/mockserver/{id}/mismatches"})
_PLAIN = {
    "/mockserver/{id}/logs": "text/plain",
    "/ca.pem": "application/x-pem-file",
    "/metrics": "text/plain",
    "/mockserver/{id}/requests/{number}/body": "application/octet-stream",
}
_STREAMS = frozenset({"/events", "/mockserver/{id}/events"})
_EVENTS = "Server-sent events; the `data` of each is a document of the schema that is named here by `x-event`"
_JSON = "application/json"
_CONTRACTS = (_JSON, "application/vnd.pactmock.test+json")
"""What a contract can be sent as: a pact, or the consumer-test form."""

_SECURITY: dict[str, list[dict[str, list[str]]]] = {"/health": [], "/ready": [], "/shutdown": [{"serverKey": []}]}
"""What the calls need that do without the token of the service: the second has a key of its own."""

_FOR_ALL = {
    400: "The header Host is no host, or what was sent cannot be read",
    403: "Another web page calls, or by a name that may have been rebound; for `/shutdown` also: the key is wrong",
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Make the document."""
    routes = tuple(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "pactmock", "version": pactmock.__version__, "summary": pactmock.__doc__},
        "tags": [{"name": name} for name in dict.fromkeys([*map(_group, routes), _GATEWAY])],
        "paths": paths | {GATEWAY + "{id}/{path}": {method: _passage(method) for method in _METHODS}},
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "Where the service has a --token."},
                "serverKey": {"type": "http", "scheme": "bearer", "description": "The key that ends the service."},
            },
        },
    }


def _is_scoped(route: Route) -> bool:
    """Tell whether a call about a scope is one that mock servers have too."""
    return SCOPE in route.path and "scope" not in route.takes


def _group(route: Route) -> str:
    """Return what a call is about: the noun of the module that has its handler."""
    if SCOPE in route.path:
        return "Scopes"
    noun = route.handler.__module__.rpartition(".")[2]
    return _GROUPS.get(noun, noun.capitalize())


_GROUPS: Mapping[str, str] = {
    "app": "The service",
    "interactions": "What is expected",
    "journal": "What was received",
    "metrics": "The service",
    "pacts": "Pact files",
    "servers": "Mock servers",
    "service": "The service",
}
"""What people call the nouns of modules, where it is something else."""

_GATEWAY = "Mock servers through this port"


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    from pydantic.json_schema import models_json_schema  # late: it takes a megabyte, and few ask for the document

    named = (model for route in routes for model in (route.body, *route.answers.values()))
    models: dict[type[BaseModel], None] = {NotMatched: None, Error: None}
    models |= dict.fromkeys(model for model in named if isinstance(model, type))
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    return dict(schema["$defs"])


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__name__}{'_of_scope' if _is_scoped(route) else ''}",
        "summary": route.summary,
        "description": inspect.getdoc(route.handler),
        "tags": [_group(route)],
        "parameters": _parameters(route),
        "responses": _responses(route),
        "security": _SECURITY.get(route.path, [{}, {"bearer": []}]),
    }
    if route.posted:
        schema = {"type": ["object", "array"] if "list" in route.posted else "object"}
        content = {kind: {"schema": schema} for kind in _CONTRACTS}
        operation["requestBody"] = {"required": True, "description": route.posted, "content": content}
    elif route.body is not None:
        operation["requestBody"] = {"required": False, "content": {_JSON: {"schema": _reference(route.body)}}}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters = [parameter for mark, parameter in _IN_PATH.items() if mark in route.path]
    properties = route.query.model_json_schema()["properties"] if route.query else {}
    if "last_event_id" in route.takes:
        parameters.append(_LAST_EVENT)
    for name, schema in properties.items():
        text = schema.pop("description", "")
        parameters.append({"name": name, "in": "query", "description": text, "schema": schema})
    return parameters


def _in_path(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema}


_IN_PATH = {
    "{id}": _in_path("id", "The id of the mock server, or its port number.", {"type": "string"}),
    "{scope}": _in_path("scope", "The name of a scope.", {"type": "string"}),
    "{key}": _in_path("key", "The key of the message, percent-encoded.", {"type": "string"}),
    "{consumer}": _in_path("consumer", "The name of the consumer, percent-encoded.", {"type": "string"}),
    "{provider}": _in_path("provider", "The name of the provider, percent-encoded.", {"type": "string"}),
    "{number}": _in_path("number", "The number of the request in the journal.", {"type": "integer", "minimum": 1}),
    "{path}": _in_path(
        "path", "The path that is asked for, also of several segments, and its query.", {"type": "string"}
    ),
}


_LAST_EVENT: dict[str, Any] = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": "The id of an event that was received, to go on behind it.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9]{1,18}$"},
}


def _reference(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _responses(route: Route) -> dict[str, Any]:
    responses = {status: _response(route, status) for status in route.answers}
    if route.path not in _SECURITY:
        responses[401] = _error("The service has a token, and it is missing or wrong")
    for status, text in _FOR_ALL.items():
        responses.setdefault(status, _error(text))
    named = {str(status): responses[status] for status in sorted(responses)}
    return named | {"default": _error("What else can go wrong with any call: it is too large, or does not come whole")}


def _error(text: str) -> dict[str, Any]:
    return {"description": text, "content": {_JSON: {"schema": _reference(Error)}}}


def _response(route: Route, status: int) -> dict[str, Any]:
    answer = route.answers[status]
    if isinstance(answer, str):
        if status == 204:
            return {"description": answer}
        kind = _PLAIN.get(route.path.replace(SCOPE, SERVER), _JSON)
        plain = {"type": "object" if kind == _JSON else "string"}
        return {"description": answer, "content": {kind: {"schema": plain}}}
    schema = _reference(answer)
    if status == 200 and route.path in _STREAMS:
        stream = {"schema": {"type": "string", "x-event": schema}}
        return {"description": _EVENTS, "content": {"text/event-stream": stream}}
    if status == 200 and route.path.replace(SCOPE, SERVER) in _LISTS:
        schema = {"type": "array", "items": schema}
    content = {_JSON: {"schema": schema}}
    if route.query is ReportQuery and status in {200, 422}:
        content |= {item.media_type: {"schema": {"type": "string"}} for item in FORMATS.values() if item.name != "json"}
    text = _ERRORS.get(status, answer.__doc__) if answer is Error else answer.__doc__
    return {"description": text, "content": content}


_ERRORS: Mapping[int, str] = {
    400: "What was sent cannot be read, or a parameter or member of the body cannot be what it is",
    404: "There is nothing of this id, port, name, number or key, or no pact of this pair",
    409: "A port or name is taken, or what is there already says something else",
    413: "More, or nested deeper, than the service takes",
    415: "A Content-Type that is not JSON",
    422: "What was sent can be read, and cannot be done",
    429: "There are as many mock servers, or scopes, as may be",
}
"""What an error of this status is about; its `error` says what happened."""


_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""Those of the gateway: it takes any method, also those that OpenAPI has no word for."""


def _passage(method: str) -> dict[str, Any]:
    """Describe the gateway, which is for the code under test."""
    explained = {"description": NotMatched.__doc__, "content": {_JSON: {"schema": _reference(NotMatched)}}}
    return {
        "operationId": f"gateway_{method}",
        "summary": "Ask a mock server through the port of the control API",
        "description": "The request is played as if it had come to the mock server's own port, without `/m/{id}`."
        " No token is asked for, as the code under test has none. Below `/m/{id}~{scope}/` it belongs to a scope.",
        "tags": [_GATEWAY],
        "parameters": [_IN_PATH["{id}"], _IN_PATH["{path}"]],
        "responses": {
            "404": _error("There is no such mock server, or the pact says so"),
            "500": explained,
            "501": _error("The mock server speaks something else than HTTP, or the pact says so"),
            "default": {"description": "What the pact says"},
        },
        "security": [],
    }
