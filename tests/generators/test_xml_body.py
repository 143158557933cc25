"""Generated values in XML documents."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pactmock.generators.apply import generate_response
from pactmock.generators.context import Mode, repeatable
from pactmock.pact import generators
from pactmock.pact.json.values import Json
from pactmock.pact.model import Response
from pactmock.pact.parts import body
from pactmock.pact.parts.content_type import XML

NINES: dict[str, Json] = {"type": "RandomInt", "min": 999, "max": 999}
HEAD = "<?xml version='1.0'?>"


def part(document: str, in_body: dict[str, Json]) -> Response:
    return Response(body=body.present(document.encode(), XML), generators=generators.from_json({"body": in_body}))


def generate(document: str, in_body: dict[str, Json]) -> str:
    context = repeatable(1, datetime(2000, 1, 1, tzinfo=UTC), mode=Mode.PROVIDER, values={"bell": "\a", "less": "<"})
    return generate_response(part(document, in_body), context).body.content.decode()


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("<a>1</a>", "$.a['#text']", "<a>999</a>"),
        ("<a/>", "$.a['#text']", "<a>999</a>"),
        ("<a><b/></a>", "$.a['#text']", "<a><b/>999</a>"),
        ("<a><b/>1</a>", "$.a['#text']", "<a><b/>999</a>"),
        ("<a>\n <b>1</b>\n</a>", "$.a['#text']", "<a>999<b>1</b>999</a>"),
        ("<a>1<!--c-->2</a>", "$.a['#text']", "<a>999<!--c-->999</a>"),
        ("<a>x&amp;y</a>", "$.a['#text']", "<a>999</a>"),
        ("<a><d>x</d><d>y</d></a>", "$.a.d['#text']", "<a><d>999</d><d>999</d></a>"),
        ("<a><b>é</b></a>", "$.a.*", "<a><b>é</b>999</a>"),
        ("<a><b>1</b></a>", "$.*.b['#text']", "<a><b>999</b></a>"),
        ('<a b="1" c="2"/>', "$.a['@b']", '<a b="999" c="2"/>'),
        ('<n:a xmlns:n="u" n:k="1"/>', "$['n:a']['@n:k']", '<n:a xmlns:n="u" n:k="999"/>'),
        ('<n:a xmlns:n="u"><n:b>1</n:b></n:a>', "$['n:a']['n:b']['#text']", '<n:a xmlns:n="u"><n:b>999</n:b></n:a>'),
        ('<a xmlns="u"><b>1</b></a>', "$.a.b['#text']", '<a xmlns="u"><b>999</b></a>'),
        ('<a xml:lang="en"/>', "$.a['@xml:lang']", '<a xml:lang="999"/>'),
        ("<!--x--><a>1</a><?pi y?>", "$.a['#text']", "<!--x--><a>999</a><?pi y?>"),
        ("<?xml version='1.0' encoding='UTF-8'?><a>é</a>", "$.a['#text']", "<a>999</a>"),
    ],
)
def test_texts_and_attributes_are_replaced(document: str, path: str, expected: str) -> None:
    assert generate(document, {path: NINES}) == HEAD + expected


@pytest.mark.parametrize(
    "path", ["$.a.b[1]['#text']", "$.a.b[*]['#text']", "$['#text']", "$.a", "$", "$.a['@c']", "$.a.x['#text']", "$.b.*"]
)
def test_other_paths_mean_nothing(path: str) -> None:
    document = "<a k='1'><b>1</b><b>2</b></a>"
    assert generate(document, {path: NINES}) == document


def test_a_document_in_another_encoding_becomes_utf_8() -> None:
    latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a><b>é</b><c>1</c></a>".encode("latin-1")
    read = generators.from_json({"body": {"$.a.c['#text']": NINES}})
    made = generate_response(
        Response(body=body.present(latin, XML), generators=read), repeatable(1, datetime(2000, 1, 1, tzinfo=UTC))
    )
    assert made.body.content == (HEAD + "<a><b>é</b><c>999</c></a>").encode()


@pytest.mark.parametrize(
    "document",
    ["no xml", "<a>", "<!DOCTYPE a><a>1</a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"],
)
def test_what_is_not_plain_xml_stays(document: str, caplog: pytest.LogCaptureFixture) -> None:
    assert generate(document, {"$.a['#text']": NINES}) == document
    assert "keeps the content that the pact has" in caplog.text


def test_values_are_escaped_and_those_that_xml_cannot_hold_are_not_put_in(caplog: pytest.LogCaptureFixture) -> None:
    values = {name: {"type": "ProviderState", "expression": name} for name in ("less", "bell")}
    made = generate("<a b='1'>2</a>", {"$.a['@b']": values["less"], "$.a['#text']": values["bell"]})
    assert made == HEAD + '<a b="&lt;">2</a>'
    assert "XML compatible" in caplog.text
