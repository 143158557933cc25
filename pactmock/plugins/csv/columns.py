"""The keys of columns, `column:2` and `column:Name`: test authors write them, rules and generators stand under them.

A number is that of the column, counted from 1, wherever it is used; the published plugin counts from 0 when it
generates (reference/plugins.md §8.6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

from pactmock.plugins import PluginError

T = TypeVar("T")

Column: TypeAlias = int | str
"""A column by its number, counted from 1, or by its name."""

PREFIX = "column:"
MOST_COLUMNS = 16_384
"""As many as spreadsheets have: the cells between two numbers are made, so a number must not be of any size."""

_NUMBER = re.compile("[0-9]+")
_NAME = re.compile("[A-Za-z][A-Za-z0-9_-]*")
_BLANKS = " \t\n\f"


def key_of(column: Column) -> str:
    """Write the key of a column."""
    return f"{PREFIX}{column}"


def parse_key(key: str) -> Column:
    """Read the key of a column; blanks around the number or the name do not matter.

    Raises:
        PluginError: for zero, for a number that is too large, and for what is neither a number nor a name.
    """
    word = key.removeprefix(PREFIX).strip(_BLANKS)
    if _NUMBER.fullmatch(word):
        return _number(key, word)
    if not _NAME.fullmatch(word):
        names = "a name of letters, digits, '_' and '-' that starts with a letter"
        raise _invalid(key, f"expected an integer >= 1 or {names}, got '{word}'")
    return word


def _number(key: str, digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    number = int(digits) if len(digits) <= len(str(MOST_COLUMNS)) else MOST_COLUMNS + 1
    if number < 1:
        raise _invalid(key, f"expected an integer >= 1, got {number}")
    if number > MOST_COLUMNS:
        raise _invalid(key, f"expected an integer <= {MOST_COLUMNS}, got {digits}")
    return number


def _invalid(key: str, reason: str) -> PluginError:
    return PluginError(f"'{key}' is not a valid field definition, {reason}")


def is_named(key: str) -> bool:
    """Tell whether a key means a column by its name, also by one that only a pact written by hand can have."""
    return key.startswith(PREFIX) and not _NUMBER.fullmatch(key.removeprefix(PREFIX))


def is_numbered(key: str) -> bool:
    """Tell whether a key means a column by its number."""
    return key.startswith(PREFIX) and not is_named(key)


def find(by_key: Mapping[str, T], index: int, name: str) -> T | None:
    """Find what stands under the number of a column, else under its name.

    `index` counts from 0. A header that is a number is no name: `column:2` is the second column in any table.
    """
    found = by_key.get(key_of(index + 1))
    if found or _NUMBER.fullmatch(name):
        return found
    return by_key.get(key_of(name))
