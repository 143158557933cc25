"""What a definition expression says, as values (reference/matching.md §9.3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum

from pactmock.authoring.references import Reference
from pactmock.pact.digits import integer_of
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import ContentType, MatchingRule
from pactmock.pact.value import value


class ValueType(Enum):
    """What the example of a definition is. Of two, the one further down here stays (the table of §9.3)."""

    UNKNOWN = "Unknown"
    BOOLEAN = "Boolean"
    NUMBER = "Number"
    INTEGER = "Integer"
    DECIMAL = "Decimal"
    STRING = "String"

    def merged(self, other: ValueType) -> ValueType:
        """Return the type of two definitions joined by a comma."""
        return max(self, other, key=_ORDER.index)


_ORDER = list(ValueType)


@value
class Definition:
    """The example of an expression as a text, the type of it, the rules, and the generator if there is one.

    Among the rules, and inside them, there can be a `references.Reference`. `expression` is the whole source text.
    """

    value: str
    value_type: ValueType
    rules: tuple[MatchingRule, ...]
    generator: Generator | None = None
    expression: str = ""

    @property
    def has_example(self) -> bool:
        """Whether there is an example: references, sizes, eachKey, eachValue and arrayContains come without one."""
        if any(isinstance(rule, Reference) for rule in self.rules):
            return False
        typed = self.value_type is not ValueType.UNKNOWN
        return typed or any(isinstance(rule, ContentType) for rule in self.rules)

    @property
    def example(self) -> Json:
        """The example as a JSON value of its type; a decimal is never an integer, however it is written."""
        read = _EXAMPLES.get(self.value_type)
        if read is None:
            return self.value
        try:
            return read(self.value)
        except ValueError:  # the type and the example of joined definitions need not be of the same one
            return self.value

    def merged(self, other: Definition) -> Definition:
        """Join the definition after a comma: its rules are added, its example and its generator only fill gaps."""
        return Definition(
            self.value or other.value,
            self.value_type.merged(other.value_type),
            self.rules + other.rules,
            self.generator or other.generator,
            self.expression,
        )


def _decimal(text: str) -> Json:
    number = float(text)
    return number if math.isfinite(number) else text


def _number(text: str) -> Json:
    return _decimal(text) if "." in text else integer_of(text)


_EXAMPLES: dict[ValueType, Callable[[str], Json]] = {
    ValueType.BOOLEAN: lambda text: text == "true",
    ValueType.NUMBER: _number,
    ValueType.INTEGER: _number,
    ValueType.DECIMAL: _decimal,
}
