"""A rule of XML that the provider's verification finds nothing for is a warning, which says what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import always, verify

DOCUMENT = """<p:a xmlns:p="urn:x" xmlns="urn:d" p:n="1"><b n="1">1</b><p:b>1</p:b></p:a>"""
OTHER = """<q:a xmlns:q="urn:x" q:n="2"><b n="2">2</b><q:b>2</q:b></q:a>"""
DEFAULT = """<a xmlns="urn:x"><b>1</b></a>"""


def answer(document: str, *paths: str) -> Any:
    """A pact whose response has this document, with rules for the type at these paths."""
    types = rules(**{path: {"match": "type"} for path in paths})
    response: Any = {"headers": {"Content-Type": "application/xml"}, "body": document, "matchingRules": types}
    return pact(interaction("a document", **response))


FOUND = ("$['urn:x:a']['@urn:x:n']", "$['urn:x:a'].b['@n']", "$['urn:x:a'].b['#text']", "$.*['urn:x:b']['#text']")


async def test_row_19_names_by_namespace_are_found_by_the_verification_too() -> None:
    described = answer(DOCUMENT, *FOUND)
    assert MockServer(described).warnings == ()
    assert await verify(described, always(body=OTHER, Content_Type="application/xml"))


@pytest.mark.parametrize(
    ("document", "path", "meant"),
    [
        (DOCUMENT, "$.p:a['@p:n']", FOUND[0]),
        (DOCUMENT, "$.p:a.b[*]['@n']", "$['urn:x:a'].b['@n']"),
        (DOCUMENT, "$.p:a.b[0].#text", "$['urn:x:a'].b['#text']"),
        (DOCUMENT, "$.*.p:b.#text", "$.*['urn:x:b']['#text']"),
        (DEFAULT, "$.a.b.#text", "$['urn:x:a']['urn:x:b']['#text']"),
        ("<a><b>1</b></a>", "$.a.b[*].#text", "$.a.b['#text']"),
        ('<a xml:id="n1"/>', "$.a['@xml:id']", "$.a['@http://www.w3.org/XML/1998/namespace:id']"),
    ],
)
async def test_row_19_a_name_by_prefix_or_an_index_is_a_warning(document: str, path: str, meant: str) -> None:
    others = [found for found in FOUND if found != meant] if document == DOCUMENT else []
    described = answer(document, *others, path)
    (warning,) = MockServer(described).warnings
    assert warning.code == "xml_rule_unfound"
    assert warning.pointer == f"/interactions/0/response/matchingRules/body/{path}/matchers/0"
    assert warning.text.endswith(f"Write {meant}")
    other = OTHER if document == DOCUMENT else document.replace("1", "2")
    provider = always(body=other, Content_Type="application/xml")
    assert not await verify(described, provider)
    assert await verify(answer(document, *others, meant), provider)


@pytest.mark.parametrize("document", ["no document", DOCUMENT])
def test_a_rule_for_nothing_in_the_document_is_no_matter_of_names(document: str) -> None:
    assert "xml_rule_unfound" not in {warning.code for warning in MockServer(answer(document, "$.x.y", "$")).warnings}


def test_rules_of_requests_are_the_consumers_who_meets_them_here() -> None:
    request = answer(DOCUMENT, "$.p:a.b[*].#text")["interactions"][0]["response"]
    del request["status"]
    assert MockServer(pact(interaction("a document", {"method": "POST", **request}))).warnings == ()


def test_what_to_write_has_the_form_of_the_version() -> None:
    response = answer(DEFAULT)["interactions"][0]["response"] | {
        "matchingRules": {"$.body.a.b.#text": {"match": "type"}}
    }
    described = pact({"description": "a", "request": {}, "response": response}, version="2.0.0")
    (warning,) = MockServer(described).warnings
    assert warning.text.endswith("Write $.body['urn:x:a']['urn:x:b']['#text']")
