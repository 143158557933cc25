"""The matching rules as values, and how they are written (reference/matching.md §3.1).

What a rule decides about a value is not here but in `pactmock.matching`; a pact file is read and written without it.
Import the module, not the names: `matching_rules.Type` reads better than `Type`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from pactmock.pact.json_value import Json
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.pointer import Pointer


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """One rule. Subclasses add the attributes; `match` is the name it is written under."""

    match: ClassVar[str] = ""

    def to_json(self) -> dict[str, Json]:
        """Return the file form, with the attributes under their canonical names."""
        return {"match": self.match}


@dataclass(frozen=True, slots=True)
class Equality(MatchingRule):
    match = "equality"


@dataclass(frozen=True, slots=True)
class Regex(MatchingRule):
    regex: str
    match = "regex"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "regex": self.regex}


@dataclass(frozen=True, slots=True)
class Type(MatchingRule):
    match = "type"


@dataclass(frozen=True, slots=True)
class MinType(MatchingRule):
    min: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min}


@dataclass(frozen=True, slots=True)
class MaxType(MatchingRule):
    max: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "max": self.max}


@dataclass(frozen=True, slots=True)
class MinMaxType(MatchingRule):
    min: int
    max: int
    match = "type"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min, "max": self.max}


@dataclass(frozen=True, slots=True)
class Formatted(MatchingRule):
    """A rule with a date pattern; an empty one stands for the ISO form of the kind."""

    format: str

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "format": self.format}


@dataclass(frozen=True, slots=True)
class Timestamp(Formatted):
    match = "datetime"


@dataclass(frozen=True, slots=True)
class Date(Formatted):
    match = "date"


@dataclass(frozen=True, slots=True)
class Time(Formatted):
    match = "time"


@dataclass(frozen=True, slots=True)
class Include(MatchingRule):
    value: str
    match = "include"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@dataclass(frozen=True, slots=True)
class Number(MatchingRule):
    match = "number"


@dataclass(frozen=True, slots=True)
class Integer(MatchingRule):
    match = "integer"


@dataclass(frozen=True, slots=True)
class Decimal(MatchingRule):
    match = "decimal"


@dataclass(frozen=True, slots=True)
class Boolean(MatchingRule):
    match = "boolean"


@dataclass(frozen=True, slots=True)
class Null(MatchingRule):
    match = "null"


@dataclass(frozen=True, slots=True)
class ContentType(MatchingRule):
    value: str
    match = "contentType"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@dataclass(frozen=True, slots=True)
class Values(MatchingRule):
    match = "values"


@dataclass(frozen=True, slots=True)
class NotEmpty(MatchingRule):
    match = "notEmpty"


@dataclass(frozen=True, slots=True)
class Semver(MatchingRule):
    match = "semver"


@dataclass(frozen=True, slots=True)
class StatusCode(MatchingRule):
    """`status` is the name of a class of status codes, or the codes themselves."""

    status: str | tuple[int, ...]
    match = "statusCode"

    def to_json(self) -> dict[str, Json]:
        status = self.status if isinstance(self.status, str) else list(self.status)
        return {"match": self.match, "status": status}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things an array must contain: the example at `index` of the expected list, under its own rules."""

    index: int
    rules: tuple[RuleEntry, ...]
    generators: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"index": self.index, "rules": {e.path.text: e.to_json() for e in self.rules}}
        return written | ({"generators": dict(self.generators)} if self.generators else {})


@dataclass(frozen=True, slots=True)
class ArrayContains(MatchingRule):
    variants: tuple[Variant, ...]
    match = "arrayContains"

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "variants": [variant.to_json() for variant in self.variants]}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class EachKey(Each):
    match = "eachKey"


@dataclass(frozen=True, slots=True)
class EachValue(Each):
    match = "eachValue"


PluginCheck: TypeAlias = Callable[[Any, Any, bool], str | None]
"""Applies a rule of a plugin to an expected and an actual value, just as the checks of the core's rules do."""


@dataclass(frozen=True, slots=True)
class Plugin(MatchingRule):
    """A rule that the core does not know. It is kept and written; it can only be applied where a plugin gave `apply`,
    and fails with a text elsewhere.
    """

    name: str
    values: Mapping[str, Json]
    apply: PluginCheck | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Json]:
        return {"match": self.name, **self.values}
