"""Generators: values that are made when a response or a message is sent, instead of an example that stays the same.

Used as a module, `generate.int(min=1)`, as the names are those of Python's own types.
"""

from __future__ import annotations

import builtins

from pactmock.contract.date_format import strftime_to_java
from pactmock.contract.generate.generator import AbstractGenerator, GenericGenerator

__all__ = [
    "AbstractGenerator", "GenericGenerator", "bool", "boolean", "date", "datetime", "decimal", "float", "hex",
    "hexadecimal", "int", "integer", "mock_server_url", "provider_state", "regex", "str", "string", "time", "timestamp",
    "uuid",
]  # fmt: skip

_Str = builtins.str
_Int = builtins.int

UUID_FORMATS = {
    "simple": "simple",
    "lowercase": "lower-case-hyphenated",
    "uppercase": "upper-case-hyphenated",
    "urn": "URN",
}
"""The formats of UUIDs: pact-python's names, and those of a pact file. pact-python sends its own, which are lost."""


def int(*, min: _Int | None = None, max: _Int | None = None) -> AbstractGenerator:
    """Make whole numbers from `min` to `max`, both included; by default from 0 to 10."""
    return GenericGenerator("RandomInt", _given(min=min, max=max))


integer = int


def float(precision: _Int | None = None) -> AbstractGenerator:
    """Make decimal numbers of `precision` digits, by default ten."""
    return GenericGenerator("RandomDecimal", _given(digits=precision))


decimal = float


def hex(digits: _Int | None = None) -> AbstractGenerator:
    """Make hexadecimal numbers of so many digits, by default ten, in upper case."""
    return GenericGenerator("RandomHexadecimal", _given(digits=digits))


hexadecimal = hex


def str(size: _Int | None = None) -> AbstractGenerator:
    """Make texts of letters and digits of so many characters, by default ten."""
    return GenericGenerator("RandomString", _given(size=size))


string = str


def regex(regex: _Str) -> AbstractGenerator:
    """Make texts that a regular expression matches."""
    return GenericGenerator("Regex", {"regex": regex})


def uuid(format: _Str | None = "lowercase") -> AbstractGenerator:
    """Make UUIDs, written `simple`, `lowercase`, `uppercase` or `urn`; or in a format by its name in pact files."""
    return GenericGenerator("Uuid", _given(format=UUID_FORMATS.get(format, format) if format else None))


def date(format: _Str | None = "%Y-%m-%d", *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the date of today, in a format of `strftime`, or of Java with `disable_conversion`."""
    return _moment("Date", format, "%Y-%m-%d", disable_conversion)


def time(format: _Str | None = "%H:%M:%S", *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the time of now, in a format of `strftime`, or of Java with `disable_conversion`."""
    return _moment("Time", format, "%H:%M:%S", disable_conversion)


def datetime(format: _Str | None, *, disable_conversion: builtins.bool = False) -> AbstractGenerator:
    """Make the date and time of now, in a format of `strftime`, or of Java with `disable_conversion`."""
    return _moment("DateTime", format, "%Y-%m-%dT%H:%M:%S%z", disable_conversion)


timestamp = datetime


def _moment(kind: _Str, given: _Str | None, default: _Str, is_java: builtins.bool) -> AbstractGenerator:
    java = given if given and is_java else strftime_to_java(given or default)
    return GenericGenerator(kind, {"format": java})


def bool() -> AbstractGenerator:
    """Make true or false."""
    return GenericGenerator("RandomBoolean")


boolean = bool


def provider_state(expression: _Str | None = None) -> AbstractGenerator:
    """Take a value that the provider answers with when it sets up a state, as `${id}` or `/users/${id}`."""
    return GenericGenerator("ProviderState", _given(expression=expression))


def mock_server_url(regex: _Str | None = None, example: _Str | None = None) -> AbstractGenerator:
    """Make an address of the mock server: group 1 of `regex`, matched against `example`, is the path that is kept."""
    return GenericGenerator("MockServerURL", _given(regex=regex, example=example))


def _given(**options: object) -> dict[_Str, object]:
    """Leave out the options that nobody gave."""
    return {name: value for name, value in options.items() if value is not None}
