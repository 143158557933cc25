"""Rules combined by OR are a warning where the provider's verification wants all of them: for objects (row 15)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import always, verify

EITHER = {"combine": "OR", "matchers": [{"match": "notEmpty"}, {"match": "type", "max": 1}]}
JSON: Any = {"Content-Type": "application/json"}


def answer(body: Any, path: str) -> Any:
    return pact(interaction("a document", headers=JSON, body=body, matchingRules={"body": {path: EITHER}}))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$"),
        ({"a": {}}, "$.a"),
        ({"l": [{"a": {}}]}, "$.l[*].a"),
        ({"l": [{"a": {}}]}, "$.*[0].a"),
        ([[{}]], "$[0]"),
    ],
)
async def test_row_15_all_rules_for_an_object_have_to_hold_in_the_verification(body: Any, path: str) -> None:
    described = answer(body, path)
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == (
        "alternatives_for_object",
        f"/interactions/0/response/matchingRules/body/{path}/matchers/0",
    )
    assert not await verify(described, always(body=json.dumps(body), Content_Type="application/json"))


@pytest.mark.parametrize(("body", "path"), [({"a": "x"}, "$.a"), ({"a": "", "b": {}}, "$.a"), ({"a": 1}, "$.c")])
async def test_one_rule_for_a_value_is_enough(body: Any, path: str) -> None:
    described = answer(body, path)
    assert MockServer(described).warnings == ()
    assert await verify(described, always(body=json.dumps(body), Content_Type="application/json"))
