"""Pacts that attacks write down in a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def interaction(description: str, request: Mapping[str, Any] | None = None, **response: Any) -> Json:
    """An interaction of V3: the request's members, and the response's as keywords."""
    return {
        "description": description,
        "request": {"method": "GET", "path": "/", **(request or {})},
        "response": {"status": 200, **response},
    }


def pact(*interactions: Json, consumer: str = "attacker", **metadata: Any) -> Json:
    """A pact of V3 with these interactions."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": "service"},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "3.0.0"}, **metadata},
    }


def rule(**members: Any) -> Json:
    """One matching rule where it is written, as `rule(match="regex", regex="a+")`."""
    return {"matchers": [members]}


HONEST = pact(interaction("an honest request", {"path": "/honest"}, body="here"), consumer="honest")
