"""Random matching rules: mostly ones that the expected value satisfies, sometimes any rule at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parity.case import Json
from parity.draw.dice import Dice
from parity.draw.edits import at, paths
from parity.draw.expected import RuleList, step

PATTERNS = (
    r"\d+",
    r"[a-z]+",
    r"^\w+$",
    r"a|ab|text",
    r"^(GET|Text)|true$",
    r".*",
    r"",
    r"\d{4}-\d{2}-\d{2}.*",
    r"(?i)TEXT",
    r"\h+",
    r"[a-z]++",
    r"(?<n>a)\k<n>?",
    r"\p{L}+",
    r"[^a]*",
    r"/?\w*(/\d+)?",
    r"\w{2}?-?[[:alpha:]]+",
    r"te(?i)XT|a{2}+",
    r"^[\w.]+$|^$",
)
FORMATS = {
    "date": ("yyyy-MM-dd", "yyyy-M-d", "dd/MM/yyyy", "", "EEE, d MMM yyyy"),
    "time": ("HH:mm:ss", "HH:mm", "", "hh:mm a", "HH:mm:ss.SSS"),
    "datetime": ("yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss", "", "yyyy-MM-dd'T'HH:mm:ssZ"),
}
TYPES = ("application/json", "text/plain", "application/xml", "image/png", "application/octet-stream")
STATUS = ("success", "info", "redirect", "clientError", "serverError", "nonError", "error", [200, 404])

Make = Callable[[Dice], Json]


def _named(name: str) -> Make:
    return lambda _: {"match": name}


def _regex(dice: Dice) -> Json:
    pattern = dice.one(PATTERNS)
    return {"match": "regex", "regex": pattern} if dice.chance(0.9) else {"regex": pattern}


def _dated(dice: Dice) -> Json:
    kind = dice.one(tuple(FORMATS))
    name = "timestamp" if kind == "datetime" and dice.chance(0.3) else kind
    rule = {"match": name, "format": dice.one(FORMATS[kind])}
    return rule if dice.chance(0.9) else {"match": name}


def bounded(dice: Dice) -> Json:
    """Draw a rule on the size of something."""
    low, high = dice.randint(0, 2), dice.randint(1, 4)
    forms: tuple[Json, ...] = (
        {"match": "type", "min": low},
        {"match": "type", "max": high},
        {"match": "type", "min": low, "max": high},
        {"min": low},
        {"max": high},
        {"match": "type", "min": str(low)},
    )
    return dice.one(forms)


def _each_key(dice: Dice) -> Json:
    return {"match": "eachKey", "rules": dice.times(1, 2, lambda: dice.one(_KEY_RULES)(dice))}


def _each_value(dice: Dice) -> Json:
    return {"match": "eachValue", "rules": dice.times(1, 2, lambda: any_rule(dice))}


def _array_contains(dice: Dice) -> Json:
    return {"match": "arrayContains", "variants": dice.times(0, 2, lambda: _variant(dice))}


def _variant(dice: Dice) -> Json:
    paths_inside = dice.some(("$", "$.a", "$.*", "$.id", "$.name"), 0, 2)
    variant: dict[str, Json] = {"index": dice.randint(0, 2)}
    if paths_inside or dice.chance(0.7):
        variant["rules"] = {path: rule_list(dice, None) for path in paths_inside}
    return variant


_KEY_RULES: tuple[Make, ...] = (_regex, _named("type"), _named("notEmpty"), _named("integer"))
_ANY: tuple[Make, ...] = (
    _named("type"),
    _named("equality"),
    _regex,
    _dated,
    bounded,
    _each_key,
    _each_value,
    _array_contains,
    lambda dice: {"match": "include", "value": dice.one(("a", "e", "1", "", "text"))},
    lambda dice: {"match": "contentType", "value": dice.one(TYPES)},
    lambda dice: {"match": "statusCode", "status": dice.one(STATUS)},
    *map(_named, ("number", "integer", "decimal", "boolean", "null", "values", "notEmpty", "semver")),
)


def any_rule(dice: Dice) -> Json:
    """Draw a rule of any kind."""
    if dice.chance(0.3):
        return {"match": "type"}
    rule = dice.one(_ANY[:-1])(dice)
    return dice.one(_ANY)(dice) if dice.chance(0.1) else rule


def _for_text(dice: Dice, value: str) -> Json:
    fitting = [rule for rule, fits in _TEXT_RULES if fits(value)]
    if dice.chance(0.35):
        return {"match": "regex", "regex": dice.one([pattern for pattern in PATTERNS[:6] if _fits(pattern, value)])}
    if dice.chance(0.2):
        return {"match": "include", "value": value[: dice.randint(0, 3)]}
    return dice.one(fitting)


def _fits(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value) is not None or pattern == ".*"


_TEXT_RULES: tuple[tuple[Json, Callable[[str], bool]], ...] = (
    ({"match": "type"}, lambda _: True),
    ({"match": "equality"}, lambda _: True),
    ({"match": "notEmpty"}, bool),
    ({"match": "semver"}, lambda value: value.startswith("1.0.")),
    ({"match": "date", "format": "yyyy-MM-dd"}, lambda value: value == "2000-02-29"),
    ({"match": "time", "format": "HH:mm:ss"}, lambda value: value == "14:30:00"),
    ({"match": "datetime", "format": "yyyy-MM-dd'T'HH:mm:ssXXX"}, lambda value: value.startswith("2000-02-01T")),
    ({"match": "boolean"}, lambda value: value in {"true", "false"}),
)


def _for_list(dice: Dice, value: list[Json]) -> Json:
    size = len(value)
    forms: tuple[Json, ...] = (
        {"match": "type"},
        {"match": "type", "min": dice.randint(0, size)},
        {"match": "type", "max": size + dice.randint(0, 2)},
        {"match": "type", "min": dice.randint(0, size), "max": size + dice.randint(0, 2)},
        {"match": "eachValue", "rules": [{"match": "type"}]},
        {"match": "arrayContains", "variants": [{"index": i, "rules": {"$": type_list()}} for i in range(size)]},
        {"match": "arrayContains", "variants": []},
        {"match": "equality"},
        {"match": "values"},
    )
    return dice.one(forms)


def type_list() -> RuleList:
    return {"combine": "AND", "matchers": [{"match": "type"}]}


def _for_object(dice: Dice, _value: Json) -> Json:
    forms: tuple[Json, ...] = (
        {"match": "type"},
        {"match": "type"},
        {"match": "values"},
        {"match": "equality"},
        {"match": "eachKey", "rules": [{"match": "regex", "regex": dice.one((".*", r"\w+", "[a-z]+"))}]},
        {"match": "eachValue", "rules": [{"match": "type"}]},
        {"match": "eachValue", "rules": [{"match": "eachValue", "rules": [{"match": "type"}]}]},
        {"match": "type", "min": 1},
        {"match": "notEmpty"},
    )
    return dice.one(forms)


def fitting_rule(dice: Dice, value: Json) -> Json:
    """Draw a rule that the value itself satisfies, most of the time."""
    if isinstance(value, str):
        return _for_text(dice, value)
    if isinstance(value, list):
        return _for_list(dice, value)
    if isinstance(value, dict):
        return _for_object(dice, value)
    return {"match": dice.one(_scalar_names(value))}


def _scalar_names(value: Json) -> Sequence[str]:
    if value is None:
        return ("null", "type", "equality")
    if isinstance(value, bool):
        return ("boolean", "type", "equality")
    return ("number", "type", "equality", "integer" if isinstance(value, int) else "decimal")


def rule_list(dice: Dice, value: Json, *, fitting: float = 0.85) -> RuleList:
    """Draw the rules of one path: mostly a single one, sometimes several with AND or OR."""
    count = 1 if dice.chance(0.75) else dice.randint(2, 3)
    matchers = [fitting_rule(dice, value) if dice.chance(fitting) else any_rule(dice) for _ in range(count)]
    entry: dict[str, Json] = {"matchers": matchers}
    if count > 1 or dice.chance(0.7):
        entry["combine"] = dice.one(("AND", "OR")) if count > 1 else "AND"
    return entry


def body_rules(dice: Dice, document: Json, *, most: int = 4, fitting: float = 0.85) -> dict[str, RuleList]:
    """Draw rules for places of a JSON document, some of them with wildcards."""
    places = list(paths(document))
    chosen = dice.times(1, most, lambda: dice.one(places))
    rules = {_expression(dice, path): rule_list(dice, at(document, path), fitting=fitting) for path in chosen}
    if dice.chance(0.05):
        rules[dice.one(("$.missing", "$.a.b.c.d.e", "$[0][1]", "$.*.*.*"))] = rule_list(dice, None)
    return rules


def _expression(dice: Dice, path: tuple[str | int, ...]) -> str:
    return "$" + "".join(_step(dice, part) for part in path)


def _step(dice: Dice, part: str | int) -> str:
    if dice.chance(0.1):
        return ".*"
    if isinstance(part, int):
        return "[*]" if dice.chance(0.6) else f"[{part}]"
    return step(part) if "'" not in part else step("a")


def text_rules(dice: Dice, value: str) -> RuleList:
    """Draw rules for a text that is no JSON: a path, a query or header value, a form field."""
    return rule_list(dice, value, fitting=0.8)


def list_rules(dice: Dice, texts: list[str]) -> RuleList:
    """Draw rules for a list of texts, as of a query parameter: about the list or about its items."""
    return rule_list(dice, texts if dice.chance(0.3) else texts[0] if texts else "", fitting=0.8)
