"""Row 65: what the provider's verification refuses, as it counts the children of XML elements, is a warning."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify


def answer(document: str, **body_rules: Any) -> Any:
    response: Any = {"headers": {"Content-Type": "text/xml"}, "body": document, "matchingRules": rules(**body_rules)}
    return pact(interaction("a list", **response))


ONE, TWO, MOST_ONE = ({"match": "type", "min": 1}, {"match": "type", "min": 2}, {"match": "type", "max": 1})


@pytest.mark.parametrize(
    ("document", "body_rules", "is_refused"),
    [
        ('<list><item id="1"/></list>', {"$.list.item": ONE}, True),
        ("<list><item>text</item></list>", {"$.list.item": ONE}, False),
        ("<list><item>text</item><item>text</item></list>", {"$.list.item": TWO}, True),
        ("<list><item><a/><b/></item></list>", {"$.list.item": MOST_ONE}, True),
        ("<list><item><a/></item></list>", {"$.list.item": MOST_ONE}, False),
        ('<list><item id="1"/></list>', {"$.list": ONE}, False),
        ('<list><item id="1"/></list>', {"$.list.item": ONE, "$.*.*": {"match": "type"}}, True),
        ('<list xmlns="urn:x"><item id="1"/></list>', {"$['urn:x:list']['urn:x:item']": ONE}, True),
        ("<list/>", {"$.list.item": ONE}, False),
    ],
)
async def test_an_example_that_the_verification_refuses_for_its_children_is_a_warning(
    document: str, body_rules: dict[str, Any], is_refused: bool
) -> None:
    given = answer(document, **body_rules)
    pointers = [(warning.code, warning.pointer) for warning in MockServer(given).warnings]
    path = next(iter(body_rules))
    place = f"/interactions/0/response/matchingRules/body/{path}/matchers/0"
    assert pointers == ([("xml_children_counted", place)] if is_refused else [])
    assert bool(await verify(given, does(given))) is not is_refused


async def test_what_the_warning_advises_is_verified() -> None:
    given = answer('<list><item id="1"/></list>', **{"$.list.item": {"match": "type"}})
    assert MockServer(given).warnings == ()
    assert await verify(given, does(answer('<list><item id="1"/><item id="1"/></list>')))
