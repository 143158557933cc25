"""Small pools of values. Small, so that what is drawn twice is often equal; odd, as the differences hide there."""

from __future__ import annotations

from parity.case import Json
from parity.draw.dice import Dice

DATES = ("2000-02-29", "2001-02-29", "2024-1-5", "2000-02-01T14:30:00+10:00", "2000-02-01T14:30:00Z", "14:30:00")
WORDS = ("a", "b", "text", "Text", "GET", "two words", "x-y", "1.0.0", "1.0", "v1.0.0", "true", "false", "null")
NUMERALS = ("0", "1", "-1", "007", "100", "1.5", "1e5", "+1", "18446744073709551616", "NaN", "200", "404")
ODD = (
    "",
    " ",
    "é",
    "€ 5",
    "\U0001f600",
    'say "hi"',
    "it's",
    "back\\slash",
    "tab\there",
    "line\nbreak",
    "e\u0301",
    "\x7f",
)

SIMPLE_TEXTS = (*DATES, *WORDS, *NUMERALS)

INTEGERS = (0, 1, 2, 3, -1, 100, 2**53 + 1, 2**63, 2**64, -(2**63) - 1)
DECIMALS = (0.0, 1.0, 1.5, -1.5, 100.0, 0.1, 1e21, 1e-7, 1.7976931348623157e308, -0.0)

KEYS = ("a", "b", "c", "id", "name", "items", "0", "1", "007", "x y", "a.b", "é", "Q[]", "it's", "*")


def text(dice: Dice) -> str:
    """Draw a text."""
    return dice.one(ODD) if dice.chance(0.07) else dice.one(SIMPLE_TEXTS)


def plain_text(dice: Dice) -> str:
    """Draw a text that can stand in a header or a path."""
    return dice.one(SIMPLE_TEXTS)


def number(dice: Dice) -> int | float:
    """Draw a number, mostly a small one."""
    if dice.chance(0.7):
        return dice.randint(-1, 3)
    return dice.one(INTEGERS) if dice.chance(0.5) else dice.one(DECIMALS)


def scalar(dice: Dice) -> Json:
    """Draw what is neither a list nor an object."""
    throw = dice.random()
    if throw < 0.45:
        return text(dice)
    if throw < 0.75:
        return number(dice)
    return dice.one((True, False)) if throw < 0.88 else None


def key(dice: Dice) -> str:
    """Draw a member's name, mostly a plain one."""
    return dice.one(KEYS[:6]) if dice.chance(0.85) else dice.one(KEYS)


def json_value(dice: Dice, depth: int = 3) -> Json:
    """Draw a JSON value, nested up to `depth` levels."""
    throw = dice.random()
    if depth == 0 or throw < 0.35:
        return scalar(dice)
    if throw < 0.65:
        return {key(dice): json_value(dice, depth - 1) for _ in range(dice.randint(0, 3))}
    if dice.chance(0.5):
        return dice.times(0, 3, lambda: json_value(dice, depth - 1))
    item = json_value(dice, depth - 1)
    return [item] * dice.randint(1, 3)


def document(dice: Dice) -> Json:
    """Draw a JSON document, mostly an object as bodies are."""
    if dice.chance(0.8):
        return {key(dice): json_value(dice, 3) for _ in range(dice.randint(1, 4))}
    return json_value(dice, 3)
