"""Metadata of messages (reference/matching.md §5.5): expected keys only, in just this spelling."""

from __future__ import annotations

from collections.abc import Mapping

from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import MetadataMismatch, UndecidedMismatch
from pactmock.matching.parts.parameters import parameter_problems
from pactmock.matching.rule_set import Place
from pactmock.matching.texts.rendering import shown, value_of
from pactmock.matching.undecided import undecided
from pactmock.pact.json.values import Json, equal, to_text

_CONTENT_TYPE_KEYS = frozenset({"contenttype", "content-type"})


def compare(
    expected: Mapping[str, Json], actual: Mapping[str, Json], rules: Place
) -> list[MetadataMismatch | UndecidedMismatch]:
    """Compare metadata; keys that are not expected are ignored."""
    found: list[MetadataMismatch | UndecidedMismatch] = []
    for key, value in expected.items():
        if key not in actual:
            text = f"Expected message metadata '{key}' but was missing"
            found.append(MetadataMismatch(to_text(value), "", text, key))
        else:
            found += _value(key, value, actual[key], rules.field(key))
    return found


def _value(key: str, expected: Json, actual: Json, place: Place) -> list[MetadataMismatch | UndecidedMismatch]:
    wanted, received = shown(expected), shown(actual)
    prefix = f"Expected metadata key '{key}' to have value '{wanted}' but was '{received}'"
    try:
        problems = _problems(key, expected, actual, place)
    except OutOfBudget as error:
        return [undecided("metadata", f"The metadata '{key}'", wanted, received, error)]
    return [MetadataMismatch(wanted, received, f"{prefix} - {problem}", key) for problem in problems]


def _problems(key: str, expected: Json, actual: Json, place: Place) -> list[str]:
    if place.rules is not None:
        return place.rules.scalar_problems(expected, actual, place.cascaded)
    if key.lower() in _CONTENT_TYPE_KEYS:
        texts = [value if isinstance(value, str) else "" for value in (expected, actual)]
        return parameter_problems("metadata", key, texts[0], texts[1], None)
    return [] if equal(expected, actual) else [f"Expected {value_of(actual)} to be equal to {value_of(expected)}"]
