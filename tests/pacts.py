"""Pacts that tests write down in a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def interaction(description: str = "a request", request: Mapping[str, Any] | None = None, **response: Any) -> Json:
    """An interaction of V3: the request's members, and the response's as keywords."""
    return {
        "description": description,
        "request": {"method": "GET", "path": "/", **(request or {})},
        "response": {"status": 200, **response},
    }


def pact(*interactions: Json, version: str = "3.0.0", consumer: str = "web", provider: str = "api") -> Json:
    """A pact file with these interactions; for V4 they get their type."""
    typed = [{"type": "Synchronous/HTTP", **item} for item in interactions] if version == "4.0" else list(interactions)
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": typed,
        "metadata": {"pactSpecification": {"version": version}},
    }


def rules(**paths: Any) -> Json:
    """Body rules of V3: path expression to one rule or a list of rules."""
    return {"body": {path: {"matchers": rule if isinstance(rule, list) else [rule]} for path, rule in paths.items()}}


USERS = pact(
    interaction(
        "a request for a user",
        {"path": "/users/1", "headers": {"Accept": "application/json"}},
        headers={"Content-Type": "application/json"},
        body={"id": 1, "name": "Ada"},
    ),
    interaction(
        "a request to add a user",
        {
            "method": "POST",
            "path": "/users",
            "headers": {"Content-Type": "application/json"},
            "body": {"name": "Ada", "age": 36},
            "matchingRules": rules(**{"$.age": {"match": "integer"}}),
        },
        status=201,
    ),
)
