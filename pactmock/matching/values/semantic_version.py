"""Strict semantic versions 2.0.0, and in the reference's words why a text is not one."""

from __future__ import annotations

import re
from string import digits

from pactmock.matching.texts.rendering import quoted_character
from pactmock.pact.digits import integer_of

_NUMBERS = ("major", "minor", "patch")
_LARGEST = 2**64 - 1
_IDENTIFIERS = re.compile(r"[0-9A-Za-z.-]*")


def problem(text: str) -> str | None:
    """Return None for a semantic version, else the text of the mismatch."""
    why = reason(text)
    return None if why is None else f"'{text}' is not a valid semantic version - {why}"


def reason(text: str) -> str | None:
    """Return None for a semantic version, else what is wrong with the text."""
    if not text:
        return "empty string, expected a semver version"
    rest = text
    for part in _NUMBERS:
        after = rest.lstrip(digits)
        where = f"{part} version number"
        found = _number_problem(rest.removesuffix(after), rest, where)
        if found is not None:
            return found
        rest = after
        if part != "patch":
            if not rest.startswith("."):
                return _unexpected(rest, where, after=True)
            rest = rest[1:]
    return _suffix_problem(rest)


def _number_problem(number: str, rest: str, where: str) -> str | None:
    if not number:
        return _unexpected(rest, where)
    if len(number) > 1 and number[0] == "0":
        return f"invalid leading zero in {where}"
    return f"value of {where} exceeds u64::MAX" if integer_of(number) > _LARGEST else None


def _unexpected(rest: str, where: str, *, after: bool = False) -> str:
    if not rest:
        return f"unexpected end of input while parsing {where}"
    return f"unexpected character {quoted_character(rest[0])} {'after' if after else 'while parsing'} {where}"


def _suffix_problem(rest: str) -> str | None:
    where = "patch version number"
    for mark, name in (("-", "pre-release identifier"), ("+", "build metadata")):
        if rest.startswith(mark):
            where = name
            found = _IDENTIFIERS.match(rest, 1)
            identifiers = found[0] if found else ""
            rest = rest[1 + len(identifiers) :]
            reason = _identifiers_problem(identifiers, where)
            if reason is not None:
                return reason
    return _unexpected(rest, where, after=True) if rest else None


def _identifiers_problem(text: str, where: str) -> str | None:
    for identifier in text.split("."):
        if not identifier:
            return f"empty identifier segment in {where}"
        if where.startswith("pre") and identifier.isdigit() and len(identifier) > 1 and identifier[0] == "0":
            return f"invalid leading zero in {where}"
    return None
