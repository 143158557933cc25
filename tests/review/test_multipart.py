"""Rows 66 and 67: what the provider's verification makes of repeated parts, and of fields that are documents."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import always, does, verify

TYPE = {"Content-Type": "multipart/form-data; boundary=here"}


def answer(body: str, **body_rules: Any) -> Any:
    return pact(interaction("parts", headers=TYPE, body=body, matchingRules=rules(**body_rules)))


def parts(*written: str) -> str:
    return "".join(f"--here\r\nContent-Disposition: form-data; {part}\r\n" for part in written) + "--here--\r\n"


TWO = parts('name="tag"\r\n\r\nred', 'name="tag"\r\n\r\nblue')
FIELD = 'name="about"\r\nContent-Type: application/json\r\n\r\n{"a":1}'
FILE = FIELD.replace("\r\n", '; filename="about.json"\r\n', 1)
INTEGER = {"$.about.a": {"match": "integer"}}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer(TWO), "multipart_repeated"),
        (answer(parts(FIELD), **INTEGER), "multipart_field"),
        (answer(parts(FIELD)), None),
        (answer(parts(FILE), **INTEGER), None),
        (answer(parts(FIELD), **{"$.about": {"match": "regex", "regex": r"\{.*\}"}}), None),
        (answer("no parts"), None),
    ],
    ids=["repeated", "rules in a field", "a field", "rules in a file", "a rule for the text", "nothing"],
)
def test_parts_that_the_verification_compares_otherwise_are_a_warning(given: Any, code: str | None) -> None:
    found = [(warning.code, warning.pointer) for warning in MockServer(given).warnings]
    assert found == ([(code, "/interactions/0/response/body")] if code else [])


async def test_the_verification_refuses_a_repeated_part_and_finds_no_rules_in_a_field() -> None:
    assert not await verify(answer(TWO), does(answer(TWO)))
    for part, passes in ((FIELD, False), (FILE, True)):
        other = always(body=parts(part).replace("1}", "2}"), Content_Type=TYPE["Content-Type"])
        assert bool(await verify(answer(parts(part), **INTEGER), other)) is passes
