"""The OpenAPI document of the control API, made from the routes and models in use, so that it cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

import pactmock
from pactmock.control.routes import Route

_REFERENCE = "#/components/schemas/{model}"
_LISTS = frozenset({"/mockserver/{id}/mismatches"})
_PLAIN = {
    "/mockserver/{id}/logs": "text/plain",
    "/ca.pem": "application/x-pem-file",
    "/mockserver/{id}/requests/{number}/body": "application/octet-stream",
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
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models(routes: Iterable[Route]) -> list[type[BaseModel]]:
    found: dict[type[BaseModel], None] = {}
    for route in routes:
        for model in (route.body, *route.answers.values()):
            if isinstance(model, type):
                found[model] = None
    return list(found)


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    from pydantic.json_schema import models_json_schema  # late: it takes a megabyte, and few ask for the document

    _, schema = models_json_schema([(model, "serialization") for model in _models(routes)], ref_template=_REFERENCE)
    return dict(schema["$defs"])


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "description": route.handler.__doc__,
        "parameters": _parameters(route),
        "responses": {str(status): _response(route, status) for status in sorted(route.answers)},
    }
    if route.body is not None:
        operation["requestBody"] = _body(route.body)
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    if "{id}" in route.path:
        text = "The id of the mock server, or its port number."
        parameters.append(
            {"name": "id", "in": "path", "required": True, "description": text, "schema": {"type": "string"}}
        )
    if "{number}" in route.path:
        text = "The number of the request in the journal."
        parameters.append(
            {"name": "number", "in": "path", "required": True, "description": text, "schema": {"type": "integer"}}
        )
    properties = route.query.model_json_schema()["properties"] if route.query else {}
    for name, schema in properties.items():
        text = schema.pop("description", "")
        parameters.append({"name": name, "in": "query", "description": text, "schema": schema})
    return parameters


def _body(body: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(body, str):
        return {"required": True, "description": body, "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"required": False, "content": {"application/json": {"schema": _reference(body)}}}


def _reference(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _response(route: Route, status: int) -> dict[str, Any]:
    answer = route.answers[status]
    if isinstance(answer, str):
        if status == 204:
            return {"description": answer}
        kind = _PLAIN.get(route.path, "application/json")
        plain = {"type": "object" if kind == "application/json" else "string"}
        return {"description": answer, "content": {kind: {"schema": plain}}}
    schema = _reference(answer)
    if status == 200 and route.path in _LISTS:
        schema = {"type": "array", "items": schema}
    return {"description": answer.__doc__, "content": {"application/json": {"schema": schema}}}
