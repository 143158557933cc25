"""ProviderState generators: values that the provider's states left behind (reference/matching.md §7.4)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pactmock.generators.attributes import Attributes
from pactmock.generators.context import GeneratorContext, Mode
from pactmock.generators.maker import CannotGenerate, Maker, unable
from pactmock.pact.digits import integer_of
from pactmock.pact.json.values import Json, compact, to_text


def provider_state(attributes: Attributes) -> Maker:
    """Compile ProviderState, which works only in verification."""
    if "expression" not in attributes:
        return unable("the ProviderState generator has no 'expression'")
    expression = to_text(attributes["expression"])
    convert, write = _DATA_TYPES.get(to_text(attributes.get("dataType")).upper(), _RAW)

    def look_up(context: GeneratorContext) -> Json:
        return evaluate(expression, context.provider_state_values)

    return Maker(
        lambda _example, context: convert(look_up(context)),
        lambda _example, context: write(look_up(context)),
        Mode.PROVIDER,
    )


def evaluate(expression: str, values: Mapping[str, Json]) -> Json:
    """Look an expression up: the name of a value, or a text with `${name}` in it.

    A text that is only one `${name}` has the value's own type; anything more is a text.

    Raises:
        CannotGenerate: when a name has no value, with the reference's text.
    """
    if "${" not in expression:
        if expression in values:
            return values[expression]
        raise CannotGenerate(f"Value '{expression}' was not found in the provided context")
    pieces = _replace(expression, values)
    return pieces[0] if len(pieces) == 1 else "".join(map(to_text, pieces))


def _replace(expression: str, values: Mapping[str, Json]) -> list[Json]:
    pieces: list[Json] = []
    before, mark, rest = expression.partition("${")
    while mark:
        name, brace, after = rest.partition("}")
        if not brace:
            raise CannotGenerate(f"Missing closing brace in expression string '{expression}'")
        if name and name not in values:
            raise CannotGenerate(f"No value for '{name}' found")
        pieces += ([before] if before else []) + ([values[name]] if name else [])
        before, mark, rest = after.partition("${")
    return pieces + ([before] if before else [])


_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_BOOLEAN = re.compile("true|false")


def _to_integer(value: Json) -> int:
    # In the reference the text of a negative number is refused in JSON bodies (§11 row 43, F).
    is_text = isinstance(value, str)
    number = integer_of(_checked(value, _INTEGER, "Number")) if is_text else int(_scalar(value, "Number"))
    if not -(2**63) <= number < 2**64:
        raise CannotGenerate(f"{number} does not fit into 64 bits")
    return number


def _to_decimal(value: Json) -> float:
    what = "Floating point number"
    number = float(_checked(value, _FLOAT, what) if isinstance(value, str) else _scalar(value, what))
    if math.isinf(number):
        raise CannotGenerate(f"{what} can not be generated from '{to_text(value)}'")
    return number


def _to_boolean(value: Json) -> bool:
    if isinstance(value, str):
        return _checked(value, _BOOLEAN, "Boolean") == "true"
    return bool(_scalar(value, "Boolean") > 0)


def _checked(text: str, pattern: re.Pattern[str], what: str) -> str:
    if pattern.fullmatch(text):
        return text
    raise CannotGenerate(f"{what} can not be generated from '{text}'")


def _scalar(value: Json, what: str) -> Any:
    if isinstance(value, list | dict):
        raise CannotGenerate(f"{what} can not be generated from '{compact(value)}'")
    return value or 0


def _write_decimal(value: Json) -> str:
    """Write without an exponent, and without a fraction that is zero."""
    digits = format(Decimal(repr(_to_decimal(value))), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


_Conversion = tuple[Callable[[Json], Json], Callable[[Json], str]]
_RAW: _Conversion = (lambda value: value, to_text)
_DECIMAL: _Conversion = (_to_decimal, _write_decimal)
_DATA_TYPES: dict[str, _Conversion] = {
    "STRING": (lambda value: value if isinstance(value, str) else compact(value), to_text),
    "INTEGER": (_to_integer, lambda value: str(_to_integer(value))),
    "DECIMAL": _DECIMAL,
    "FLOAT": _DECIMAL,
    "BOOLEAN": (_to_boolean, lambda value: to_text(_to_boolean(value))),
}
"""How a value is converted for a JSON document, and for a text."""
