"""Generators in form bodies, `application/x-www-form-urlencoded` (reference/matching.md §7.6)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from pactmock.generators.context import GeneratorContext
from pactmock.generators.maker import BodyMaker, Entry
from pactmock.matching import budget
from pactmock.pact.path_expression import Token


def compile_form(content: bytes, entries: tuple[Entry, ...]) -> BodyMaker:
    """Compile the generators of a form: `$.name` is its first field of that name, `$.name[1]` the second."""
    fields = parse_qsl(content.decode(errors="replace"), keep_blank_values=True)
    targets = [(entry, position) for entry in entries if (position := _position(fields, entry.path.tokens)) is not None]

    def make(context: GeneratorContext) -> bytes:
        written = list(fields)
        for entry, position in targets:
            name, value = written[position]
            text = entry.text(value, context)
            written[position] = (name, value if text is None else text)
        return content if written == fields else urlencode(written, safe="*").encode()

    return make


_FIELDS_A_STEP = 16


def _position(fields: Sequence[tuple[str, str]], tokens: tuple[Token, ...]) -> int | None:
    match tokens:
        case (str() | int() as name,):
            occurrence = 0
        case (str() | int() as name, int() as occurrence):
            pass
        case _:
            return None
    budget.current().spend(1 + len(fields) // _FIELDS_A_STEP)
    found = [position for position, (field, _) in enumerate(fields) if field == str(name)]
    return found[occurrence] if occurrence < len(found) else None
