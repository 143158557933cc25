"""The matching rules as values, and the JSON of one rule (reference/matching.md §3.1).

What a rule decides about a value is not here but in `pactmock.matching`; a pact file is read and written without it.
Import the module, not the names: `matching_rules.Type` reads better than `Type`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from pactmock.errors import InvalidRule
from pactmock.pact.json_value import Json, to_index, to_text
from pactmock.pact.pointer import Pointer

if TYPE_CHECKING:
    from pactmock.pact.rule_categories import RuleEntry


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
class _Formatted(MatchingRule):
    format: str

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "format": self.format}


@dataclass(frozen=True, slots=True)
class Timestamp(_Formatted):
    match = "datetime"


@dataclass(frozen=True, slots=True)
class Date(_Formatted):
    match = "date"


@dataclass(frozen=True, slots=True)
class Time(_Formatted):
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
class _Each(MatchingRule):
    rules: tuple[MatchingRule, ...]
    value: str | None = None
    generator: Mapping[str, Json] | None = None

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"match": self.match, "rules": [rule.to_json() for rule in self.rules]}
        if self.value is not None:
            written["value"] = self.value
        return written | ({"generator": dict(self.generator)} if self.generator else {})


@dataclass(frozen=True, slots=True)
class EachKey(_Each):
    match = "eachKey"


@dataclass(frozen=True, slots=True)
class EachValue(_Each):
    match = "eachValue"


@dataclass(frozen=True, slots=True)
class Plugin(MatchingRule):
    """A rule that the core does not know: it can be kept and written, and fails with a text when it is applied."""

    name: str
    values: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        return {"match": self.name, **self.values}


def from_json(value: Json, pointer: Pointer) -> MatchingRule:
    """Read one rule. Without `match`, the attributes tell which rule it is, as in V2.

    Raises:
        InvalidRule: with the reference's text and the JSON pointer of the rule.
    """
    if not isinstance(value, dict):
        raise InvalidRule("Matching rule JSON is not an Object", pointer=pointer.text)
    name = value.get("match", _guess_name(value))
    if name is None:
        raise InvalidRule("Matching rule missing 'match' field and unable to guess its type", pointer=pointer.text)
    if name == "":
        raise InvalidRule("Matching rule type can not be empty", pointer=pointer.text)
    return create(to_text(name), {key: item for key, item in value.items() if key != "match"}, pointer)


def create(name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    """Make the rule of a name, in any of its spellings; a name that is not known is a plugin's.

    Raises:
        InvalidRule: where an attribute is missing or of the wrong kind.
    """
    reader = _READERS.get(name)
    return Plugin(name, dict(attributes)) if reader is None else reader(name, attributes, pointer)


_GUESSES = ("regex", "min", "max", "timestamp", "time", "date")


def _guess_name(value: Mapping[str, Json]) -> str | None:
    return next((name for name in _GUESSES if name in value), None)


_Reader = Callable[[str, Mapping[str, Json], Pointer], MatchingRule]


def _plain(rule: type[MatchingRule]) -> _Reader:
    made = rule()
    return lambda _name, _attributes, _pointer: made


def _missing(kind: str, attribute: str, pointer: Pointer) -> InvalidRule:
    return InvalidRule(f"{kind} matcher missing '{attribute}' field", pointer=pointer.text)


def _read_regex(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "regex" not in attributes:
        raise _missing("Regex", "regex", pointer)
    return Regex(to_text(attributes["regex"]))


def _read_type(_name: str, attributes: Mapping[str, Json], _pointer: Pointer) -> MatchingRule:
    low, high = to_index(attributes.get("min")), to_index(attributes.get("max"))
    if low is not None and high is not None:
        return MinMaxType(low, high)
    if low is not None:
        return MinType(low)
    return Type() if high is None else MaxType(high)


def _read_min(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    low = to_index(attributes.get("min"))
    if low is None:
        raise _missing("Min", "min", pointer)
    return MinType(low)


def _read_max(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    high = to_index(attributes.get("max"))
    if high is None:
        raise _missing("Max", "max", pointer)
    return MaxType(high)


def _formatted(rule: type[_Formatted]) -> _Reader:
    def read(name: str, attributes: Mapping[str, Json], _pointer: Pointer) -> MatchingRule:
        return rule(to_text(attributes.get("format", attributes.get(name, ""))))

    return read


def _read_include(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "value" not in attributes:
        raise _missing("Include", "value", pointer)
    return Include(to_text(attributes["value"]))


def _read_content_type(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "value" not in attributes:
        raise _missing("ContentType", "value", pointer)
    return ContentType(to_text(attributes["value"]))


STATUS_CLASSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


def _read_status_code(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    status = attributes.get("status", "success")
    if isinstance(status, list):
        codes = [to_index(code) for code in status]
        if None not in codes:
            return StatusCode(tuple(code for code in codes if code is not None))
    elif status in STATUS_CLASSES:
        return StatusCode(status)
    raise InvalidRule(f"'{to_text(status)}' is not a valid value for an HTTP Status", pointer=pointer.text)


def _read_array_contains(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "variants" not in attributes:
        raise _missing("ArrayContains", "variants", pointer)
    variants = attributes["variants"]
    if not isinstance(variants, list):
        raise InvalidRule("ArrayContains matcher 'variants' field is not an Array", pointer=pointer.text)
    where = pointer / "variants"
    return ArrayContains(tuple(_read_variant(item, i, where / i) for i, item in enumerate(variants)))


def _read_variant(value: Json, position: int, pointer: Pointer) -> Variant:
    from pactmock.pact.rule_categories import EQUALITY_EVERYWHERE, entries_from_json

    if not isinstance(value, dict):
        raise InvalidRule("ArrayContains variant is not an Object", pointer=pointer.text)
    index = to_index(value.get("index"))
    rules = value.get("rules")
    entries = entries_from_json(rules, pointer / "rules") if isinstance(rules, dict) else (EQUALITY_EVERYWHERE,)
    generators = value.get("generators")
    return Variant(position if index is None else index, entries, generators if isinstance(generators, dict) else {})


def _each(rule: type[_Each]) -> _Reader:
    def read(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
        rules = attributes.get("rules")
        where = pointer / "rules"
        inner = [from_json(item, where / i) for i, item in enumerate(rules)] if isinstance(rules, list) else []
        generator = attributes.get("generator")
        return rule(
            tuple(inner),
            to_text(attributes["value"]) if "value" in attributes else None,
            generator if isinstance(generator, dict) else None,
        )

    return read


_READERS: dict[str, _Reader] = {
    "equality": _plain(Equality),
    "regex": _read_regex,
    "type": _read_type,
    "min": _read_min,
    "min-type": _read_min,
    "max": _read_max,
    "max-type": _read_max,
    "timestamp": _formatted(Timestamp),
    "datetime": _formatted(Timestamp),
    "date": _formatted(Date),
    "time": _formatted(Time),
    "include": _read_include,
    "number": _plain(Number),
    "integer": _plain(Integer),
    "decimal": _plain(Decimal),
    "real": _plain(Decimal),
    "boolean": _plain(Boolean),
    "null": _plain(Null),
    "contentType": _read_content_type,
    "content-type": _read_content_type,
    "values": _plain(Values),
    "arrayContains": _read_array_contains,
    "array-contains": _read_array_contains,
    "statusCode": _read_status_code,
    "status-code": _read_status_code,
    "notEmpty": _plain(NotEmpty),
    "not-empty": _plain(NotEmpty),
    "semver": _plain(Semver),
    "eachKey": _each(EachKey),
    "each-key": _each(EachKey),
    "eachValue": _each(EachValue),
    "each-value": _each(EachValue),
}
"""Every name that the core knows, in all spellings (§3.1)."""
