"""The rules that have no other rules inside (reference/matching.md §3.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pactmock.errors import InvalidRule
from pactmock.pact.json_value import Json, to_index, to_text
from pactmock.pact.matching_rules.rule import (
    Attributes,
    MatchingRule,
    core_rule,
    missing,
    required,
    without_attributes,
)
from pactmock.pact.value import value


@core_rule
class Equality(MatchingRule):
    match = "equality"
    definition = "equalTo"
    since = "V1"


@core_rule
class Regex(MatchingRule):
    regex: str
    match = "regex"
    definition = "regex"
    since = "V2"
    sees_example = False
    may_be_refused = True

    @property
    def patterns(self) -> tuple[str, ...]:
        return (self.regex,)

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> Regex:
        return cls(to_text(required(attributes, "regex", "Regex")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "regex": self.regex}


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


@value
class Formatted(MatchingRule):
    """A rule with a date pattern; an empty one stands for the ISO form of the kind."""

    format: str
    since = "V3"
    sees_example = False
    may_be_refused = True
    word: ClassVar[str]
    """What mismatches call the pattern."""
    iso_format: ClassVar[str]
    generator: ClassVar[str]
    """The type of generators that makes what passes."""

    @classmethod
    def read(cls, name: str, attributes: Attributes, /) -> Formatted:
        return cls(to_text(attributes.get("format", attributes.get(name, ""))))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "format": self.format}


@core_rule
class Timestamp(Formatted):
    match = "datetime"
    names = ("timestamp", "datetime")
    definition = "datetime"
    word = "timestamp"
    iso_format = "yyyy-MM-dd'T'HH:mm:ssXXX"
    generator = "DateTime"


@core_rule
class Date(Formatted):
    match = "date"
    definition = "date"
    word = "date"
    iso_format = "yyyy-MM-dd"
    generator = "Date"


@core_rule
class Time(Formatted):
    match = "time"
    definition = "time"
    word = "time"
    iso_format = "HH:mm:ss"
    generator = "Time"


@core_rule
class Include(MatchingRule):
    value: str
    match = "include"
    definition = "include"
    since = "V3"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> Include:
        return cls(to_text(required(attributes, "value", "Include")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@core_rule
class Number(MatchingRule):
    match = "number"
    definition = "number"
    since = "V3"
    sees_example = False
    json_types = (int, float)


@core_rule
class Integer(MatchingRule):
    match = "integer"
    definition = "integer"
    since = "V3"
    sees_example = False
    json_types = (int,)


@core_rule
class Decimal(MatchingRule):
    match = "decimal"
    names = ("decimal", "real")
    definition = "decimal"
    since = "V3"
    sees_example = False
    json_types = (float,)


@core_rule
class Boolean(MatchingRule):
    match = "boolean"
    definition = "boolean"
    sees_example = False


@core_rule
class Null(MatchingRule):
    match = "null"
    since = "V3"
    sees_example = False
    json_types = (type(None),)


@core_rule
class ContentType(MatchingRule):
    value: str
    match = "contentType"
    key = "content-type"
    definition = "contentType"
    since = "V3"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> ContentType:
        return cls(to_text(required(attributes, "value", "ContentType")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@core_rule
class Values(MatchingRule):
    match = "values"
    since = "V3"
    is_of_collections = True
    is_keyed = True
    is_for_every_value = True


@core_rule
class NotEmpty(MatchingRule):
    match = "notEmpty"
    key = "not-empty"
    sees_example = False


@core_rule
class Semver(MatchingRule):
    match = "semver"
    definition = "semver"
    sees_example = False


STATUS_CLASSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


@core_rule
class StatusCode(MatchingRule):
    """`status` is the name of a class of status codes, or the codes themselves."""

    status: str | tuple[int, ...]
    match = "statusCode"
    key = "status-code"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> StatusCode:
        status = attributes.get("status", "success")
        if isinstance(status, list):
            codes = [to_index(code) for code in status]
            if None not in codes:
                return cls(tuple(code for code in codes if code is not None))
        elif status in STATUS_CLASSES:
            return cls(status)
        raise InvalidRule(f"'{to_text(status)}' is not a valid value for an HTTP Status")

    def to_json(self) -> dict[str, Json]:
        status = self.status if isinstance(self.status, str) else list(self.status)
        return {"match": self.match, "status": status}

    def debug(self, _show: Callable[[object], str], /) -> str:
        if isinstance(self.status, str):
            name = "Information" if self.status == "info" else self.status[0].upper() + self.status[1:]
            return f"StatusCode({name})"
        return f"StatusCode(StatusCodes([{', '.join(map(str, self.status))}]))"
