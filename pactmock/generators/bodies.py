"""Bodies: which generator of documents a type has, and how the result becomes a body (reference/matching.md §7.6).

The type that is stored beside a body stays; the reference makes it plain `application/json` or `application/xml`
(§11 row 44, F).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from pactmock.errors import InvalidPact
from pactmock.generators.context import GeneratorContext
from pactmock.generators.form_body import compile_form
from pactmock.generators.json_body import compile_json
from pactmock.generators.maker import BodyMaker, CannotGenerate, Entry, any_applies, log
from pactmock.pact.parts.body import Body, is_json
from pactmock.pact.parts.charset import Charset, from_utf8, to_utf8
from pactmock.pact.parts.content_type import ContentType

MakeBody: TypeAlias = Callable[[GeneratorContext], Body]


def compile_body(body: Body, content_type: ContentType, charset: Charset, entries: tuple[Entry, ...]) -> MakeBody:
    """Compile the generators of a body; the body stays the same object where no value is made."""
    if not body.is_present:
        return lambda _context: body
    text = to_utf8(body.content, charset, is_json=content_type.is_json)
    try:
        make = _compile_content(text, content_type, entries)
    except CannotGenerate as reason:
        _log(body, reason)
        return lambda _context: body

    def make_body(context: GeneratorContext) -> Body:
        if not any_applies(entries, context):
            return body
        try:
            made = make(context)
            if made is text:
                return body
            return replace(body, content=from_utf8(made, charset, is_json=content_type.is_json))
        except (CannotGenerate, InvalidPact) as reason:
            _log(body, reason)
            return body

    return make_body


def _compile_content(content: bytes, content_type: ContentType, entries: tuple[Entry, ...]) -> BodyMaker:
    if is_json(content, content_type):
        return compile_json(content, entries)
    if content_type.is_xml:
        from pactmock.generators.xml_body import compile_xml  # late: lxml is large, and few pacts have XML

        return compile_xml(content, entries)
    if content_type.is_form:
        return compile_form(content, entries)
    raise CannotGenerate(f"generators work in JSON, XML and forms, not in {content_type}")


def _log(body: Body, reason: object) -> None:
    log.warning("The body %s keeps the content that the pact has: %s", body, reason)
