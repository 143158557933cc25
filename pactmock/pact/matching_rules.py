"""The matching rules as values, and how they are written (reference/matching.md §3.1).

What a rule decides about a value is not here but in `pactmock.matching`; a pact file is read and written without it.
Import the module, not the names: `matching_rules.Type` reads better than `Type`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, ClassVar, TypeAlias

from pactmock.pact.json_value import Json
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.pointer import Pointer
from pactmock.pact.value import value


@value
class MatchingRule:
    """One rule. Subclasses add the attributes; `match` is the name it is written under."""

    match: ClassVar[str] = ""

    def to_json(self) -> dict[str, Json]:
        """Return the file form, with the attributes under their canonical names."""
        return {"match": self.match}


@value
class Equality(MatchingRule):
    match = "equality"


@value
class Regex(MatchingRule):
    regex: str
    match = "regex"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "regex": self.regex}


@value
class Type(MatchingRule):
    match = "type"


@value
class MinType(MatchingRule):
    min: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min}


@value
class MaxType(MatchingRule):
    max: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "max": self.max}


@value
class MinMaxType(MatchingRule):
    min: int
    max: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min, "max": self.max}


@value
class Formatted(MatchingRule):
    """A rule with a date pattern; an empty one stands for the ISO form of the kind."""

    format: str

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "format": self.format}


@value
class Timestamp(Formatted):
    match = "datetime"


@value
class Date(Formatted):
    match = "date"


@value
class Time(Formatted):
    match = "time"


@value
class Include(MatchingRule):
    value: str
    match = "include"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@value
class Number(MatchingRule):
    match = "number"


@value
class Integer(MatchingRule):
    match = "integer"


@value
class Decimal(MatchingRule):
    match = "decimal"


@value
class Boolean(MatchingRule):
    match = "boolean"


@value
class Null(MatchingRule):
    match = "null"


@value
class ContentType(MatchingRule):
    value: str
    match = "contentType"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@value
class Values(MatchingRule):
    match = "values"


@value
class NotEmpty(MatchingRule):
    match = "notEmpty"


@value
class Semver(MatchingRule):
    match = "semver"


@value
class StatusCode(MatchingRule):
    """`status` is the name of a class of status codes, or the codes themselves."""

    status: str | tuple[int, ...]
    match = "statusCode"

    def to_json(self) -> dict[str, Json]:
        status = self.status if isinstance(self.status, str) else list(self.status)
        return {"match": self.match, "status": status}


@value
class RuleEntry:
    """The rules of one path: all must pass, or one of them (`any_of`).

    `pointers` says where in the file each rule stood, for errors that are found later than reading.
    """

    path: PathExpression
    rules: tuple[MatchingRule, ...]
    any_of: bool = False
    pointers: tuple[Pointer, ...] = field(default=(), compare=False, repr=False)

    def to_json(self) -> dict[str, Json]:
        return {
            "combine": "OR" if self.any_of else "AND",
            "matchers": [rule.to_json() for rule in self.rules],
        }


@value
class Variant:
    """One of the things an array must contain: the example at `index` of the expected list, under its own rules."""

    index: int
    rules: tuple[RuleEntry, ...]
    generators: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"index": self.index, "rules": {e.path.text: e.to_json() for e in self.rules}}
        return written | ({"generators": dict(self.generators)} if self.generators else {})


@value
class ArrayContains(MatchingRule):
    variants: tuple[Variant, ...]
    match = "arrayContains"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "variants": [variant.to_json() for variant in self.variants]}


@value
class Each(MatchingRule):
    """A rule with rules inside, for every key or value of an object."""

    rules: tuple[MatchingRule, ...]
    value: str | None = None
    generator: Mapping[str, Json] | None = None

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"match": self.match, "rules": [rule.to_json() for rule in self.rules]}
        if self.value is not None:
            written["value"] = self.value
        return written | ({"generator": dict(self.generator)} if self.generator else {})


@value
class EachKey(Each):
    match = "eachKey"


@value
class EachValue(Each):
    match = "eachValue"


PluginCheck: TypeAlias = Callable[[Any, Any, bool], str | None]
"""Applies a rule of a plugin to an expected and an actual value, just as the checks of the core's rules do."""


@value
class Plugin(MatchingRule):
    """A rule that the core does not know. It is kept and written; it can only be applied where a plugin gave `apply`,
    and fails with a text elsewhere.
    """

    name: str
    values: Mapping[str, Json]
    apply: PluginCheck | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Json]:
        return {"match": self.name, **self.values}
