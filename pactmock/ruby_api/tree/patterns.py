"""Patterns of clients: Ruby's dialect and Ruby's search, which hang nothing (reference/ruby-api.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from pactmock.errors import InvalidRule
from pactmock.generators.maker import CannotGenerate
from pactmock.matching import budget
from pactmock.matching.cost import refusing
from pactmock.matching.patterns.pattern import Pattern, compile_pattern
from pactmock.pact.json.values import Json
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.tree.matchers import FLAGS, ArrayLike, Regexp, SomethingLike, Term, Tree, escaped

_ALL_FLAGS = sum(bit for bit, _ in FLAGS)


def regexp(source: Json, options: Json = None) -> Regexp:
    """Compile a pattern that was posted.

    Raises:
        RubyException: when it is none, or takes too much to be compiled.
    """
    if not isinstance(source, str):
        raise RubyException("TypeError", "the pattern 's' of a Regexp has to be a text")
    if options is not None and (isinstance(options, bool) or not isinstance(options, int)):
        raise RubyException("ArgumentError", f"the options 'o' of the Regexp /{escaped(source[:100])}/ are no number")
    bits = (options or 0) & _ALL_FLAGS
    return Regexp(source, bits, _compiled(source, bits))


def patterns_in(tree: Tree) -> Iterator[Regexp]:
    """Yield the patterns of all matchers in a tree."""
    match tree:
        case Regexp():
            yield tree
        case Term():
            yield tree.matcher
        case SomethingLike() | ArrayLike():
            yield from patterns_in(tree.contents)
        case dict():
            for item in tree.values():
                yield from patterns_in(item)
        case list():
            for item in tree:
                yield from patterns_in(item)


def with_example(found: Regexp) -> Regexp:
    """Return a pattern that stands without a Term, with a text that it matches.

    Raises:
        RubyException: when none is found.
    """
    from pactmock.generators.regex_text import compile_texts  # late: no client is known to send such

    try:
        example = compile_texts(found.source).make(Random(found.source))  # noqa: S311
    except (CannotGenerate, InvalidRule) as error:
        raise RubyException("RegexpError", f"{error}; use a Term, which has an example") from None
    return replace(found, example=example)


def _compiled(source: str, bits: int) -> Pattern:
    try:
        with refusing():
            budget.current().check()
            return compile_pattern(_in_its_dialect(source, bits))
    except InvalidRule as error:
        raise RubyException("RegexpError", f"{_reason(error)}: /{escaped(source[:200])}/") from None


def _reason(error: InvalidRule) -> str:
    return error.problem.rpartition("is not a valid regular expression - ")[2]


def _in_its_dialect(source: str, bits: int) -> str:
    """Write a pattern of Ruby as one of the reference's, with its options inside.

    A `^` that is first must not match after the newline at the end of a text, which only those do that stand in a group
    (see `oniguruma`): here patterns are searched.
    """
    flags = "".join(letter for bit, letter in FLAGS if bits & bit)
    written = _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[0]), source)
    if not flags and not source.startswith("^"):
        return written
    end = "\n)" if "x" in flags else ")"  # a comment may be last
    return f"(?{flags}:{written}{end}"


_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {
    "d": "[0-9]", "D": "[^0-9]", "w": "[a-zA-Z0-9_]", "W": "[^a-zA-Z0-9_]", "s": r"[\t-\r ]", "S": r"[^\t-\r ]",
    "N": "N", "O": "O", "y": "y", "Y": "Y",
}  # fmt: skip
"""What Ruby means by a letter after a backslash where the reference means more: a class of it has ASCII only."""
