"""What stands out of an interaction: a kind of warning is only looked for where there is a sign of it.

Most interactions have none, so that one glance at each replaces some twenty looks. A sign may be seen where nothing is
wrong; nothing that is warned of may be without one.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from pactmock.pact.json.values import to_text
from pactmock.pact.model import (
    HttpInteraction,
    Interaction,
    MessageContents,
    Request,
    Response,
    declared_type,
    message_parts,
)
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.charset import charset_of
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import LIST_HEADERS
from pactmock.pact.specification import Specification
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.subject import Part


class Sign(Enum):
    """What is seen."""

    PLUGIN = "the pact names a plugin that is not installed"
    PATH = "the path is more than names with a slash in front of each"
    QUERY = "a parameter has no value"
    STATUS = "the answer sends its client elsewhere, or has no body"
    LOSS = "the version of the file may have no place for something"
    HEADER = "an item of a list has a comma in it, or a body is coded"
    TYPE = "a type contradicts the header, is compared in a way of its own, or has a charset"
    CONTENT = "a body is the JSON null or a list in a text, or has a matcher in it"
    RULES = "there are matching rules or generators"
    ANSWERED_RULES = "there are some of a response or a message"


def signs_of_pact(bound: BoundPact, version: Specification) -> frozenset[Sign]:
    """Return what is seen of each interaction of a pact that is to be written in a version."""
    is_rewritten = not version.typed_interactions and version.name != bound.pact.specification
    seen = {Sign.PLUGIN: bool(bound.missing), Sign.LOSS: is_rewritten}
    return frozenset(sign for sign, is_seen in seen.items() if is_seen)


def signs_of(interaction: Interaction, version: Specification) -> set[Sign]:
    """Return what is seen of an interaction that is to be written in a version."""
    seen: set[Sign] = set()
    if isinstance(interaction, HttpInteraction):
        _look_at_request(interaction.request, version, seen)
        _look_at_response(interaction.response, version, seen)
    else:
        for message in message_parts(interaction):
            _look_at_message(message, version, seen)
    if not version.typed_interactions and _has_more_than(version, interaction):
        seen.add(Sign.LOSS)
    return seen


def _has_more_than(version: Specification, given: Interaction) -> bool:
    """Tell whether an interaction has members of V4, or provider states of which a version may keep a part only."""
    of_v4 = given.key or given.pending or given.comments or given.plugin_configuration or given.markup
    return bool(of_v4 or given.transport or (given.provider_states and not version.many_states))


def _look_at_request(request: Request, version: Specification, seen: set[Sign]) -> None:
    if not _PLAIN_PATH(request.path):
        seen.add(Sign.PATH)
    if request.query and any(None in values for values in request.query.values()):
        seen.add(Sign.QUERY)
    if request.method == "HEAD":
        seen.add(Sign.STATUS)
    _look_at_part(request, version, seen)


_PLAIN_PATH = re.compile(r"(?:/(?![.%/])[^/?#\\\t\r\n]*)+").fullmatch


def _look_at_response(response: Response, version: Specification, seen: set[Sign]) -> None:
    if response.status in _STATUSES:
        seen.add(Sign.STATUS)
    _look_at_part(response, version, seen)
    if response.matching_rules:
        seen.add(Sign.ANSWERED_RULES)


_STATUSES = frozenset({204, *range(300, 400)})


def _look_at_part(part: Request | Response, version: Specification, seen: set[Sign]) -> None:
    for header in part.headers.items():
        seen.update(_of_header(*header))
    own = part.body.content_type
    if own is not None and own != declared_type(part.headers):
        seen.add(Sign.TYPE)
    if part.body.content and _is_odd(part.body.content):
        seen.add(Sign.CONTENT)
    if part.matching_rules or part.generators:
        _look_at_rules(part, version, seen)


@lru_cache(maxsize=256)  # the same few stand in most interactions
def _of_header(name: str, values: tuple[str, ...]) -> tuple[Sign, ...]:
    lowered = name.lower()
    if lowered == "content-type":
        return (Sign.TYPE,) if _is_special(types.parse(", ".join(values))) else ()
    is_odd = lowered == "content-encoding" or (lowered in LIST_HEADERS and "," in "".join(values))
    return (Sign.HEADER,) if is_odd else ()


def _look_at_message(message: MessageContents, version: Specification, seen: set[Sign]) -> None:
    named = types.parse(to_text(message.metadata.get("contentType")))
    if _is_special(named) or _is_special(message.contents.content_type):
        seen.add(Sign.TYPE)
    if _is_odd(message.contents.content):
        seen.add(Sign.CONTENT)
    if message.matching_rules or message.generators:
        _look_at_rules(message, version, seen)
        seen.add(Sign.ANSWERED_RULES)


def _look_at_rules(part: Part, version: Specification, seen: set[Sign]) -> None:
    seen.add(Sign.RULES)
    if part.generators or not version.many_states:
        seen.add(Sign.LOSS)


def _is_special(named: ContentType | None) -> bool:
    return named is not None and (
        named.is_form or named.is_graphql or named.is_multipart or charset_of(named) is not None
    )


def _is_odd(content: bytes) -> bool:
    # `in` would try the name for a number first.
    return content.startswith((b"null", b'"[')) or content.find(b'"pact:matcher:type"') >= 0
