"""Generated values in forms."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.generators.apply import generate_response
from pactmock.generators.context import repeatable
from pactmock.pact import generators
from pactmock.pact.model import Response
from pactmock.pact.parts import body

NINES = {"type": "RandomInt", "min": 999, "max": 999}
HEADERS = {"Content-Type": ("application/x-www-form-urlencoded",)}


def generate(content: str, *paths: str) -> str:
    read = generators.from_json({"body": dict.fromkeys(paths, NINES)})
    part = Response(headers=HEADERS, body=body.present(content.encode()), generators=read)
    return generate_response(part, repeatable(1, datetime(2000, 1, 1, tzinfo=UTC))).body.content.decode()


@pytest.mark.parametrize(
    ("content", "path", "expected"),
    [
        ("a=1&b=2&a=3", "$.a", "a=999&b=2&a=3"),
        ("a=1&a=2", "$.a[1]", "a=1&a=999"),
        ("a=1&a=2", "$.a[0]", "a=999&a=2"),
        ("a=1&a=2", "$['a'][1]", "a=1&a=999"),
        ("a=1&a=2", "$.a[2]", "a=1&a=2"),
        ("a=1&a=2", "$.a[*]", "a=1&a=2"),
        ("a=1&a=2", "$", "a=1&a=2"),
        ("a=1&1=2", "$[1]", "a=1&1=999"),
        ("a=1&1=2", "$['1']", "a=1&1=999"),
        ("a b=1&c=x+y%20z*-._(", "$['a b']", "a+b=999&c=x+y+z*-._%28"),
        ("q[]=1", "$['q[]']", "q%5B%5D=999"),
        ("a&b=", "$.b", "a=&b=999"),
        ("a&c=%zz", "$.b", "a&c=%zz"),
    ],
)
def test_one_field_is_replaced(content: str, path: str, expected: str) -> None:
    assert generate(content, path) == expected


@given(st.lists(st.tuples(st.text("abé &=+%", min_size=1, max_size=3), st.text("é &=+%", max_size=3)), min_size=1))
def test_all_other_fields_are_kept(fields: list[tuple[str, str]]) -> None:
    name = fields[0][0]
    made = parse_qsl(generate(urlencode(fields), f"$['{name}']"), keep_blank_values=True)
    assert made == [(name, "999"), *fields[1:]]
