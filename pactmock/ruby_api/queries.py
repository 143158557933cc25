"""Queries and forms: names to lists of values, read and written as in Ruby (reference/ruby-api.md §5, §8).

What is received is flat: a name is a text, brackets and all. What a client expects as text with brackets in it is read
as Rails reads parameters, and then written flat again, so that `f[a]` is one, and `f[]` is `f`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote_plus

from pactmock.matching import budget
from pactmock.pact.json.values import Json
from pactmock.pact.parts.query_string import decode
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.json_text import DEEPEST
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.tree.matchers import ArrayLike, Tree

T = TypeVar("T", dict[str, Json], list[Json])

_SEPARATOR = re.compile(r"[&;] *")
_BRACKETS = re.compile(r"\[.*\]")
_STEP = re.compile(r"[\[\]]*([^\[\]]+)\]*")


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
    """Read what was received as what it is compared with: where that has brackets, they are a part of names.

    So they are where more of them are one in another than anything that is expected can have.
    """
    found = flat(text)
    return dict(found) if _have_brackets(expected) or any(map(_is_too_deep, found)) else of_text(text)


def _have_brackets(names: Iterable[str]) -> bool:
    return any("[" in name and _BRACKETS.search(name) for name in names)


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
    """Read a text with brackets as Rails does: of a name that comes twice, the last counts.

    Raises:
        RubyException: when it has more of them, one in another, than Ruby reads of JSON.
    """
    found: dict[str, Json] = {}
    for name, given in _parameters(text):
        if _is_too_deep(name):
            raise RubyException("RangeError", f"the parameter '{name[:100]}' has {DEEPEST} pairs of brackets or more")
        _put(found, _steps(name), given)
    return found


def _is_too_deep(name: str) -> bool:
    return len(name) > DEEPEST and len(_steps(name)) > DEEPEST


def _steps(name: str) -> list[str]:
    """Split `a[b][]` into `a`, `b` and an empty step; brackets that are none of a pair say nothing."""
    steps: list[str] = []
    position = 0
    while position < len(name):
        if steps and name.startswith("[]", position):
            steps.append("")
            position += 2
        elif found := _STEP.match(name, position):
            steps.append(found[1])
            position = found.end()
        else:
            return [name]
    return steps or [name]


def _put(holder: dict[str, Json], steps: Sequence[str], given: str | None) -> None:
    """Put a value where the steps lead, of which an empty one is another item of a list."""
    name, *rest = steps
    if not rest:
        holder[name] = given
        return
    if rest[0]:
        _put(_inner(holder, name, dict), rest, given)
        return
    items = _inner(holder, name, list)
    if len(rest) == 1:
        items.append(given)
        return
    if not items or not isinstance(items[-1], dict) or rest[1] in items[-1]:
        items.append({})
    _put(items[-1], rest[1:], given)


def _inner(holder: dict[str, Json], name: str, kind: type[T]) -> T:
    """Return what a name with brackets stands for so far.

    Raises:
        RubyException: when it is something else as well; which of them is meant nobody knows.
    """
    found = holder.setdefault(name, kind())
    if not isinstance(found, kind):
        raise RubyException("NameError", f"the parameter '{name[:100]}' is there with brackets and otherwise")
    return found


def _parameters(text: str) -> Iterator[tuple[str, str | None]]:
    for piece in _SEPARATOR.split(text):
        budget.spend()
        if piece:
            name, equals, given = piece.partition("=")
            yield decode(name), decode(given) if equals else None


def to_text(values: dict[str, Json]) -> str:
    """Write the values of names, examples in place of matchers: names as they are, as the Ruby service does.

    A name without a value is lost there, but for the `&` that follows it.
    """
    return "&".join("&".join(f"{name}={encode(item)}" for item in items) for name, items in values.items())


def encode(item: Json) -> str:
    """Encode a name or a value as Ruby does in what it writes."""
    return quote_plus(_text(item), "*").replace("~", "%7E")


def _text(item: Json) -> str:
    if item is None:
        return ""
    return item if isinstance(item, str) else inspect(item)
