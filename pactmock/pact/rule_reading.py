"""The JSON of matching rules into values: one rule, the rules of a path (reference/matching.md §3.1, §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pactmock.errors import InvalidRule
from pactmock.pact import matching_rules as kinds
from pactmock.pact import path_expression
from pactmock.pact.json_value import Json, to_index, to_text
from pactmock.pact.matching_rules import MatchingRule, RuleEntry
from pactmock.pact.path_expression import EVERYTHING, PathExpression
from pactmock.pact.pointer import Pointer

EQUALITY_EVERYWHERE = RuleEntry(EVERYTHING, (kinds.Equality(),))
"""What holds where no rules are given, as for a variant of arrayContains."""


def entries_from_json(value: Mapping[str, Json], pointer: Pointer) -> tuple[RuleEntry, ...]:
    """Read rules keyed by path expressions, as for a body and for the variants of arrayContains."""
    return tuple(
        entry
        for key, rules in value.items()
        for entry in read_entry(parse_path(key, pointer / key), rules, pointer / key)
    )


def parse_path(text: str, pointer: Pointer) -> PathExpression:
    """Parse the path of a rule; an error says where it stands."""
    try:
        return path_expression.parse(text)
    except InvalidRule as error:
        raise InvalidRule(error.message, pointer=pointer.text) from None


def read_entry(path: PathExpression, value: Json, pointer: Pointer) -> Iterator[RuleEntry]:
    """Read the rules of one path; a list without any, and what is no list of rules, is passed over (§1.9)."""
    matchers = value.get("matchers") if isinstance(value, dict) else None
    if not isinstance(matchers, list) or not matchers:
        return
    where = pointer / "matchers"
    pointers = tuple(where / i for i in range(len(matchers)))
    rules = tuple(map(read_rule, matchers, pointers))
    any_of = str(value.get("combine", "AND")).upper() == "OR"
    yield RuleEntry(path, rules, any_of, pointers)


def read_rule(value: Json, pointer: Pointer) -> MatchingRule:
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
    return create_rule(to_text(name), {key: item for key, item in value.items() if key != "match"}, pointer)


def create_rule(name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    """Make the rule of a name, in any of its spellings; a name that is not known is a plugin's.

    Raises:
        InvalidRule: where an attribute is missing or of the wrong kind.
    """
    reader = _READERS.get(name)
    return kinds.Plugin(name, dict(attributes)) if reader is None else reader(name, attributes, pointer)


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
    return kinds.Regex(to_text(attributes["regex"]))


_TYPE = kinds.Type()


def _read_type(_name: str, attributes: Mapping[str, Json], _pointer: Pointer) -> MatchingRule:
    if not attributes:
        return _TYPE
    low, high = to_index(attributes.get("min")), to_index(attributes.get("max"))
    if low is not None and high is not None:
        return kinds.MinMaxType(low, high)
    if low is not None:
        return kinds.MinType(low)
    return _TYPE if high is None else kinds.MaxType(high)


def _read_min(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    low = to_index(attributes.get("min"))
    if low is None:
        raise _missing("Min", "min", pointer)
    return kinds.MinType(low)


def _read_max(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    high = to_index(attributes.get("max"))
    if high is None:
        raise _missing("Max", "max", pointer)
    return kinds.MaxType(high)


def _formatted(rule: type[kinds.Formatted]) -> _Reader:
    def read(name: str, attributes: Mapping[str, Json], _pointer: Pointer) -> MatchingRule:
        return rule(to_text(attributes.get("format", attributes.get(name, ""))))

    return read


def _read_include(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "value" not in attributes:
        raise _missing("Include", "value", pointer)
    return kinds.Include(to_text(attributes["value"]))


def _read_content_type(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "value" not in attributes:
        raise _missing("ContentType", "value", pointer)
    return kinds.ContentType(to_text(attributes["value"]))


STATUS_CLASSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


def _read_status_code(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    status = attributes.get("status", "success")
    if isinstance(status, list):
        codes = [to_index(code) for code in status]
        if None not in codes:
            return kinds.StatusCode(tuple(code for code in codes if code is not None))
    elif status in STATUS_CLASSES:
        return kinds.StatusCode(status)
    raise InvalidRule(f"'{to_text(status)}' is not a valid value for an HTTP Status", pointer=pointer.text)


def _read_array_contains(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
    if "variants" not in attributes:
        raise _missing("ArrayContains", "variants", pointer)
    variants = attributes["variants"]
    if not isinstance(variants, list):
        raise InvalidRule("ArrayContains matcher 'variants' field is not an Array", pointer=pointer.text)
    where = pointer / "variants"
    return kinds.ArrayContains(tuple(_read_variant(item, where / i) for i, item in enumerate(variants)))


def _read_variant(value: Json, pointer: Pointer) -> kinds.Variant:
    if not isinstance(value, dict):
        raise InvalidRule("ArrayContains variant is not an Object", pointer=pointer.text)
    rules = value.get("rules")
    entries = entries_from_json(rules, pointer / "rules") if isinstance(rules, dict) else (EQUALITY_EVERYWHERE,)
    generators = value.get("generators")
    # Without an index it is that of the first element, as in the reference.
    return kinds.Variant(to_index(value.get("index")) or 0, entries, generators if isinstance(generators, dict) else {})


def _each(rule: type[kinds.Each]) -> _Reader:
    def read(_name: str, attributes: Mapping[str, Json], pointer: Pointer) -> MatchingRule:
        rules = attributes.get("rules")
        where = pointer / "rules"
        inner = [read_rule(item, where / i) for i, item in enumerate(rules)] if isinstance(rules, list) else []
        generator = attributes.get("generator")
        return rule(
            tuple(inner),
            to_text(attributes["value"]) if "value" in attributes else None,
            generator if isinstance(generator, dict) else None,
        )

    return read


_READERS: dict[str, _Reader] = {
    "equality": _plain(kinds.Equality),
    "regex": _read_regex,
    "type": _read_type,
    "min": _read_min,
    "min-type": _read_min,
    "max": _read_max,
    "max-type": _read_max,
    "timestamp": _formatted(kinds.Timestamp),
    "datetime": _formatted(kinds.Timestamp),
    "date": _formatted(kinds.Date),
    "time": _formatted(kinds.Time),
    "include": _read_include,
    "number": _plain(kinds.Number),
    "integer": _plain(kinds.Integer),
    "decimal": _plain(kinds.Decimal),
    "real": _plain(kinds.Decimal),
    "boolean": _plain(kinds.Boolean),
    "null": _plain(kinds.Null),
    "contentType": _read_content_type,
    "content-type": _read_content_type,
    "values": _plain(kinds.Values),
    "arrayContains": _read_array_contains,
    "array-contains": _read_array_contains,
    "statusCode": _read_status_code,
    "status-code": _read_status_code,
    "notEmpty": _plain(kinds.NotEmpty),
    "not-empty": _plain(kinds.NotEmpty),
    "semver": _plain(kinds.Semver),
    "eachKey": _each(kinds.EachKey),
    "each-key": _each(kinds.EachKey),
    "eachValue": _each(kinds.EachValue),
    "each-value": _each(kinds.EachValue),
}
"""Every name that the core knows, in all spellings (§3.1)."""
