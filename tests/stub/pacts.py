"""The pacts that stubs are tried with: what each of their rules is about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.pacts import Json, interaction, pact, rules

JSON = {"Content-Type": "application/json"}


def given(state: str | None, path: str, body: Any) -> Json:
    """An interaction that is given a state, or none."""
    made = interaction(f"{path} in {state}", {"path": path}, body={"from": body}, headers=JSON)
    return made if state is None else {**made, "providerStates": [{"name": state}]}


TEXT = {"Content-Type": "text/plain"}

USERS = pact(
    interaction(
        "a user as JSON",
        {"path": "/users/7", "headers": {"Accept": "application/json"}},
        headers={**JSON, "X-Version": "2"},
        body={"id": 7, "name": "Ada"},
    ),
    interaction("a user as text", {"path": "/users/7", "headers": {"Accept": "text/plain"}}, headers=TEXT, body="Ada"),
    interaction("users", {"path": "/users", "query": {"name": ["Ada"], "page": ["1", "2"]}}, headers=JSON, body=[1]),
    interaction("all users", {"path": "/users"}, headers=JSON, body=[]),
    interaction("add", {"method": "POST", "path": "/users", "headers": JSON, "body": {"name": "Ada"}}, status=201),
    interaction(
        "replace by rule",
        {
            "method": "PUT",
            "path": "/users/7",
            "headers": JSON,
            "body": {"age": 36},
            "matchingRules": rules(**{"$.age": {"match": "integer"}}),
        },
        status=204,
    ),
    interaction("remove", {"method": "DELETE", "path": "/users/7"}, status=204),
    interaction("head", {"method": "HEAD", "path": "/users/7"}, headers={"X-Count": "1"}),
    interaction("no user", {"path": "/users/0"}, status=404, headers=JSON, body={"error": "none"}),
    interaction("broken", {"path": "/broken"}, status=503),
    interaction("its own CORS", {"path": "/own"}, headers={"Access-Control-Allow-Origin": "http://page"}, body="own"),
    interaction("its own pre-flight", {"method": "OPTIONS", "path": "/own"}, headers={"Allow": "GET"}, status=204),
    interaction(
        "any item",
        {"path": "/items/1", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": "/items/[0-9]+"}]}}},
        body="1",
    ),
    interaction("an item", {"path": "/items/2"}, body="2"),
    interaction("no body at all", {"method": "POST", "path": "/empty", "body": None}, body="null"),
    interaction("no word on a body", {"method": "POST", "path": "/any"}, body="any"),
    interaction("a text", {"method": "POST", "path": "/text", "headers": TEXT, "body": "one"}, body="one"),
    interaction("untyped", {"path": "/untyped"}, body={"b": 1, "a": [1.5, "x"]}),
    consumer="web",
    provider="users",
)

STATES = pact(
    given("user 7 exists", "/state", "exists"),
    given("user 7 is gone", "/state", "gone"),
    given(None, "/state", "none"),
    given("user 7 is gone", "/only", "gone"),
    given(None, "/free", "none"),
    consumer="web",
    provider="states",
)

V4 = pact(
    {
        "description": "V4",
        "request": {"method": "GET", "path": "/v4"},
        "response": {
            "status": 200,
            "headers": {"X-List": ["a", "b"]},
            "body": {"content": "AAEC", "contentType": "application/octet-stream", "encoded": "base64"},
        },
    },
    version="4.0",
    consumer="web",
    provider="v4",
)


class Asked(NamedTuple):
    """A request to both stubs."""

    method: str
    target: str
    headers: Mapping[str, str] | None = None
    body: str | bytes | None = None


REQUESTS = (
    Asked("GET", "/users/7"),
    Asked("get", "/users/7", {"Accept": "application/json"}),
    Asked("GET", "/users/7", {"Accept": "text/plain"}),
    Asked("GET", "/users/7", {"Accept": "image/png"}),
    Asked("GET", "/users/7/"),
    Asked("GET", "/Users/7"),
    Asked("GET", "/users"),
    Asked("GET", "/users?page=1&page=2&name=Ada"),
    Asked("GET", "/users?page=2&page=1&name=Ada"),
    Asked("GET", "/users?name=Ada"),
    Asked("GET", "/users?x=1"),
    Asked("POST", "/users", JSON, '{"name": "Ada"}'),
    Asked("POST", "/users", JSON, '{"name": "Bob"}'),
    Asked("POST", "/users", JSON, '{"name": "Ada", "age": 1}'),
    Asked("POST", "/users", JSON, "{"),
    Asked("POST", "/users", {"Content-Type": "application/x-www-form-urlencoded"}, "zzz"),
    Asked("POST", "/users", {}, '{"name": "Ada"}'),
    Asked("POST", "/users", {}, '{"name": "Bob"}'),
    Asked("POST", "/users", JSON),
    Asked("PUT", "/users/7", JSON, '{"age": 5}'),
    Asked("PUT", "/users/7", JSON, '{"age": "5"}'),
    Asked("DELETE", "/users/7"),
    Asked("DELETE", "/users/7", JSON, '{"any": "thing"}'),
    Asked("HEAD", "/users/7"),
    Asked("HEAD", "/users/0"),
    Asked("GET", "/users/0"),
    Asked("GET", "/broken"),
    Asked("GET", "/own"),
    Asked("OPTIONS", "/own"),
    Asked("OPTIONS", "/users/7"),
    Asked("OPTIONS", "/nothing"),
    Asked("GET", "/items/1"),
    Asked("GET", "/items/2"),
    Asked("GET", "/items/x"),
    Asked("POST", "/empty"),
    Asked("POST", "/empty", JSON, "{}"),
    Asked("POST", "/any", JSON, "{}"),
    Asked("POST", "/text", {"Content-Type": "text/plain"}, "one"),
    Asked("POST", "/text", {"Content-Type": "text/plain"}, "two"),
    Asked("POST", "/text", {"Content-Type": "text/plain; charset=utf-8"}, "two"),
    Asked("POST", "/text", {"Content-Type": "text/html"}, "two"),
    Asked("GET", "/untyped"),
    Asked("GET", "/state"),
    Asked("GET", "/state", {"X-State": "gone"}),
    Asked("GET", "/state", {"x-state": "exists$"}),
    Asked("GET", "/state", {"X-State": "Gone"}),
    Asked("GET", "/state", {"X-State": ""}),
    Asked("GET", "/only"),
    Asked("GET", "/only", {"X-State": "exists"}),
    Asked("GET", "/free"),
    Asked("GET", "/free", {"X-State": "gone"}),
    Asked("GET", "/v4"),
    Asked("GET", "/health"),
    Asked("GET", "/"),
)


def write(directory: Path, **pacts: Json) -> Path:
    """Write pacts into a directory, a file each."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, document in pacts.items():
        (directory / f"{name}.json").write_text(json.dumps(document))
    return directory


def all_of(directory: Path) -> Iterator[str]:
    """Write all pacts, and say how they are given in an order that both stubs keep: as files."""
    write(directory, users=USERS, states=STATES, v4=V4)
    for name in ("users", "states", "v4"):
        yield from ("--file", str(directory / f"{name}.json"))
