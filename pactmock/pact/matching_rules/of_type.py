"""The rules on the type of a value, and on how many items a list or an object has (reference/matching.md §3.1)."""

from __future__ import annotations

from pactmock.pact.json.values import Json, to_index
from pactmock.pact.matching_rules.rule import Attributes, MatchingRule, core_rule, missing, without_attributes
from pactmock.pact.value import value


@value
class OfType(MatchingRule):
    """A rule that a value is of the type of the example; of a list or an object, it may say the size too."""

    match = "type"
    since = "V2"

    def types_like(self, example: type, /) -> tuple[type, ...]:
        return (int, float) if example in (int, float) else (example,)


@core_rule
class Type(OfType):
    definition = "type"

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> OfType:
        if not attributes:
            return without_attributes(Type)
        low, high = to_index(attributes.get("min")), to_index(attributes.get("max"))
        if low is not None and high is not None:
            return MinMaxType(low, high)
        if low is not None:
            return MinType(low)
        return without_attributes(Type) if high is None else MaxType(high)


@core_rule
class MinType(OfType):
    min: int
    key = "min-type"
    names = ("min", "min-type")
    is_of_collections = True

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> MinType:
        low = to_index(attributes.get("min"))
        if low is None:
            raise missing("Min", "min")
        return cls(low)

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min}


@core_rule
class MaxType(OfType):
    max: int
    key = "max-type"
    names = ("max", "max-type")
    is_of_collections = True

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> MaxType:
        high = to_index(attributes.get("max"))
        if high is None:
            raise missing("Max", "max")
        return cls(high)

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "max": self.max}


@core_rule
class MinMaxType(OfType):
    """Read as `type` with both attributes: its key is a name of its own to plugins only (§3.1)."""

    min: int
    max: int
    key = "min-max-type"
    names = ()
    is_of_collections = True

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "min": self.min, "max": self.max}


@core_rule
class IgnoreOrder(MatchingRule):
    """A list in any order, of the example's length or within bounds. Only pact-jvm knows it; the reference does not."""

    min: int | None = None
    max: int | None = None
    match = "ignore-order"
    since = "V3"
    is_of_collections = True

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> IgnoreOrder:
        return cls(to_index(attributes.get("min")), to_index(attributes.get("max")))

    def to_json(self) -> dict[str, Json]:
        bounds = {"min": self.min, "max": self.max}
        return {"match": self.match, **{name: bound for name, bound in bounds.items() if bound is not None}}
