"""Contents: a body with matchers in it, and its type, as a test writes them (reference/matching.md §10.2).

How a value becomes a body depends on the type: JSON is processed, XML and forms can be described by an object, and
what is of any other type is a text, or bytes in base64.
"""

from __future__ import annotations

from pactmock.authoring.collector import Collector
from pactmock.authoring.form_description import read_form
from pactmock.authoring.integration_json import Processed, process
from pactmock.errors import InvalidPact, NotJson
from pactmock.pact.generators import GeneratorEntry
from pactmock.pact.json.values import Json, compact, compact_bytes, parse
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.charset import charset_of, from_utf8
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value


@value
class Contents:
    """A body, with the rules and the generators for what is in it."""

    body: Body
    rules: tuple[RuleEntry, ...] = ()
    generators: tuple[GeneratorEntry, ...] = ()


def read_contents(value: Json, declared: ContentType | None, collector: Collector) -> Contents:
    """Make a body of a value, with what the collector gathers in it.

    Without a declared type, a text is looked at, as the reference does it; anything else is JSON. A text with a
    declared JSON type is a JSON string, not JSON text. Null is an empty body, or the JSON document of that name.

    Raises:
        InvalidPact: for what makes no body of this type; the collector knows where.
    """
    if value is None and not (declared and declared.is_json):
        return Contents(bodies.NULL)
    if value == "":
        return Contents(bodies.EMPTY)
    if isinstance(value, str) and declared is None:
        value, declared = _sniffed(value)
    content_type = declared or types.JSON
    processed = _process(value, content_type, collector)
    content = from_utf8(processed.value, charset_of(content_type), is_json=content_type.is_json)
    return Contents(bodies.present(content, content_type), processed.rules, processed.generators)


def read_base64(value: Json, declared: ContentType | None) -> Contents:
    """Make a body of bytes in base64, which hold no matchers.

    Raises:
        InvalidPact: when the value is not base64.
    """
    content = bodies.decode_base64(value) if isinstance(value, str) else None
    if content is None:
        raise InvalidPact("This is not base64, which 'encoded' says it is")
    return Contents(bodies.present(content, declared or types.OCTET_STREAM))


def _sniffed(text: str) -> tuple[Json, ContentType]:
    content_type = types.sniff_text(text)
    if not content_type.is_json:
        return text, content_type
    try:
        return parse(text), content_type
    except NotJson:
        return text, types.TEXT


def _process(value: Json, content_type: ContentType, collector: Collector) -> Processed:
    """Process contents of a type; the value is the content of the body."""
    if content_type.is_json or (content_type.is_graphql and isinstance(value, dict)):
        document = process(value, collector)
        is_query = content_type.is_graphql and isinstance(document.value, str)
        content = document.value.encode() if is_query else compact_bytes(document.value)
        return Processed(content, document.rules, document.generators)
    if content_type.is_xml and isinstance(value, dict):
        from pactmock.authoring.xml_description import read_xml  # late: lxml is large, and few contracts have XML

        return read_xml(value, collector)
    if content_type.is_form and isinstance(value, dict):
        return read_form(value, collector)
    if not isinstance(value, str):
        raise InvalidPact(
            f"A body of type {content_type} is a text, this is {compact(value)[:100]}: matchers are for JSON, XML and"
            f" forms, and for types of plugins that are listed under 'plugins'"
        )
    return Processed(value.encode())
