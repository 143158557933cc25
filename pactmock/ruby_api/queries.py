"""Queries and forms: names to lists of values, read and written as in Ruby (reference/ruby-api.md §5, §8).

What is received is flat: a name is a text, brackets and all. What a client expects as text with brackets in it is read
as Rails reads parameters, and then written flat again, so that `f[a]` is one, and `f[]` is `f`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote_plus, unquote_to_bytes

from pactmock.matching import budget
from pactmock.pact.json_value import Json
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.tree.matchers import ArrayLike, Tree

_SEPARATOR = re.compile(r"[&;] *")
_BRACKETS = re.compile(r"\[.*\]")
_STEP = re.compile(r"\[([^\[\]]*)\]")


def flat(text: str) -> dict[str, list[str | None]]:
    """Read what was received as it is written; a name without `=` has no value."""
    found: dict[str, list[str | None]] = {}
    for name, given in _parameters(text):
        values = found.setdefault(name, [])
        if given is not None or values:
            values.append(given)
    return found


def of_text(text: str) -> dict[str, Json]:
    """Read what is expected as a text: as Rails does, where a name has brackets."""
    found = flat(text)
    return of_object(_nested(text)) if _have_brackets(found) else dict(found)


def received(text: str, expected: dict[str, Tree]) -> dict[str, Json]:
    """Read what was received as what it is compared with: where that has brackets, they are a part of names."""
    return dict(flat(text)) if _have_brackets(expected) else of_text(text)


def _have_brackets(names: Iterable[str]) -> bool:
    return any("[" in name and _BRACKETS.search(name) for name in names)


def form(text: str) -> dict[str, list[str]]:
    """Read a form: flat, names and values only separated by `&`, and a name without `=` has an empty value."""
    found: dict[str, list[str]] = {}
    for piece in text.removesuffix("&").split("&") if text else ():
        budget.spend()
        name, _, given = piece.partition("=")
        found.setdefault(_decode(name), []).append(_decode(given))
    return found


def form_of(expected: dict[str, Tree]) -> dict[str, Tree]:
    """Read what is expected of a form: each name has a list, of one value where it is none."""
    return {name: item if isinstance(item, list) else [] if item is None else [item] for name, item in expected.items()}


def of_object(expected: dict[str, Tree]) -> dict[str, Tree]:
    """Read what is expected as an object: each name has a list, and objects in it become names with brackets."""
    found: dict[str, Tree] = {}
    for name, item in expected.items():
        if isinstance(item, dict):
            found |= {_inside(name, inner): values for inner, values in of_object(item).items()}
        else:
            found[name] = _listed(item)
    return found


def _inside(name: str, inner: str) -> str:
    first, bracket, rest = inner.partition("[")
    return f"{name}[{first}]{bracket}{rest}"


def _listed(item: Tree) -> Tree:
    if isinstance(item, list | ArrayLike):
        return item
    return [] if item is None else [item]


def _nested(text: str) -> dict[str, Json]:
    """Read a text with brackets as Rails does: of a name that comes twice, the last counts."""
    found: dict[str, Json] = {}
    for name, given in _parameters(text):
        start = name.find("[", 1)
        steps = _STEP.findall(name[start:]) if start > 0 else []
        if steps and name[start:] == "".join(f"[{step}]" for step in steps):
            _put(found, [name[:start], *steps], given)
        else:
            found[name] = given
    return found


def _put(holder: dict[str, Json], steps: Sequence[str], given: str | None) -> None:
    """Put a value where the steps lead, of which an empty one is another item of a list."""
    name, *rest = steps
    if not rest:
        holder[name] = given
        return
    if rest[0]:
        inner = holder.get(name)
        if not isinstance(inner, dict):
            inner = holder[name] = {}
        _put(inner, rest, given)
        return
    items = holder.get(name)
    if not isinstance(items, list):
        items = holder[name] = []
    if len(rest) == 1:
        items.append(given)
        return
    if not items or not isinstance(items[-1], dict) or rest[1] in items[-1]:
        items.append({})
    _put(items[-1], rest[1:], given)


def _parameters(text: str) -> Iterator[tuple[str, str | None]]:
    for piece in _SEPARATOR.split(text):
        budget.spend()
        if piece:
            name, equals, given = piece.partition("=")
            yield _decode(name), _decode(given) if equals else None


def _decode(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError:
        return text


def to_text(values: dict[str, Json]) -> str:
    """Write the values of names, examples in place of matchers: names as they are, as the Ruby service does.

    A name without a value is lost there, but for the `&` that follows it.
    """
    return "&".join("&".join(f"{name}={_encode(item)}" for item in items) for name, items in values.items())


def form_text(values: dict[str, Json]) -> str:
    """Write a form: names and values encoded."""
    return "&".join(f"{_encode(name)}={_encode(item)}" for name, items in values.items() for item in items)


def _encode(item: Json) -> str:
    return quote_plus(_text(item), "*").replace("~", "%7E")


def _text(item: Json) -> str:
    if item is None:
        return ""
    return item if isinstance(item, str) else inspect(item)
