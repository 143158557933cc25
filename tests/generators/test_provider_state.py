"""Values of provider states: expressions and data types."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.generators.context import GeneratorContext, Mode, repeatable
from pactmock.generators.kinds import compile_generator
from pactmock.generators.maker import CannotGenerate
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json

VALUES: dict[str, Json] = {
    "id": 5, "minus": -5, "half": 2.5, "whole": 3.0, "huge": 1e21, "tiny": 1e-7, "name": "Ann", "nothing": None,
    "yes": True, "no": False, "text": "42", "minus text": "-42", "decimal text": "3.50", "true text": "true",
    "list": [1, {"b": 2, "a": 1}], "endless": "inf", "exponent": "1e999", "spaced": " 1",
}  # fmt: skip


def context(values: dict[str, Json]) -> GeneratorContext:
    return repeatable(1, datetime(2000, 1, 1, tzinfo=UTC), mode=Mode.PROVIDER, values=values)


def both(expression: str, data_type: Json = None, values: dict[str, Json] = VALUES) -> tuple[Json, str]:
    maker = compile_generator(Generator("ProviderState", {"expression": expression, "dataType": data_type}))
    return maker.json(None, context(values)), maker.text("", context(values))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("id", 5),
        ("${id}", 5),
        ("${nothing}", None),
        ("/users/${id}", "/users/5"),
        ("${id}${half}", "52.5"),
        ("${name} ", "Ann "),
        ("$${name}}", "$Ann}"),
        ("}${name}", "}Ann"),
        ("a${}b", "ab"),
        ("${}", ""),
        ("${list}-", '[1,{"a":1,"b":2}]-'),
        ("${nothing}-", "-"),
    ],
)
def test_a_single_placeholder_keeps_its_type_and_more_make_a_text(expression: str, expected: Json) -> None:
    assert both(expression)[0] == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("other", "Value 'other' was not found in the provided context"),
        ("$id", "Value '$id' was not found in the provided context"),
        ("${other}", "No value for 'other' found"),
        ("a ${id", "Missing closing brace in expression string 'a ${id'"),
    ],
)
def test_what_is_missing_is_named(expression: str, reason: str) -> None:
    with pytest.raises(CannotGenerate) as caught:
        both(expression)
    assert str(caught.value) == reason


def test_values_under_provider_state_come_before_those_beside_it() -> None:
    assert both("id", values={"providerState": {"id": 1}, "id": 2})[0] == 1
    assert both("id", values={"providerState": "none", "id": 2})[0] == 2


@pytest.mark.parametrize(
    ("name", "data_type", "in_json", "in_text"),
    [
        ("id", "RAW", 5, "5"),
        ("nothing", None, None, ""),
        ("list", "other", VALUES["list"], '[1,{"a":1,"b":2}]'),
        ("name", "STRING", "Ann", "Ann"),
        ("id", "string", "5", "5"),
        ("nothing", "STRING", "null", ""),
        ("half", "INTEGER", 2, "2"),
        ("yes", "INTEGER", 1, "1"),
        ("nothing", "INTEGER", 0, "0"),
        ("text", "integer", 42, "42"),
        ("id", "DECIMAL", 5.0, "5"),
        ("whole", "FLOAT", 3.0, "3"),
        ("decimal text", "DECIMAL", 3.5, "3.5"),
        ("huge", "DECIMAL", 1e21, "1000000000000000000000"),
        ("tiny", "DECIMAL", 1e-7, "0.0000001"),
        ("no", "DECIMAL", 0.0, "0"),
        ("id", "BOOLEAN", True, "true"),
        ("minus", "BOOLEAN", False, "false"),
        ("true text", "BOOLEAN", True, "true"),
        ("nothing", "BOOLEAN", False, "false"),
    ],
)
def test_the_table_of_data_types(name: str, data_type: Json, in_json: Json, in_text: str) -> None:
    made = both(name, data_type)
    assert made == (in_json, in_text)
    assert type(made[0]) is type(in_json)


@given(st.integers(-(2**63), 2**64 - 1))
def test_row_43_texts_of_negative_integers_are_integers(number: int) -> None:
    assert both("n", "INTEGER", {"n": str(number)}) == (number, str(number))


@pytest.mark.parametrize(
    ("name", "data_type"),
    [
        ("name", "INTEGER"), ("text", "BOOLEAN"), ("list", "INTEGER"), ("huge", "INTEGER"), ("spaced", "INTEGER"),
        ("name", "DECIMAL"), ("list", "DECIMAL"), ("endless", "DECIMAL"), ("exponent", "DECIMAL"),
        ("name", "BOOLEAN"), ("list", "BOOLEAN"),
    ],
)  # fmt: skip
def test_what_cannot_be_converted_is_not_made(name: str, data_type: str) -> None:
    with pytest.raises(CannotGenerate):
        both(name, data_type)
