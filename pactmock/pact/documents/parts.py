"""The parts of an interaction as a pact file has them, into values: requests, responses, contents of messages.

They remember their place in the file, for errors that are found later (reference/matching.md §1.5 to §1.10).
"""

from __future__ import annotations

from collections.abc import Iterable

from pactmock.errors import InvalidPact, PactmockError, Steps, below
from pactmock.pact import generators
from pactmock.pact.documents import members
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json, compact, to_text
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.model import MessageContents, Request, Response, declared_type
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import ABSENT, MISSING, V4_MEMBERS, Body
from pactmock.pact.parts.headers import Headers, find
from pactmock.pact.parts.headers import from_json as headers_from_json
from pactmock.pact.specification import Specification


def read_request(value: Json, version: Specification, place: Steps = ()) -> Request:
    """Read a request as a file of this version has it; what is not an object is `GET /`.

    It remembers its place in the file, for errors that are found later.
    """
    part = value if isinstance(value, dict) else {}
    members.check(part, members.REQUEST if version.rule_aliases else members.TYPED_REQUEST, "A request", place)
    headers = headers_from_json(part.get("headers"))
    given = part.get("query")
    query = None if given is None else version.read_query(given)
    return Request(
        method=to_text(part.get("method", "GET")).upper(),
        path=to_text(part.get("path", "/")),
        query=query,
        query_text=given if version.exact_query and isinstance(given, str) else None,
        headers=headers,
        body=_body(part["body"], headers, version, place) if "body" in part else MISSING,
        matching_rules=_rules(part, "requestMatchingRules", version, headers, query),
        generators=_generators(part, place) if "generators" in part else {},
        place=place,
    )


def _body(value: Json, headers: Headers, version: Specification, place: Steps) -> Body:
    """Read a body by the type of the first value, where there is more than one header for it."""
    values = find(headers, "Content-Type") if headers else None
    try:
        if version.typed_interactions:
            _check_body(value, "A body of V4", (*place, "body"))
        return version.read_body(value, types.parse(values[0]) if values else None)
    except InvalidPact as error:
        error.below("body")
        raise


def _check_body(value: Json, what: str, place: Steps) -> None:
    """Look at the members of a body that is said with its type. One without content is JSON that stands for itself."""
    if isinstance(value, dict) and "content" in value:
        members.check(value, V4_MEMBERS, what, place)
    elif isinstance(value, dict) and {"contentType", "encoded"} & value.keys():
        members.check_near(value, V4_MEMBERS, what)


def read_response(value: Json, version: Specification, place: Steps = ()) -> Response:
    """Read a response as a file of this version has it, as `read_request` does.

    A status of 0 is what the native library writes where a test names a class of statuses, with a generator.

    Raises:
        InvalidPact: when the status is not a status code.
    """
    part = value if isinstance(value, dict) else {}
    members.check(part, members.RESPONSE if version.rule_aliases else members.TYPED_RESPONSE, "A response", place)
    status = part.get("status", 200)
    if type(status) is not int or not (status == 0 or 100 <= status <= 999):
        raise InvalidPact(f"{compact(status)} is not a status code: use a number from 200 to 999").below("status")
    headers = headers_from_json(part.get("headers"))
    return Response(
        status=status,
        headers=headers,
        body=_body(part["body"], headers, version, place) if "body" in part else MISSING,
        matching_rules=_rules(part, "responseMatchingRules", version, headers),
        generators=_generators(part, place) if "generators" in part else {},
        place=place,
    )


def _rules(
    part: dict[str, Json],
    alias: str,
    version: Specification,
    headers: Iterable[str] = (),
    query: Iterable[str] | None = None,
) -> rule_categories.MatchingRules:
    name = alias if version.rule_aliases and "matchingRules" not in part and alias in part else "matchingRules"
    value = part.get(name)
    if not value:
        return {}
    try:
        if isinstance(value, dict) and not value.keys() <= rule_categories.NAMES:
            categories = {key.lower(): item for key, item in value.items() if not key.startswith("$")}
            members.check_near(categories, rule_categories.NAMES, f"'{name}'")
        return rule_categories.from_json(value, name, headers=headers, query=query or ())
    except PactmockError as error:
        error.below(name)
        raise


def _generators(part: dict[str, Json], place: Steps, **aliases: str) -> Generators:
    given = part["generators"]
    with below("generators"):
        if isinstance(given, dict):
            members.check(given, generators.CATEGORIES.union(aliases), "'generators'", (*place, "generators"))
        return generators.from_json(given, aliases)


def read_contents(value: dict[str, Json], version: Specification, *place: str | int) -> MessageContents:
    """Read the contents of a message; `value` is the object that holds `contents` and `metadata`.

    They remember their place in the file, for errors that are found later.
    """
    metadata = value.get("metadata", value.get("metaData"))
    metadata = metadata if isinstance(metadata, dict) else {}
    declared = declared_type({"Content-Type": (to_text(metadata["contentType"]),)} if "contentType" in metadata else {})
    with below("contents"):
        if version.typed_interactions:
            _check_body(value.get("contents"), "A body of V4", (*place, "contents"))
        contents = version.read_body(value.get("contents", ABSENT), declared)
    return MessageContents(
        contents=contents,
        metadata=metadata,
        matching_rules=_rules(value, "matchingRules", version),
        # The reference passes over those under `content` (§11 row 75, F).
        generators=_generators(value, place, content="body") if "generators" in value else {},
        category="content"
        if any(_has_content(value.get(name)) for name in ("matchingRules", "generators"))
        else "body",
        place=place,
    )


def _has_content(categories: Json) -> bool:
    """Tell whether rules or generators are under `content`, as the specification has them for messages of V4."""
    return isinstance(categories, dict) and "content" in categories
