"""Generators of numbers and booleans (reference/matching.md §7.1, §7.2)."""

from __future__ import annotations

import math
from random import Random

from pactmock.errors import InvalidRule
from pactmock.generators.attributes import Attributes, integer, length
from pactmock.generators.characters import any_of
from pactmock.generators.context import GeneratorContext
from pactmock.generators.maker import CannotGenerate, Maker, maker
from pactmock.pact.json.values import Json

_DIGITS = "0123456789"


def bounds(attributes: Attributes) -> tuple[int, int]:
    """Return the least and the greatest number that a RandomInt makes."""
    return integer(attributes, "min", 0), integer(attributes, "max", 10)


def random_int(attributes: Attributes) -> Maker:
    """Compile RandomInt: from `min` to `max`, both included; a text in a JSON document stays a text.

    Raises:
        InvalidRule: when nothing lies between the two; the reference drops the connection over it.
    """
    low, high = bounds(attributes)
    if low > high:
        raise InvalidRule(f"RandomInt has a min of {low} and a max of {high}: swap them, or give both")

    def make(example: Json, context: GeneratorContext) -> Json:
        number = context.random.randint(low, high)
        return str(number) if isinstance(example, str) else number

    return maker(make)


def random_decimal(attributes: Attributes) -> Maker:
    """Compile RandomDecimal: `digits` digits around a point; a number in a JSON document stays a number."""
    digits = length(attributes, "digits")

    def make(example: Json, context: GeneratorContext) -> Json:
        text = decimal_text(digits, context.random)
        if type(example) not in (int, float):
            return text
        number = float(text) if text else math.inf
        if math.isinf(number):
            raise CannotGenerate(f"a decimal of {len(text)} characters is no JSON number")
        return number

    return maker(make, longest=digits)


def decimal_text(digits: int, random: Random) -> str:
    """Write a decimal number of so many digits, in the shapes of §7.2: none, `d`, `d.d`, and at least `d.dd`."""
    if digits < 2:
        return any_of(_DIGITS, digits, random)
    point = random.randint(1, digits - 2) if digits > 2 else 1
    first = random.choice(_DIGITS[1:] if point > 1 else _DIGITS)
    rest = any_of(_DIGITS, digits - 1, random)
    return f"{first}{rest[: point - 1]}.{rest[point - 1 :]}"


def random_boolean(_attributes: Attributes) -> Maker:
    """Compile RandomBoolean."""
    return maker(lambda _example, context: context.random.random() < 0.5)
