"""XML documents and forms can be described in JSON (reference/matching.md §10.2)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock.authoring.collector import Collector
from pactmock.authoring.consumer_test import read_consumer_test
from pactmock.authoring.form_description import read_form
from pactmock.authoring.xml_description import read_xml
from pactmock.errors import InvalidPact
from pactmock.matching.bodies.body import compile_body
from pactmock.matching.compiling import compile_category
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.pact import generators, specification
from pactmock.pact.documents import writing
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from tests.authoring.matchers import generated, matcher, rules
from tests.verifying import always, verify

TYPE = {"match": "type"}
ANY = matcher("type", "1")


def element(name: str, *children: Any, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "children": list(children), "attributes": attributes}


def text(content: Any, found: Any = None) -> dict[str, Any]:
    return {"content": content} | ({"matcher": found} if found else {})


def xml(root: dict[str, Any]) -> tuple[str, Any, Any]:
    processed = read_xml({"root": root}, Collector())
    written = rule_categories.to_categories({"body": processed.rules}).get("body", {})
    made = generators.to_json({"body": processed.generators}).get("body", {})
    return processed.value.decode().removeprefix("<?xml version='1.0'?>"), written, made


DOCUMENTS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"name": "a"}, "<a/>", {}),
    (element("a", text("")), "<a></a>", {}),
    (element("a", text("x"), element("b"), text(5)), "<a>x<b/>5</a>", {}),
    (
        element("a", text("<&>'\""), z="<&>'\"", b=None, c=True),
        """<a b='' c='true' z='&lt;&amp;&gt;&apos;&quot;'>&lt;&amp;&gt;'"</a>""",
        {},
    ),
    (element("a", text("\r"), z="\r\n\t"), "<a z='&#13;&#10;&#9;'>&#13;</a>", {}),
    (element("a", {"name": "b", "examples": 2}), "<a><b/><b/></a>", {}),
    (element("a", {"name": "b", "examples": 0}), "<a/>", {}),
    (
        element("a", matcher("type", element("b", text("t", matcher("regex", regex="t"))), examples=2)),
        "<a><b>t</b><b>t</b></a>",
        {"$.a.b": TYPE, "$.a.b.#text": {"match": "regex", "regex": "t"}},
    ),
    (matcher("type", {"name": "a", "attributes": {"id": ANY}}), "<a id='1'/>", {"$.a": TYPE, "$.a['@id']": TYPE}),
    (
        element("n:a", element("n:b", text("x", matcher("type"))), **{"xmlns:n": "urn:x", "n:q": ANY}),
        "<n:a n:q='1' xmlns:n='urn:x'><n:b>x</n:b></n:a>",
        {"$['urn:x:a']['@urn:x:q']": TYPE, "$['urn:x:a']['urn:x:b']['#text']": TYPE},
    ),
    (
        element("a", element("n:b", element("c", text("x", ANY), q=ANY), **{"xmlns:n": "urn:x"}), xmlns="http://d/'"),
        "<a xmlns='http://d/&apos;'><n:b xmlns:n='urn:x'><c q='1'>x</c></n:b></a>",
        {
            r"$['http://d/\':a']['urn:x:b']['http://d/\':c']['@q']": TYPE,
            r"$['http://d/\':a']['urn:x:b']['http://d/\':c']['#text']": TYPE,
        },
    ),
    (
        element(
            "n:a", element("n:b", text("x", ANY), **{"xmlns:n": "urn:y"}), **{"xmlns:n": "urn:x", "xmlns": "urn:d"}
        ),
        "<n:a xmlns='urn:d' xmlns:n='urn:x'><n:b xmlns:n='urn:y'>x</n:b></n:a>",
        {"$['urn:x:a']['urn:y:b']['#text']": TYPE},
    ),
    (
        element("a", **{"xml:lang": ANY}),
        "<a xml:lang='1'/>",
        {"$.a['@http://www.w3.org/XML/1998/namespace:lang']": TYPE},
    ),
    (element("a.b", text("x", matcher("type"))), "<a.b>x</a.b>", {"$['a.b']['#text']": TYPE}),
    (
        element("a", b=matcher("matching(regex, '\\d', '7')")),
        "<a b='7'/>",
        {"$.a['@b']": {"match": "regex", "regex": r"\d"}},
    ),
]


