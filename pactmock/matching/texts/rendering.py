"""How values look inside mismatch texts.

Users assert on these texts, and other Pact tools show them, so they are the reference's to the letter, including
what shines through of the language it is written in (reference/matching.md §0.1, §0.2). Up to a kilobyte, that is: what
is longer is cut, and of a value that is larger no more is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from pactmock.matching.texts.shortening import VALUE, cut, room_after
from pactmock.pact.json.values import Json, compact, type_name
from pactmock.pact.matching_rules import MatchingRule
from pactmock.pact.path_expression import PathExpression, Token, Wildcard

T = TypeVar("T")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def quoted(text: str) -> str:
    """Render a text in double quotes, escaped: `"a\\"b"`."""
    shown = cut(text)
    if _PLAIN.fullmatch(shown):
        return f'"{shown}"'
    return '"' + "".join('\\"' if c == '"' else _escaped(c) for c in shown) + '"'


_PLAIN = re.compile(r"[ !#-\[\]-~]*")


def quoted_character(character: str) -> str:
    """Render one character in single quotes, escaped: `'\\n'`."""
    return "'\\''" if character == "'" else f"'{_escaped(character)}'"


@lru_cache(maxsize=4096)
def _escaped(character: str) -> str:
    from unicodedata import category  # late: few texts have what may be escaped

    is_shown = character.isprintable() and category(character) not in {"Mn", "Me"}
    return _ESCAPES.get(character) or (character if is_shown else f"\\u{{{ord(character):x}}}")


def quoted_list(texts: Collection[str]) -> str:
    """Render a list of texts: `["a", "b"]`."""
    return _listed(texts, quoted)


def shown(value: Json) -> str:
    """Render a value as compact JSON, and no more of it than can be shown."""
    if isinstance(value, str):
        return cut(compact(cut(value)))
    if not isinstance(value, list | dict) or room_after(value, VALUE) >= 0:
        return cut(compact(value))
    pieces: list[str] = []
    if _write(value, pieces, VALUE) >= 0:
        return cut("".join(pieces))
    return cut("".join(pieces), length=f"{len(value):,} {'items' if isinstance(value, list) else 'members'}")


def _write(value: Json, pieces: list[str], room: int) -> int:
    """Write a value piece by piece while there is room, and return what is left of the room."""
    if not isinstance(value, list | dict):
        pieces.append(compact(cut(value) if isinstance(value, str) else value))
        return room - len(pieces[-1])
    opening, closing = "[]" if isinstance(value, list) else "{}"
    for number, item in enumerate(value if isinstance(value, list) else sorted(value)):
        pieces.append("," if number else opening)
        if isinstance(value, dict):
            pieces.append(f"{compact(item)}:")
            room -= len(pieces[-1])
        room = _write(value[item] if isinstance(value, dict) else item, pieces, room - 1)
        if room < 0:
            return room
    pieces.append(closing if value else opening + closing)
    return room - 1


def _listed(
    items: Collection[T], render: Callable[[T], str], opening: str = "[", closing: str = "]", separator: str = ", "
) -> str:
    """Render items one by one while there is room for them."""
    kept: list[str] = []
    room = VALUE
    for item in items:
        if room < 0:
            return cut(opening + separator.join(kept), length=f"{len(items):,} items")
        kept.append(render(item))
        room -= len(kept[-1])
    return cut(opening + separator.join(kept) + closing)


def text_of(value: Json) -> str:
    """Render a string as it is, null as the empty text, anything else as compact JSON (§0.1)."""
    if isinstance(value, str):
        return cut(value)
    return "" if value is None else shown(value)


def value_of(value: Json) -> str:
    """Render a JSON value: texts in single quotes, null as `null`, others as compact JSON."""
    return f"'{cut(value)}'" if isinstance(value, str) else shown(value)


def value_and_type(value: Json) -> str:
    """Render a JSON value with its type: `'x' (String)`."""
    return f"{value_of(value)} ({type_name(value)})"


def plain_list(items: Collection[Json]) -> str:
    """Render a list for the texts about its size: `[1, 2, {"a":1}]`."""
    return _listed(items, shown)


def plain_texts(items: Collection[str]) -> str:
    """Render a list of query or header values for the texts about its size: `[GET, put]`."""
    return _listed(items, str)


def stringified(items: Collection[Json]) -> str:
    """Render a list as a JSON array of the text of each item: `["1","{\\"a\\":1}"]`."""
    return _listed(items, _display, separator=",")


def stringified_map(value: Mapping[str, Json]) -> str:
    """Render an object as a JSON object of the text of each value."""
    return _listed(sorted(value), lambda name: f"{compact(name)}:{_display(value[name])}", "{", "}", ",")


def _display(value: Json) -> str:
    return compact(shown(value))


def json_texts(items: Collection[str]) -> str:
    """Render a list of texts as a JSON array."""
    return _listed(items, compact, separator=",")


def key_set(keys: Iterable[str]) -> str:
    """Render the keys of an object as a sorted JSON array."""
    return json_texts(sorted(keys))


def names(keys: Iterable[str]) -> str:
    """Render keys for a text, sorted: `a, b`."""
    return _listed(sorted(keys), str, "", "")


def debug_json(value: Json) -> str:
    """Render a JSON value with the names of its kinds: `Object {"a": Number(1)}`."""
    return cut(_debug(value))


def _debug(value: Json) -> str:
    if isinstance(value, dict):
        return f"Object {debug_map(value)}"
    if isinstance(value, list):
        return f"Array {_listed(value, _debug)}"
    if isinstance(value, str):
        return f"String({quoted(value)})"
    if isinstance(value, bool):
        return f"Bool({compact(value)})"
    return "Null" if value is None else f"Number({compact(value)})"


def debug_map(value: Mapping[str, Json]) -> str:
    """Render an object: `{"a": Number(1)}`."""
    return _listed(sorted(value), lambda name: f"{quoted(name)}: {_debug(value[name])}", "{", "}")


def debug_rule(rule: MatchingRule) -> str:
    """Render a rule, as in `Unable to match 'a' using Regex("\\\\d+")`."""
    return rule.debug(_debug_part)


def _debug_part(part: object) -> str:
    """Render what is inside a rule: another one, a path, a text, an object, a number."""
    if isinstance(part, MatchingRule):
        return debug_rule(part)
    if isinstance(part, PathExpression):
        tokens = [*(["Root"] if part.text else []), *map(_debug_token, part.tokens)]
        return f"DocPath {{ path_tokens: [{', '.join(tokens)}], expr: {quoted(part.text)} }}"
    if isinstance(part, dict):
        return debug_json(part)
    return quoted(part) if isinstance(part, str) else str(part)


def _debug_token(token: Token) -> str:
    if isinstance(token, str):
        return f"Field({quoted(token)})"
    return (
        f"Index({token})" if isinstance(token, int) else {Wildcard.ANY: "Star", Wildcard.ANY_INDEX: "StarIndex"}[token]
    )
