"""Interactions out of what a client posts, or of a pact file (reference/ruby-api.md §3)."""

from __future__ import annotations

from typing import Any

from pactmock.pact.json.values import Json
from pactmock.ruby_api import queries
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.interaction import REQUEST_MEMBERS, RESPONSE_MEMBERS, ExpectedRequest, Interaction
from pactmock.ruby_api.json_text import read_json
from pactmock.ruby_api.rules.reading import with_rules
from pactmock.ruby_api.tree.examples import example, size_of
from pactmock.ruby_api.tree.matchers import Regexp, SomethingLike, Term, Tree
from pactmock.ruby_api.tree.parsing import parse
from pactmock.ruby_api.versions import Version

_MOST_VALUES = 200_000
"""How many values a request or a response may have as an example; the Ruby service takes any number, and all memory."""


def read_body(content: bytes) -> Json:
    """Read the body of a call; None where there is none.

    Raises:
        RubyException: when it is no JSON, or nested too deep.
    """
    return read_json(content, "the body of this call") if content.strip() else None


def read_interactions(document: Json, version: Version) -> list[Interaction]:
    """Read what `PUT /interactions` brings.

    Raises:
        RubyError: for what no interaction can be made of.
    """
    listed = _object(document, "the body").get("interactions")
    if listed is None:
        raise RubyException("NoMethodError", "the body has no 'interactions': PUT all that are expected, as a list")
    if not isinstance(listed, list):
        raise RubyException("NoMethodError", "'interactions' has to be a list of all that are expected")
    return [read_interaction(item, version) for item in listed]


def read_interaction(document: Json, version: Version) -> Interaction:
    """Read an interaction.

    Raises:
        RubyError: for what none can be made of.
    """
    given = _object(document, "an interaction")
    request = _object(given.get("request"), "the 'request' of an interaction")
    response = _object(given.get("response"), "the 'response' of an interaction")
    metadata = given.get("metadata")
    query = request.get("query")
    return Interaction(
        given.get("description"),
        version.state_of(given),
        _read_request(request, version),
        _read_response(response),
        query if isinstance(query, str) else None,
        is_written=not isinstance(metadata, dict) or metadata.get("write_to_pact") is not False,
    )


def _object(document: Json, what: str) -> dict[str, Json]:
    if document is None:
        raise RubyException("NoMethodError", f"{what} is missing")
    if isinstance(document, str):
        raise RubyException("NoMethodError", f"{what} has to be an object, not a text")
    if not isinstance(document, dict):
        raise RubyException("TypeError", f"{what} has to be an object")
    return document


def _read_request(document: dict[str, Json], version: Version) -> ExpectedRequest:
    for name in ("method", "path"):
        if name not in document:
            raise RubyException("KeyError", f"key not found: :{name}")
    members = _members(document, REQUEST_MEMBERS)
    if isinstance(members.get("query"), str) and not version.compares_query_as_text:
        members["query"] = queries.of_text(members["query"])
    members = with_rules(members, document.get("matchingRules"))
    _check_size(members)
    if isinstance(document.get("query"), dict) and isinstance(members["query"], dict):
        members["query"] = queries.of_object(members["query"])
    if not isinstance(example(members["path"]), str):
        raise RubyException("NoMethodError", "the 'path' of a request has to be a text")
    if not isinstance(members.get("query"), str | list | dict | Term | Regexp | None):
        raise RubyException("NoMethodError", "the 'query' of a request has to be a text, an object or a Term")
    _check_headers(members.get("headers"))
    return ExpectedRequest(members, document.get("options"))


def _read_response(document: dict[str, Json]) -> dict[str, Tree]:
    members = with_rules(_members(document, RESPONSE_MEMBERS), document.get("matchingRules"))
    _check_size(members)
    if not isinstance(members.get("headers"), dict | None):
        raise RubyException("NoMethodError", "the 'headers' of a response have to be an object")
    _check_headers(members.get("headers"))
    return members


def _members(document: dict[str, Json], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: parse(document[name]) for name in names if name in document}


def _check_size(members: dict[str, Tree]) -> None:
    if size_of(members) > _MOST_VALUES:
        raise RubyException(
            "NoMemoryError", f"its examples have more than {_MOST_VALUES:,} values: ask for fewer copies with 'min'"
        )


def _check_headers(headers: Tree) -> None:
    """Refuse a header that comes twice: only one of them could be expected."""
    while isinstance(headers, SomethingLike):
        headers = headers.contents
    if not isinstance(headers, dict):
        return
    seen: dict[str, str] = {}
    for name in headers:
        first = seen.setdefault(name.lower(), name)
        if first is not name:
            raise RubyException(
                "Pact::DuplicateHeaderError",
                f"Duplicate header found ({first} and {name}. Please use a comma separated single value when multiple"
                " headers with the same name are required.",
            )
