"""Matchers: what must hold for a value, with an example of it.

Used as a module, `match.int(1)`, as the names are those of Python's own types. Without an example, a matcher has a
generator, and each response has another value.
"""

from __future__ import annotations

import builtins
import datetime as dt
import warnings
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from pactmock.contract import generate
from pactmock.contract.date_format import strftime_to_java
from pactmock.contract.generate.generator import AbstractGenerator
from pactmock.contract.match.matcher import (
    AbstractMatcher,
    ArrayContainsMatcher,
    EachKeyMatcher,
    EachValueMatcher,
    GenericMatcher,
)
from pactmock.contract.types import UNSET, Matchable, Unset

__all__ = [
    "AbstractMatcher", "GenericMatcher", "array_containing", "bool", "boolean", "content_type", "date", "datetime",
    "decimal", "each_key_matches", "each_like", "each_value_matches", "float", "includes", "int", "integer", "like",
    "none", "null", "number", "regex", "str", "string", "time", "timestamp", "type", "uuid",
]  # fmt: skip

_T = TypeVar("_T")
_Bool = builtins.bool
_Float = builtins.float
_Int = builtins.int
_Str = builtins.str


def int(value: _Int | Unset = UNSET, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[_Int]:
    """Match a whole number. Without an example, numbers from `min` to `max` are generated."""
    if isinstance(value, Unset):
        return GenericMatcher("integer", generator=generate.int(min=min, max=max))
    return GenericMatcher("integer", value)


integer = int


def float(value: _Float | Decimal | Unset = UNSET, /, *, precision: _Int | None = None) -> AbstractMatcher[_Float]:
    """Match a number with decimals. Without an example, numbers of `precision` digits are generated."""
    if isinstance(value, Unset):
        return GenericMatcher("decimal", generator=generate.float(precision))
    return GenericMatcher("decimal", _Float(value))


decimal = float


def number(
    value: _Float | Decimal | Unset = UNSET,
    /,
    *,
    min: _Int | None = None,
    max: _Int | None = None,
    precision: _Int | None = None,
) -> AbstractMatcher[_Float]:
    """Match any number. Without an example, whole numbers, or decimals of `precision` digits, are generated.

    Raises:
        ValueError: when there is neither an example nor an option.
        TypeError: when the example is no number.
    """
    if isinstance(value, Unset):
        if min is not None or max is not None:
            return GenericMatcher("number", generator=generate.int(min=min, max=max))
        if precision is None:
            raise ValueError("At least one of min, max, or precision must be provided.")
        return GenericMatcher("number", generator=generate.float(precision))
    if not isinstance(value, _Int | _Float | Decimal):
        raise TypeError(f"Unsupported number type: {builtins.type(value)}")
    if isinstance(value, _Int) and precision is not None:
        _warn("The precision of a whole number says nothing, and is ignored")
    if not isinstance(value, _Int) and (min is not None or max is not None):
        _warn("The bounds of a decimal number say nothing, and are ignored")
    return GenericMatcher("number", _Float(value) if isinstance(value, Decimal) else value)


def str(
    value: _Str | Unset = UNSET, /, *, size: _Int | None = None, generator: AbstractGenerator | None = None
) -> AbstractMatcher[_Str]:
    """Match any text. Without an example, texts of `size` characters, or of a generator, are made."""
    if isinstance(value, Unset):
        if size is not None and generator is not None:
            _warn("There is a generator, so the size is ignored")
        return GenericMatcher("type", "string", generator or generate.str(size))
    if size is not None or generator is not None:
        _warn("There is an example, so the size and the generator are ignored")
    return GenericMatcher("type", value)


string = str


def regex(value: _Str | Unset = UNSET, /, *, regex: _Str | None = None) -> AbstractMatcher[_Str]:
    """Match a text that a regular expression matches as a whole. Without an example, such texts are generated.

    Raises:
        ValueError: when there is no regular expression.
    """
    if regex is None:
        raise ValueError("A regex pattern must be provided.")
    if isinstance(value, Unset):
        return GenericMatcher("regex", generator=generate.regex(regex), regex=regex)
    return GenericMatcher("regex", value, regex=regex)


_LOWER = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UPPER = "[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"
_UUIDS = {
    None: f"^({_LOWER}|{_UPPER})$",
    "simple": "^[0-9a-fA-F]{32}$",
    "lowercase": f"^{_LOWER}$",
    "uppercase": f"^{_UPPER}$",
    "urn": f"^urn:uuid:{_LOWER}$",
}


def uuid(value: _Str | Unset = UNSET, /, *, format: _Str | None = None) -> AbstractMatcher[_Str]:
    """Match a UUID: `simple`, `lowercase`, `uppercase`, `urn`, or by default lowercase or uppercase.

    Raises:
        KeyError: for any other format.
    """
    pattern = _UUIDS[format]
    if isinstance(value, Unset):
        # Without an example that is a text, generated UUIDs would be lowercase whatever the format.
        return GenericMatcher("regex", _UUID_EXAMPLES[format], generate.uuid(format or "lowercase"), regex=pattern)
    return GenericMatcher("regex", value, regex=pattern)


_UUID = "936da01f-9abd-4d9d-80c7-02af85c822a8"
_UUID_EXAMPLES: dict[_Str | None, _Str] = {
    None: _UUID,
    "simple": _UUID.replace("-", ""),
    "lowercase": _UUID,
    "uppercase": _UUID.upper(),
    "urn": f"urn:uuid:{_UUID}",
}


def bool(value: _Bool | Unset = UNSET, /) -> AbstractMatcher[_Bool]:
    """Match true or false. Without an example, one of them is generated."""
    if isinstance(value, Unset):
        return GenericMatcher("boolean", generator=generate.bool())
    return GenericMatcher("boolean", value)


boolean = bool


def date(
    value: dt.date | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a date in a format of `strftime`, by default `%Y-%m-%d`; in one of Java with `disable_conversion`.

    Raises:
        ValueError: for a format that Java cannot have; with `disable_conversion`, for an example that is no text.
    """
    return _moment("date", value, format, "%Y-%m-%d", "Date", disable_conversion)


def time(
    value: dt.time | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a time in a format of `strftime`, by default `%H:%M:%S`; in one of Java with `disable_conversion`.

    Raises:
        ValueError: as `date` does.
    """
    return _moment("time", value, format, "%H:%M:%S", "Time", disable_conversion)


def datetime(
    value: dt.datetime | _Str | Unset = UNSET, /, format: _Str | None = None, *, disable_conversion: _Bool = False
) -> AbstractMatcher[_Str]:
    """Match a date and time in a format of `strftime`, by default `%Y-%m-%dT%H:%M:%S%z`; in one of Java as `date`.

    Raises:
        ValueError: as `date` does.
    """
    return _moment("timestamp", value, format, "%Y-%m-%dT%H:%M:%S%z", "DateTime", disable_conversion)


timestamp = datetime


def _moment(
    kind: _Str,
    value: dt.date | dt.time | _Str | Unset,
    given: _Str | None,
    default: _Str,
    generator: _Str,
    is_java: _Bool,
) -> AbstractMatcher[_Str]:
    if is_java and not isinstance(value, _Str):
        raise ValueError("When disable_conversion is True, the value must be a string.")
    java = given if given and is_java else strftime_to_java(given or default)
    if isinstance(value, Unset):
        made = generate.GenericGenerator(generator, {"format": java})
        return GenericMatcher(kind, generator=made, format=java)
    text = value if isinstance(value, _Str) else value.strftime(given or default)
    return GenericMatcher(kind, text, format=java)


def none() -> AbstractMatcher[None]:
    """Match null."""
    return GenericMatcher("null")


null = none


def type(
    value: _T | Unset = UNSET,
    /,
    *,
    min: _Int | None = None,
    max: _Int | None = None,
    generator: AbstractGenerator | None = None,
) -> AbstractMatcher[_T]:
    """Match what has the type of the example, and so has all that stands in it; a list of `min` to `max` items.

    Raises:
        ValueError: when there is neither an example nor a generator.
    """
    if isinstance(value, Unset) and generator is None:
        raise ValueError("A generator must be provided when value is not set.")
    return GenericMatcher("type", value, generator, min=min, max=max)


like = type


def each_like(value: _T, /, *, min: _Int | None = None, max: _Int | None = None) -> AbstractMatcher[Sequence[_T]]:
    """Match a list of `min` to `max` items that are all like the example; the mock server sends `min` of them."""
    if min is not None and min < 1:
        _warn(f"A list of at least {min} items is any list: each_like takes a min of 1 or more")
    from pactmock.contract.match.example import example

    # Only the first example has the matchers in it, as they would pile up in the file otherwise.
    examples = [value, *(example(value) for _ in range((min or 1) - 1))]
    return GenericMatcher("type", examples, min=min, max=max)


def includes(value: _Str, /, *, generator: AbstractGenerator | None = None) -> AbstractMatcher[_Str]:
    """Match a text that has another one in it."""
    return GenericMatcher("include", value, generator)


def array_containing(variants: Sequence[Matchable], /) -> AbstractMatcher[Sequence[Matchable]]:
    """Match a list that has an item for each variant, in any order, and may have others."""
    return ArrayContainsMatcher(variants)


def each_key_matches(
    value: Mapping[_Str, Matchable], /, *, rules: AbstractMatcher[_Str] | Sequence[AbstractMatcher[_Str]]
) -> AbstractMatcher[Mapping[_Str, Matchable]]:
    """Match an object whose keys are all as some matchers say."""
    return EachKeyMatcher(value, rules=rules)


def each_value_matches(
    value: Mapping[_Str, Matchable], /, *, rules: AbstractMatcher[Any] | Sequence[AbstractMatcher[Any]]
) -> AbstractMatcher[Mapping[_Str, Matchable]]:
    """Match an object whose values are all as some matchers say."""
    return EachValueMatcher(value, rules=rules)


def content_type(content_type: _Str, /) -> AbstractMatcher[_Str]:
    """Match a body whose bytes are of a content type, as they are recognised."""
    return GenericMatcher("contentType", content_type)


def _warn(text: _Str) -> None:
    warnings.warn(text, stacklevel=3)
