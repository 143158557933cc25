"""The types of generators by their names in a pact file (reference/matching.md §7.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pactmock.errors import InvalidRule
from pactmock.generators import moments, numbers, texts
from pactmock.generators.attributes import Attributes
from pactmock.generators.maker import Maker, unable
from pactmock.generators.mock_server_url import mock_server_url
from pactmock.generators.provider_state import provider_state
from pactmock.pact.generators import Generator

Kind: TypeAlias = Callable[[Attributes], Maker]
"""Compiles the attributes of one type; raises InvalidRule where no value can ever come of them."""

KINDS: Mapping[str, Kind] = {
    "RandomInt": numbers.random_int,
    "RandomDecimal": numbers.random_decimal,
    "RandomBoolean": numbers.random_boolean,
    "RandomHexadecimal": texts.random_hexadecimal,
    "RandomString": texts.random_string,
    "Regex": texts.regex,
    "Uuid": texts.uuid,
    "Date": moments.date,
    "Time": moments.time,
    "DateTime": moments.date_time,
    "ProviderState": provider_state,
    "MockServerURL": mock_server_url,
}

KINDS_OF_V3 = frozenset(
    {
        "RandomInt", "RandomDecimal", "RandomBoolean", "RandomHexadecimal", "RandomString", "Regex", "Uuid", "Date",
        "Time", "DateTime",
    }
)  # fmt: skip
"""The types that came with version 3 of the specification; all others came later."""

STATUS_KINDS = ("RandomInt", "ProviderState")
"""The only types that make a status."""

FIRST_FINAL_STATUS, LAST_STATUS = 200, 999
"""After any below, a client waits for another answer."""


def compile_generator(generator: Generator, kinds: Mapping[str, Kind] = KINDS) -> Maker:
    """Compile one generator. A type that is not among `kinds` is a plugin's, and makes nothing without it.

    Raises:
        InvalidRule: when its attributes cannot work: a bad pattern, format or expression.
    """
    kind = kinds.get(generator.type)
    if kind is None:
        return unable(f"'{generator.type}' is not a standard generator: the plugin that has it is not loaded")
    return kind(generator.attributes)


def compile_status_generator(generator: Generator, kinds: Mapping[str, Kind] = KINDS) -> Maker:
    """Compile the generator of a status; types that make no numbers of that size make nothing.

    Raises:
        InvalidRule: when it makes what is no status, or one after which a client waits for another answer.
    """
    if generator.type == "RandomInt":
        low, high = numbers.bounds(generator.attributes)
        if low < FIRST_FINAL_STATUS or high > LAST_STATUS:
            raise InvalidRule(
                f"This generator makes numbers from {low} to {high}, and a status that ends a request is from"
                f" {FIRST_FINAL_STATUS} to {LAST_STATUS}: change its 'min' and 'max'"
            )
    if generator.type in STATUS_KINDS:
        return compile_generator(generator, kinds)
    return unable(f"'{generator.type}' makes no status, only {' and '.join(STATUS_KINDS)} do")
