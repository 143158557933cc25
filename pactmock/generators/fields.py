"""Generated values outside of bodies: status, path, query, headers, metadata (reference/matching.md §7.6).

Each function takes a part and the compiled generators of one category, and returns what makes the new value of one
field of that part; where no value is made the answer is the very same object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar
from urllib.parse import quote

from pactmock.generators.context import GeneratorContext
from pactmock.generators.kinds import FIRST_FINAL_STATUS, LAST_STATUS
from pactmock.generators.maker import Entry
from pactmock.pact.json.values import Json
from pactmock.pact.model import MessageContents, Request, Response
from pactmock.pact.parts.headers import Headers
from pactmock.pact.parts.query_string import Query

T = TypeVar("T")
Entries: TypeAlias = tuple[Entry, ...]
Make: TypeAlias = Callable[[GeneratorContext], T]

_PATH_CHARACTERS = "/%:@!$&'()*+,;=~"
"""What may stand in a path as it is; a percent sign is taken for one of an encoding."""


def compile_status(response: Response, entries: Entries) -> Make[int]:
    """Compile the generator of a status; what HTTP cannot send as one is passed over."""
    entry = entries[0]

    def make(context: GeneratorContext) -> int:
        value = entry.json(response.status, context)
        try:
            status = int(value)
        except (TypeError, ValueError):
            status = 0
        if FIRST_FINAL_STATUS <= status <= LAST_STATUS:
            return status
        entry.log(f"{value!r} is not an HTTP status")
        return response.status

    return make


def compile_path(request: Request, entries: Entries) -> Make[str]:
    """Compile the generator of a path; what it makes is percent-encoded where it must be."""

    def make(context: GeneratorContext) -> str:
        text = entries[0].text(request.path, context)
        return request.path if text is None else quote(text, safe=_PATH_CHARACTERS)

    return make


def compile_query(request: Request, entries: Entries) -> Make[Query | None]:
    """Compile the generators of a query: each value of a parameter by itself; a missing parameter is added."""

    def make(context: GeneratorContext) -> Query | None:
        query = dict(request.query or {})
        for entry in entries:
            values = query.get(entry.name)
            made = [entry.text(value or "", context) for value in (("",) if values is None else values)]
            if values is not None:
                query[entry.name] = tuple(old if new is None else new for new, old in zip(made, values, strict=True))
            elif made[0] is not None:
                query[entry.name] = (made[0],)
        return request.query if query == (request.query or {}) else query

    return make


def compile_headers(part: Request | Response, entries: Entries) -> Make[Headers]:
    """Compile the generators of headers: the first value is replaced, a missing header is added.

    The reference drops the other values, and adds a second header where the name is spelled otherwise (§11 row 45, F).
    """
    spellings = {name.lower(): name for name in reversed([*part.headers])}
    targets = [(entry, spellings.get(entry.name.lower(), entry.name)) for entry in entries]

    def make(context: GeneratorContext) -> Headers:
        made: dict[str, tuple[str, ...]] = {}
        for entry, name in targets:
            values = made.get(name, part.headers.get(name, ()))
            text = entry.text(values[0] if values else "", context)
            if text is not None and set(text) & _LINE_ENDS:
                entry.log("a header has only one line")
            elif text is not None:
                made[name] = (text, *values[1:])
        return {**part.headers, **made} if made else part.headers

    return make


_LINE_ENDS = frozenset("\r\n\0")


def compile_metadata(message: MessageContents, entries: Entries) -> Make[Mapping[str, Json]]:
    """Compile the generators of metadata: JSON values, made of what is there or of null."""

    def make(context: GeneratorContext) -> Mapping[str, Json]:
        made: dict[str, Json] = {}
        for entry in entries:
            example = made.get(entry.name, message.metadata.get(entry.name))
            value = entry.json(example, context)
            if value is not example:
                made[entry.name] = value
        return {**message.metadata, **made} if made else message.metadata

    return make