@pytest.mark.parametrize(("root", "document", "paths"), DOCUMENTS)
def test_a_description_makes_this_document_with_rules_under_the_names_of_its_elements(
    root: dict[str, Any], document: str, paths: dict[str, Any]
) -> None:
    assert xml(root)[:2] == (document, rules(**paths))


def test_texts_and_attributes_can_have_generators() -> None:
    beside = text("x", matcher("type", format="yyyy")) | {"pact:generator:type": "Date"}
    inside = text("x", generated("Uuid", "x"))
    assert xml(element("a", beside, b=generated("RandomInt", 1)))[2] == {
        "$.a.#text": {"type": "Date", "format": "yyyy"},
        "$.a['@b']": {"type": "RandomInt", "min": 0, "max": 10},
    }
    assert xml(element("a", inside))[2] == {"$.a.#text": {"type": "Uuid"}}
    assert xml(element("n:a", inside, **{"xmlns:n": "urn:x"}))[2] == {"$.n:a.#text": {"type": "Uuid"}}


def contract(described: dict[str, Any]) -> dict[str, Any]:
    contents = {"content-type": "application/xml", "body": {"root": described}}
    one = {"description": "a document", "request": {"path": "/x"}, "response": {"status": 200, "contents": contents}}
    return {"consumer": "web", "provider": "api", "specification": "V4", "interactions": [one]}


@pytest.mark.parametrize(
    ("prefix", "declaration", "attribute"),
    [("n:", "xmlns:n", "n:q"), ("", "xmlns", "q"), ("n:", "xmlns:n", "xml:lang")],
)
async def test_row_19_a_provider_may_write_a_document_with_namespaces_in_its_own_way(
    prefix: str, declaration: str, attribute: str
) -> None:
    children = text("x", matcher("regex", regex="[a-z]")), matcher("type", {"name": f"{prefix}b"}, examples=2)
    described = element(f"{prefix}a", *children, **{declaration: "urn:x", attribute: matcher("integer", 1)})
    written = writing.to_json(read_consumer_test(contract(described)), specification.V4)
    name = attribute.replace("n:", "m:")

    def document(number: str) -> str:
        return f"<m:a xmlns:m='urn:x' {name}='{number}'>y<m:b/><m:b/><m:b/></m:a>"

    right, wrong = (always(body=document(number), Content_Type="application/xml") for number in ("22", "z"))
    assert await verify(written, right)
    assert not await verify(written, wrong)


def test_row_19_requests_may_have_prefixes_of_their_own() -> None:
    described = element(
        "n:a", text("x", matcher("regex", regex="[a-z]")), **{"xmlns:n": "urn:x", "n:q": matcher("integer", 1)}
    )
    processed = read_xml({"root": described}, Collector())
    root = compile_category({"body": processed.rules}, "body")
    check = compile_body(ExpectedPart(bodies.present(processed.value), types.XML, rules=root))

    def problems(document: str) -> Any:
        return list(check(Part(bodies.present(document.encode()), types.XML)))

    assert problems("<m:a xmlns:m='urn:x' m:q='22'>y</m:a>") == []
    assert len(problems("<m:a xmlns:m='urn:x' m:q='z'>y1</m:a>")) == 2


