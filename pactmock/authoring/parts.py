"""The parts of an interaction as a test writes them: requests, responses and messages (reference/matching.md §10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from pactmock.authoring import fields
from pactmock.authoring.contents import Contents, read_base64, read_contents
from pactmock.authoring.integration_json import Processed
from pactmock.authoring.members import Member, Members
from pactmock.pact import body as bodies
from pactmock.pact import content_type as types
from pactmock.pact.content_type import ContentType
from pactmock.pact.generators import Generators
from pactmock.pact.headers import Headers, find
from pactmock.pact.json_value import Json
from pactmock.pact.model import MessageContents, Request, Response, declared_type
from pactmock.pact.pointer import Pointer
from pactmock.pact.rule_categories import MatchingRules


def read_request(part: Members) -> Request:
    """Read an HTTP request: without a method it is GET, without a path `/`.

    Raises:
        InvalidPact: with the JSON pointer of what cannot be read; InvalidRule where it is a matcher.
    """
    part.allow("method", "path", "query", "headers", "contents", advice=_ADVICE)
    path = _processed(part, "path", fields.process_path, "/")
    query = _processed(part, "query", fields.process_query, None)
    headers = _processed(part, "headers", fields.process_headers, {})
    contents = _contents(part, declared_type(headers.value))
    found: _Found = {"path": path, "query": query, "header": headers, "body": contents}
    return Request(
        method=_method(part.get("method")),
        path=path.value,
        query=query.value,
        headers=_with_type(headers.value, contents),
        body=contents.body,
        matching_rules=_rules(found),
        generators=_generators(found),
    )


def read_response(part: Members) -> Response:
    """Read an HTTP response: without a status it is 200.

    Raises:
        InvalidPact: as `read_request` does.
    """
    part.allow("status", "headers", "contents", advice=_ADVICE)
    status = _processed(part, "status", fields.process_status, 200)
    headers = _processed(part, "headers", fields.process_headers, {})
    contents = _contents(part, declared_type(headers.value))
    found: _Found = {"status": status, "header": headers, "body": contents}
    return Response(
        status=status.value,
        headers=_with_type(headers.value, contents),
        body=contents.body,
        matching_rules=_rules(found),
        generators=_generators(found),
    )


def read_message(part: Members) -> MessageContents:
    """Read a message. What its metadata says of the type counts where the contents say nothing.

    Raises:
        InvalidPact: as `read_request` does.
    """
    part.allow("contents", "metadata", advice=_ADVICE)
    metadata = _processed(part, "metadata", fields.process_metadata, {})
    given = metadata.value.get(_TYPE_OF_MESSAGE)
    contents = _contents(part, types.parse(given) if isinstance(given, str) else None)
    kind = contents.body.content_type
    found: _Found = {"metadata": metadata, "body": contents}
    return MessageContents(
        contents=contents.body,
        metadata={_TYPE_OF_MESSAGE: str(kind), **metadata.value} if kind else metadata.value,
        matching_rules=_rules(found),
        generators=_generators(found),
    )


_TYPE_OF_MESSAGE = "contentType"
_ADVICE = ". A body is the 'body' of 'contents'"
_Found: TypeAlias = dict[str, Processed | Contents]
"""What was found for each category of rules."""


def _rules(found: _Found) -> MatchingRules:
    return {category: part.rules for category, part in found.items() if part.rules}


def _generators(found: _Found) -> Generators:
    return {category: part.generators for category, part in found.items() if part.generators}


def _processed(part: Members, name: str, process: Callable[[Json, Pointer], Processed], default: Json) -> Processed:
    member = part.get(name)
    return Processed(default) if member is None else process(member.value, member.pointer)


_METHOD = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def _method(member: Member | None) -> str:
    if member is None:
        return "GET"
    method = member.text()
    if not _METHOD.fullmatch(method):
        raise member.wrong(f"{member.shown()} cannot be a method")
    return method.upper()


_TYPE_NAMES = ("content-type", "contentType", "pact:content-type")
_OF_PLUGINS = ". Contents with others are for plugins, which are not supported yet"


def _contents(part: Members, declared: ContentType | None) -> Contents:
    """Read the contents of a part, whose headers or metadata declare a type."""
    member = part.get("contents")
    if member is None:
        return Contents(bodies.MISSING)
    members = Members.of("'contents'", member)
    members.allow(_TYPE_NAMES[0], "body", "encoded", *_TYPE_NAMES[1:], advice=_OF_PLUGINS)
    content_type = _content_type(members) or declared
    body = members.need("body")
    read = read_base64 if _is_encoded(members.get("encoded")) else read_contents
    return read(body.value, content_type, body.pointer)


def _content_type(members: Members) -> ContentType | None:
    for member in filter(None, map(members.get, _TYPE_NAMES)):
        content_type = types.parse(member.text())
        if content_type is None:
            raise member.wrong(f"{member.shown()} is not a content type")
        return content_type
    return None


def _is_encoded(member: Member | None) -> bool:
    if member is None or member.value is False:
        return False
    if member.value != "base64":
        raise member.wrong(f"'encoded' is \"base64\" or false, not {member.shown()}")
    return True


def _with_type(headers: Headers, contents: Contents) -> Headers:
    # The reference adds the header again when its name is there in another spelling.
    kind = contents.body.content_type
    if kind is None or find(headers, "Content-Type") is not None:
        return headers
    return {**headers, "Content-Type": (str(kind),)}
