"""Matchers out of JSON, where objects name their class with `json_class` (reference/ruby-api.md §4)."""

from __future__ import annotations

from collections.abc import Callable

from pactmock.pact.json.values import Json
from pactmock.ruby_api.errors import RubyError, RubyException
from pactmock.ruby_api.tree.matchers import ArrayLike, Regexp, SomethingLike, Term, Tree
from pactmock.ruby_api.tree.patterns import regexp, with_example

CLASS = "json_class"


def parse(document: Json) -> Tree:
    """Read what is expected.

    Raises:
        RubyError, RubyException: for a matcher that is none, as of another class: in Ruby that is any class.
    """
    if isinstance(document, dict):
        name = document.get(CLASS)
        if name is None or name == "":
            return {key: parse(item) for key, item in document.items()}
        found = _parse_matcher(name, document)
        return with_example(found) if isinstance(found, Regexp) else found
    if isinstance(document, list):
        return list(map(parse, document))
    return document


def _parse_matcher(name: Json, document: dict[str, Json]) -> Tree:
    make = _CLASSES.get(name) if isinstance(name, str) else None
    if make is None:
        raise RubyException(
            "ArgumentError", f"can't get const {str(name)[:100]}: '{CLASS}' is one of {', '.join(_CLASSES)}"
        )
    return make(document)


def _something_like(document: dict[str, Json]) -> SomethingLike:
    return SomethingLike(parse(document.get("contents")))


def _array_like(document: dict[str, Json]) -> ArrayLike:
    least = document.get("min", 1)
    if isinstance(least, bool) or not isinstance(least, int):
        raise RubyException("TypeError", "the 'min' of an ArrayLike has to be a whole number")
    return ArrayLike(parse(document.get("contents")), max(0, least))


def _term(document: dict[str, Json]) -> Term:
    data = document.get("data")
    if not isinstance(data, dict):
        raise RubyException("NoMethodError", "a Term has its 'generate' and 'matcher' under 'data', an object")
    matcher, generate = data.get("matcher"), data.get("generate")
    if isinstance(matcher, dict) and matcher.get(CLASS) == "Regexp":
        matcher = _regexp(matcher)
    return term(generate, matcher)


def term(generate: Json, matcher: Json) -> Term:
    """Make a Term.

    Raises:
        RubyError: in the words of the Ruby service, when it has no example, no pattern, or these do not fit.
        RubyException: when they are something else.
    """
    if matcher is None:
        raise RubyError("Please specify a matcher for the Term")
    if generate is None:
        raise RubyError("Please specify a value to generate for the Term")
    if not isinstance(matcher, Regexp):
        raise RubyException("TypeError", "the 'matcher' of a Term has to be a Regexp")
    if not isinstance(generate, str):
        raise RubyException("NoMethodError", "the 'generate' of a Term has to be a text: write a number as one")
    if matcher.pattern.search(generate) is None:
        raise RubyError(f'Value to generate "{generate}" does not match regular expression {matcher.shown}')
    return Term(generate, matcher)


def _regexp(document: dict[str, Json]) -> Regexp:
    return regexp(document.get("s"), document.get("o"))


_CLASSES: dict[str, Callable[[dict[str, Json]], Tree]] = {
    "Pact::SomethingLike": _something_like,
    "Pact::ArrayLike": _array_like,
    "Pact::Term": _term,
    "Regexp": _regexp,
}
