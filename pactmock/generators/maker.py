"""The one shape of all compiled generators, and what happens when one of them fails.

A value goes into a JSON document, where its type matters, or into a text: a path, a header, a form field. Kinds
differ in few cases, so a `Maker` is mostly given its JSON form, and the text follows from it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

from pactmock.generators.context import GeneratorContext, Mode
from pactmock.matching import budget
from pactmock.pact.json.values import Json, to_text
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.value import value

MakeJson: TypeAlias = Callable[[Json, GeneratorContext], Json]
MakeText: TypeAlias = Callable[[str, GeneratorContext], str]
BodyMaker: TypeAlias = Callable[[GeneratorContext], bytes]
"""Writes a body anew; the answer is the very same bytes where no value was made."""

log = logging.getLogger("pactmock.generators")


class CannotGenerate(Exception):  # it is a reason on its way to the log, not an error of a user
    """Holds why no value can be made; the example then stays as it is (reference/matching.md §7.1)."""


@value
class Maker:
    """A compiled generator: makes a value out of the example that stands in the pact.

    `mode` is the only mode in which it works, or None. Both functions raise `CannotGenerate`.
    """

    json: MakeJson
    text: MakeText
    mode: Mode | None = None
    longest: int = 64
    """How many characters a value has at the most, roughly."""


_STEPS = 4
"""What making a short value costs of the steps of a budget; whatever makes long ones spends more itself."""


def maker(make: MakeJson, mode: Mode | None = None, longest: int = 64) -> Maker:
    """Make a maker whose texts are its JSON values written out."""
    return Maker(make, lambda example, context: to_text(make(example, context)), mode, longest)


def unable(reason: str) -> Maker:
    """Make a maker that never makes anything, and says why each time it is asked."""

    def refuse(_example: Json, _context: GeneratorContext) -> Json:
        raise CannotGenerate(reason)

    return maker(refuse)


@value
class Entry:
    """A maker, and where in a part it applies. `place` names that for the log."""

    path: PathExpression
    maker: Maker
    place: str

    @property
    def name(self) -> str:
        """The name that the path consists of, for headers, query parameters and metadata."""
        return next((token for token in self.path.tokens if isinstance(token, str)), "")

    def applies(self, context: GeneratorContext) -> bool:
        """Tell whether this generator works in the mode of a context."""
        return self.maker.mode is None or self.maker.mode is context.mode

    def json(self, example: Json, context: GeneratorContext) -> Json:
        """Make a JSON value; where none can be made the answer is the example itself.

        Raises:
            OutOfBudget: when nothing is left of the current budget.
        """
        if not self.applies(context):
            return example
        budget.current().spend(_STEPS)
        try:
            return self.maker.json(example, context)
        except CannotGenerate as reason:
            self.log(reason)
        return example

    def text(self, example: str, context: GeneratorContext) -> str | None:
        """Make a text, or return None where none can be made; it raises what `json` raises."""
        if not self.applies(context):
            return None
        budget.current().spend(_STEPS)
        try:
            return self.maker.text(example, context)
        except CannotGenerate as reason:
            self.log(reason)
        return None

    def log(self, reason: object) -> None:
        """Note that the example stays."""
        log.warning("%s keeps the value that the pact has: %s", self.place, reason)


def any_applies(entries: tuple[Entry, ...], context: GeneratorContext) -> bool:
    """Tell whether any of these generators works in the mode of a context."""
    return any(entry.applies(context) for entry in entries)
