"""Matchers of integration JSON that tests write down in a line."""

from __future__ import annotations

from typing import Any

Json = Any


def matcher(kind: Json, value: Json = ..., **attributes: Json) -> dict[str, Json]:
    """A matcher of a kind; without a value it has no example."""
    example = {} if value is ... else {"value": value}
    return {"pact:matcher:type": kind, **example, **attributes}


def generated(kind: str, value: Json, **attributes: Json) -> dict[str, Json]:
    """A type matcher with a generator."""
    return matcher("type", value, **attributes) | {"pact:generator:type": kind}


def rules(**paths: Json) -> dict[str, Json]:
    """Rules as a pact file has them: path expression to one rule or to a list of rules."""
    return {
        path: {"combine": "AND", "matchers": found if isinstance(found, list) else [found]}
        for path, found in paths.items()
    }