NO_XML: list[tuple[Any, str, str]] = [
    ({}, "has its root element under 'root'", "/body/root"),
    ({"root": 5}, "has its root element under 'root'", "/body/root"),
    ({"root": text("x")}, "has its root element under 'root'", "/body/root"),
    ({"root": {}}, "An element needs a name, and '' is none", "/body/root/name"),
    ({"root": {"name": "1 b"}}, "An element needs a name, and '1 b' is none", "/body/root/name"),
    ({"root": {"name": "n:a"}}, "makes no XML document: Namespace prefix n", "/body"),
    ({"root": {"name": "a", "children": "x"}}, "The children of an element are a list", "/body/root/children"),
    ({"root": element("a", "x")}, "A child is an element or a text", "/body/root/children/0"),
    (
        {"root": element("a", {"name": "b", "examples": "2"})},
        "'examples' is a number",
        "/body/root/children/0/examples",
    ),
    (
        {"root": element("a", {"name": "b", "examples": 10**9})},
        "'examples' is a number",
        "/body/root/children/0/examples",
    ),
    ({"root": {"name": "a", "attributes": []}}, "Attributes are an object", "/body/root/attributes"),
    ({"root": element("a", **{"b c": "1"})}, "'b c' cannot be the name of an attribute", "/body/root/attributes/b c"),
    ({"root": element("a", b=matcher("type"))}, "needs an example here", "/body/root/attributes/b"),
    ({"root": element("a", text("\0"))}, "cannot be in an XML document", "/body/root/children/0/content"),
    ({"root": matcher("type")}, "has the element under 'value'", "/body/root"),
    ({"root": matcher("regex", {"name": "a"})}, "Regex matcher missing 'regex' field", "/body/root"),
    ({"root": element("a", text("x", matcher("max")))}, "Max matcher missing", "/body/root/children/0/matcher"),
]


@pytest.mark.parametrize(("description", "problem", "pointer"), NO_XML)
def test_what_makes_no_document_is_refused_with_its_place(description: Any, problem: str, pointer: str) -> None:
    """The reference implementation crashes on most of these."""
    with pytest.raises(InvalidPact) as caught, Collector("body") as collector:
        read_xml(description, collector)
    assert problem in caught.value.message
    assert caught.value.pointer == pointer


def test_examples_of_examples_have_a_limit() -> None:
    many = element("a", text("x" * 100))
    for _ in range(4):
        many = {**element("a", many), "examples": 1000}
    with pytest.raises(InvalidPact, match="more than 10000000 characters"):
        read_xml({"root": element("a", many)}, Collector())


FORMS: list[tuple[dict[str, Any], bytes, dict[str, Any]]] = [
    ({"b": 2, "a": "1", "c": ["x", 3.5], "d": []}, b"a=1&b=2&c=x&c=3.5", {}),
    ({"a b": "*~-._ +%\"'€\n"}, b"a+b=*%7E-._+%2B%25%22%27%E2%82%AC%0A", {}),
    ({"a": ANY, "7": ANY}, b"7=1&a=1", {"$[7]": TYPE, "$.a": TYPE}),
    (
        {"a": matcher("type", ["1", matcher("regex", "2", regex="2")])},
        b"a=1&a=2",
        {"$.a[*]": {"match": "regex", "regex": "2"}, "$.a": TYPE},
    ),
    (matcher("type", {"a": "1"}), b"a=1", {"$": TYPE}),
]


@pytest.mark.parametrize(("description", "content", "paths"), FORMS)
def test_an_object_of_fields_makes_this_form(
    description: dict[str, Any], content: bytes, paths: dict[str, Any]
) -> None:
    processed = read_form(description, Collector())
    assert processed.value == content
    assert rule_categories.to_categories({"body": processed.rules}).get("body", {}) == rules(**paths)


@pytest.mark.parametrize("value", [True, None, {"b": "1"}, [["1"]], ["1", None]])
def test_a_field_that_is_no_text_is_refused(value: Any) -> None:
    """The reference implementation drops it, with its rules."""
    with pytest.raises(InvalidPact) as caught, Collector("body") as collector:
        read_form({"a": value}, collector)
    assert caught.value.pointer == "/body/a"


def test_a_form_is_an_object() -> None:
    with pytest.raises(InvalidPact, match="A form is an object of fields"):
        read_form(matcher("type", ["a"]), Collector())
