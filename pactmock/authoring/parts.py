"""The parts of an interaction as a test writes them: requests, responses and messages (reference/matching.md §10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pactmock.authoring import fields
from pactmock.authoring.collector import Collector
from pactmock.authoring.contents import Contents, read_base64, read_contents
from pactmock.authoring.file_form import GENERATORS, RULES, add_generators, add_rules
from pactmock.authoring.integration_json import Processed
from pactmock.authoring.members import Member, Members
from pactmock.authoring.plugin_contents import PluginPart
from pactmock.errors import below
from pactmock.pact import path_expression
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import Regex, RuleEntry
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.model import MessageContents, Request, Response, declared_type
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import find, is_token


def read_request(part: Members, made: PluginPart | None = None) -> Request:
    """Read an HTTP request, whose contents a plugin may have made: without a method it is GET, without a path `/`.

    Raises:
        InvalidPact: with the place of what cannot be read; InvalidRule where it is a matcher.
    """
    part.allow("method", "path", "query", "headers", "contents", *_IN_FILE_FORM, advice=_ADVICE)
    path = _processed(part, "path", fields.process_path, "/")
    query = _processed(part, "query", fields.process_query, None)
    headers = _processed(part, "headers", fields.process_headers, {})
    contents = made.contents if made else _contents(part, declared_type(headers.value))
    headers = _with_type(headers, contents, part)
    found: _Found = {"path": path, "query": query, "header": headers, "body": contents}
    return Request(
        method=_method(part.get("method")),
        path=path.value,
        query=query.value,
        headers=headers.value,
        body=contents.body,
        matching_rules=add_rules(_rules(found), part),
        generators=add_generators(_generators(found), part),
        place=part.place,
    )


def read_response(part: Members, made: PluginPart | None = None) -> Response:
    """Read an HTTP response, whose contents a plugin may have made: without a status it is 200.

    Raises:
        InvalidPact: as `read_request` does.
    """
    part.allow("status", "headers", "contents", *_IN_FILE_FORM, advice=_ADVICE)
    status = _processed(part, "status", fields.process_status, 200)
    headers = _processed(part, "headers", fields.process_headers, {})
    contents = made.contents if made else _contents(part, declared_type(headers.value))
    headers = _with_type(headers, contents, part)
    found: _Found = {"status": status, "header": headers, "body": contents}
    return Response(
        status=status.value,
        headers=headers.value,
        body=contents.body,
        matching_rules=add_rules(_rules(found), part),
        generators=add_generators(_generators(found), part),
        place=part.place,
    )


def read_message(part: Members, made: PluginPart | None = None) -> MessageContents:
    """Read a message, whose contents a plugin may have made.

    What its metadata says of the type counts where the contents say nothing.

    Raises:
        InvalidPact: as `read_request` does.
    """
    part.allow("contents", "metadata", *_IN_FILE_FORM, advice=_ADVICE)
    metadata = _processed(part, "metadata", fields.process_metadata, {})
    if made:
        metadata, contents = _joined(made.metadata, metadata), made.contents
    else:
        contents = _contents(part, _type_in(metadata.value))
    kind = contents.body.content_type
    found: _Found = {"metadata": metadata, "body": contents}
    return MessageContents(
        contents=contents.body,
        metadata={_TYPE_OF_MESSAGE: str(kind), **metadata.value} if kind else metadata.value,
        matching_rules=add_rules(_rules(found), part),
        generators=add_generators(_generators(found), part),
        place=part.place,
    )


def type_of_contents(part: Members) -> ContentType | None:
    """Return the type that contents, or the headers or metadata beside them, declare, if they do."""
    member = part.get("contents")
    if member is None or not isinstance(member.value, dict):
        return None
    named = _content_type(Members.of("'contents'", member))
    if named is not None:
        return named
    headers, metadata = part.get("headers"), part.get("metadata")
    if headers is not None and isinstance(headers.value, dict):
        return declared_type(_processed(part, "headers", fields.process_headers, {}).value)
    return _type_in(metadata.value) if metadata is not None and isinstance(metadata.value, dict) else None


def _type_in(metadata: Mapping[str, Json]) -> ContentType | None:
    given = metadata.get(_TYPE_OF_MESSAGE)
    return types.parse(given) if isinstance(given, str) else None


def _joined(first: Processed, second: Processed) -> Processed:
    """Join two pieces of metadata; what a test wrote itself comes last, and wins."""
    return Processed({**first.value, **second.value}, first.rules + second.rules, first.generators + second.generators)


_IN_FILE_FORM = (RULES, GENERATORS)
_TYPE_OF_MESSAGE = "contentType"
_ADVICE = ". A body is the 'body' of 'contents'"
_Found: TypeAlias = dict[str, Processed | Contents]
"""What was found for each category of rules."""


def _rules(found: _Found) -> MatchingRules:
    return {category: part.rules for category, part in found.items() if part.rules}


def _generators(found: _Found) -> Generators:
    return {category: part.generators for category, part in found.items() if part.generators}


def _processed(part: Members, name: str, process: Callable[[Json, Collector], Processed], default: Json) -> Processed:
    member = part.get(name)
    if member is None:
        return Processed(default)
    with below(*part.place), Collector(*member.place[len(part.place) :]) as collector:
        return process(member.value, collector)


def _method(member: Member | None) -> str:
    if member is None:
        return "GET"
    method = member.text()
    if not is_token(method):
        raise member.wrong(f"{member.shown()} cannot be a method")
    return method.upper()


TYPE_NAMES = ("content-type", "contentType", "pact:content-type")
_OF_PLUGINS = ". Others are for plugins: is the one of this type listed under 'plugins'?"


def _contents(part: Members, declared: ContentType | None) -> Contents:
    """Read the contents of a part, whose headers or metadata declare a type."""
    member = part.get("contents")
    if member is None:
        return Contents(bodies.MISSING)
    members = Members.of("'contents'", member)
    members.allow(TYPE_NAMES[0], "body", "encoded", *TYPE_NAMES[1:], advice=_OF_PLUGINS)
    content_type = _content_type(members) or declared
    body = members.need("body")
    is_encoded = _is_encoded(members.get("encoded"))
    with below(*part.place), Collector(*body.place[len(part.place) :]) as collector:
        if is_encoded:
            return read_base64(body.value, content_type)
        return read_contents(body.value, content_type, collector)


def _content_type(members: Members) -> ContentType | None:
    for member in filter(None, map(members.get, TYPE_NAMES)):
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


def _with_type(headers: Processed, contents: Contents, part: Members) -> Processed:
    # The reference adds the header again when its name is there in another spelling. A test's own word for the type
    # comes before that of a plugin, which may add attributes (reference/plugins.md §5.4).
    kind = (type_of_contents(part) or contents.body.content_type) if contents.body.is_present else None
    if kind is None or find(headers.value, "Content-Type") is not None:
        return headers
    rules = headers.rules + _rules_of_type(kind)
    return Processed({**headers.value, "Content-Type": (str(kind),)}, rules, headers.generators)


def _rules_of_type(kind: ContentType) -> tuple[RuleEntry, ...]:
    """Return the rule for a header that is added: every client makes up a boundary of its own.

    See reference/matching.md §4.7.
    """
    if kind.main != "multipart":
        return ()
    pattern = rf"multipart/{kind.sub};(\s*charset=[^;]*;)?\s*boundary=.*"
    return (RuleEntry(path_expression.of_name("Content-Type"), (Regex(pattern),)),)
