"""The matchers that may stand anywhere in a path, a query, headers and a body (reference/ruby-api.md §4)."""

from __future__ import annotations

from dataclasses import field
from typing import Any, TypeAlias

from pactmock.matching.patterns.pattern import Pattern
from pactmock.pact.value import value

Tree: TypeAlias = Any
"""JSON as `ruby_api.json_text` reads it, in which matchers may stand in place of values."""


@value
class SomethingLike:
    """Wants what has the type of its contents, also of all that is in them."""

    contents: Tree


@value
class ArrayLike:
    """Wants a list of at least `least` items, each like the contents by type."""

    contents: Tree
    least: int = 1


@value
class Regexp:
    """Wants a text in which a pattern of Ruby finds something; `options` are Ruby's bits, `example` fits."""

    source: str
    options: int
    pattern: Pattern = field(compare=False)
    example: str = field(default="", compare=False)

    @property
    def shown(self) -> str:
        """The pattern as Ruby shows it: `/a\\/b/i`."""
        return f"/{escaped(self.source)}/{''.join(letter for bit, letter in FLAGS if self.options & bit)}"


@value
class Term:
    """Wants what its pattern wants; `generate` is the example."""

    generate: str
    matcher: Regexp


FLAGS = ((4, "m"), (1, "i"), (2, "x"))
"""The bits of Ruby's options for patterns and their letters, in the order in which Ruby shows them."""


def escaped(source: str) -> str:
    """Write the source of a pattern as between two slashes."""
    escaping, written = False, []
    for character in source:
        written.append("\\/" if character == "/" and not escaping else character)
        escaping = character == "\\" and not escaping
    return "".join(written)
