"""Generators of a whole request, response or message (reference/matching.md §7.6).

They are compiled once, when the pact is posted, and applied for each answer. The part is bound when it is compiled,
so that what does not change is not looked at again; a part without generators comes back as the very same object.
A generator that fails at that time leaves the value of the pact, and a line in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar

from pactmock.errors import below
from pactmock.generators import bodies, fields
from pactmock.generators.context import GeneratorContext
from pactmock.generators.kinds import KINDS, Kind, compile_generator, compile_status_generator
from pactmock.generators.maker import Entry
from pactmock.generators.variants import entries_of_rules
from pactmock.matching.cost import refusing
from pactmock.pact import path_expression
from pactmock.pact.model import (
    MessageContents,
    Request,
    Response,
    message_charset,
    message_content_type,
    part_charset,
    part_content_type,
)
from pactmock.pact.value import value

P = TypeVar("P", Request, Response, MessageContents)
Make: TypeAlias = Callable[[GeneratorContext], Any]


@value
class PartGenerators(Generic[P]):
    """A part with its generators compiled."""

    part: P
    _fields: tuple[tuple[str, Make], ...] = ()

    @property
    def generates(self) -> bool:
        """Whether there is anything to generate."""
        return bool(self._fields)

    def apply(self, context: GeneratorContext) -> P:
        """Return the part with generated values in it; the very same part where there are none."""
        if not self._fields:
            return self.part
        changes = {}
        for name, make in self._fields:
            value = make(context)
            if value is not getattr(self.part, name):
                changes[name] = value
        return replace(self.part, **changes) if changes else self.part


def compile_request(request: Request, kinds: Mapping[str, Kind] = KINDS) -> PartGenerators[Request]:
    """Compile the generators of a request, which only verification sends. Those of the method are ignored (§11 row 28).

    `kinds` are the types of generators that there are.

    Raises:
        InvalidRule: with the place in the request of a generator that can never work.
    """
    return PartGenerators(request, _compile(request, _REQUEST, kinds))


def compile_response(response: Response, kinds: Mapping[str, Kind] = KINDS) -> PartGenerators[Response]:
    """Compile the generators of a response, as `compile_request` does."""
    return PartGenerators(response, _compile(response, _RESPONSE, kinds))


def compile_contents(message: MessageContents, kinds: Mapping[str, Kind] = KINDS) -> PartGenerators[MessageContents]:
    """Compile the generators of a message, as `compile_request` does."""
    return PartGenerators(message, _compile(message, _CONTENTS, kinds))


def generate_request(request: Request, context: GeneratorContext) -> Request:
    """Apply the generators of a request once; see `compile_request`."""
    return compile_request(request).apply(context)


def generate_response(response: Response, context: GeneratorContext) -> Response:
    """Apply the generators of a response once; see `compile_response`."""
    return compile_response(response).apply(context)


def generate_contents(message: MessageContents, context: GeneratorContext) -> MessageContents:
    """Apply the generators of a message once; see `compile_contents`."""
    return compile_contents(message).apply(context)


_Field: TypeAlias = tuple[str, Callable[[Any, tuple[Entry, ...]], Make]]
_BODY: _Field = (
    "body",
    lambda part, entries: bodies.compile_body(part.body, part_content_type(part), part_charset(part), entries),
)
_HEADER: _Field = ("headers", fields.compile_headers)

_RESPONSE: dict[str, _Field] = {"status": ("status", fields.compile_status), "header": _HEADER, "body": _BODY}
_REQUEST: dict[str, _Field] = {
    "path": ("path", fields.compile_path),
    "header": _HEADER,
    "query": ("query", fields.compile_query),
    "body": _BODY,
}
_CONTENTS: dict[str, _Field] = {
    "metadata": ("metadata", fields.compile_metadata),
    "body": (
        "contents",
        lambda part, entries: bodies.compile_body(
            part.contents, message_content_type(part), message_charset(part), entries
        ),
    ),
}
"""Category of generators to the field that it fills, and what compiles it. The order is that of applying."""


def _compile(
    part: Request | Response | MessageContents, table: Mapping[str, _Field], kinds: Mapping[str, Kind]
) -> tuple[tuple[str, Make], ...]:
    if not part.generators and not part.matching_rules:
        return ()
    compiled = []
    for category, (name, compile_field) in table.items():
        given = _given_entries(part, category, kinds)
        derived = entries_of_rules(part.matching_rules.get(category, ()), kinds)
        # Of the same path, those of arrayContains rules win.
        entries = {entry.path: entry for entry in chain(given, derived)}
        if entries:
            with below("generators", category), refusing():
                compiled.append((name, compile_field(part, tuple(entries.values()))))
    return tuple(compiled)


def _given_entries(
    part: Request | Response | MessageContents, category: str, kinds: Mapping[str, Kind]
) -> Iterator[Entry]:
    compile_kind = compile_status_generator if category == "status" else compile_generator
    for given in part.generators.get(category, ()):
        # As in the file, where a category of only one generator has no keys.
        key = path_expression.key_of(given.path, category)
        with below("generators", category, *([key] if key else [])):
            made = compile_kind(given.generator, kinds)
        yield Entry(given.path, made, f"The {category} {key}".rstrip())
