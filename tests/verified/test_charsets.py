"""Text goes over the wire in the charset of its Content-Type (row 70); a warning says what is verified otherwise."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock import MockServer
from pactmock.errors import InvalidPact
from tests.pacts import interaction, pact, rules
from tests.verifying import always, verify

LATIN, WINDOWS, WIDE = (
    "text/plain; charset=ISO-8859-1",
    "text/plain; charset=windows-1252",
    "text/plain; charset=utf-16",
)
TEXT = "Größe: 5"


def v4(body: Any, content_type: str) -> Any:
    return {"content": body, "contentType": content_type, "encoded": False}


def of_texts(content_type: str, body: Any, version: str, **others: Any) -> Any:
    """A pact that expects a body, and answers with the same."""
    headers = {"Content-Type": content_type}
    content = v4(body, content_type) if version == "4.0" else body
    request = {"method": "POST", "path": "/texts", "headers": headers, "body": content, **others}
    return pact(interaction("a text", request, headers=headers, body=content), version=version)


async def exchange(given: Any, content_type: str, *contents: bytes) -> list[tuple[int, bytes]]:
    headers = {"Content-Type": content_type}
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        replies = [await client.post("/texts", content=content, headers=headers) for content in contents]
    return [(reply.status_code, reply.content if reply.status_code == 200 else b"") for reply in replies]


@pytest.mark.parametrize("version", ["2.0.0", "3.0.0", "4.0"])
@pytest.mark.parametrize(
    ("content_type", "codec"),
    [
        (LATIN, "latin-1"),
        (WINDOWS, "cp1252"),
        (WIDE, "utf-16"),
        ("text/plain; charset=utf-8", "utf-8"),
        ("text/plain", "utf-8"),
    ],
)
async def test_a_text_is_sent_and_compared_in_its_charset(content_type: str, codec: str, version: str) -> None:
    wire = TEXT.encode(codec)
    other = TEXT.replace("5", "6").encode(codec)
    assert await exchange(of_texts(content_type, TEXT, version), content_type, wire, other) == [(200, wire), (500, b"")]


@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
async def test_a_text_in_another_charset_than_its_type_says_is_another_text(version: str) -> None:
    assert await exchange(of_texts(LATIN, TEXT, version), LATIN, TEXT.encode()) == [(500, b"")]


async def test_an_unknown_charset_leaves_a_text_as_it_is() -> None:
    strange = "text/plain; charset=klingon"
    assert await exchange(of_texts(strange, TEXT, "3.0.0"), strange, TEXT.encode()) == [(200, TEXT.encode())]


@pytest.mark.parametrize(
    ("content_type", "body", "wire"),
    [
        ("application/json; charset=ISO-8859-1", {"a": "Größe 😀"}, b'{"a":"Gr\\u00f6\\u00dfe \\ud83d\\ude00"}'),
        ("application/xml; charset=ISO-8859-1", "<a>Größe</a>", "<a>Größe</a>".encode("latin-1")),
        ("text/csv; charset=ISO-8859-1", "Größe;1", "Größe;1".encode("latin-1")),
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", "a=Größe", "a=Größe".encode("latin-1")),
    ],
)
@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
async def test_other_kinds_of_text_have_a_charset_too(version: str, content_type: str, body: Any, wire: bytes) -> None:
    assert await exchange(of_texts(content_type, body, version), content_type, wire) == [(200, wire)]


async def test_json_is_read_as_utf_8_or_in_its_charset() -> None:
    """RFC 8259 knows UTF-8 alone, and labels say otherwise."""
    latin = "application/json; charset=ISO-8859-1"
    given = of_texts(latin, {"a": "Größe"}, "3.0.0")
    sent = [json.dumps({"a": "Größe"}, ensure_ascii=False).encode(codec) for codec in ("utf-8", "latin-1")]
    assert [status for status, _ in await exchange(given, latin, *sent)] == [200, 200]


async def test_rules_see_the_text() -> None:
    ruled = of_texts(LATIN, TEXT, "3.0.0", matchingRules=rules(**{"$": {"match": "regex", "regex": r"Größe: \d+"}}))
    sent = [text.encode("latin-1") for text in ("Größe: 12", "Grösse: 12")]
    assert [status for status, _ in await exchange(ruled, LATIN, *sent)] == [200, 500]


async def test_bytes_in_base64_are_sent_as_they_are() -> None:
    wire = b"Gr\xf6\xdfe \xff\x00"
    body = {"content": base64.b64encode(wire).decode(), "contentType": LATIN, "encoded": "base64"}
    headers = {"Content-Type": LATIN}
    given = pact(interaction("bytes", {"method": "POST", "path": "/texts"}, headers=headers, body=body), version="4.0")
    assert await exchange(given, LATIN, b"") == [(200, wire)]


async def test_the_header_says_what_the_charset_is_where_the_body_does_not() -> None:
    headers = {"Content-Type": LATIN}
    response: Any = {"headers": headers, "body": v4("Größe", "text/plain")}
    given = pact(interaction("a text", {"method": "POST", "path": "/texts"}, **response), version="4.0")
    assert await exchange(given, "text/plain", b"") == [(200, "Größe".encode("latin-1"))]


@pytest.mark.parametrize("part", ["request", "response"])
@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
def test_what_the_charset_cannot_hold_is_refused_when_it_is_posted(version: str, part: str) -> None:
    text = v4("5 €", LATIN) if version == "4.0" else "5 €"
    given = pact(interaction("a text"), version=version)
    given["interactions"][0][part] |= {"headers": {"Content-Type": LATIN}, "body": text}
    with pytest.raises(InvalidPact, match=r"The charset of the Content-Type has no '€' \(U\+20AC\)") as refusal:
        MockServer(given)
    assert refusal.value.pointer == f"/interactions/0/{part}/body"


def test_what_a_charset_cannot_hold_can_be_escaped_in_json() -> None:
    MockServer(of_texts("application/json; charset=us-ascii", {"a": "5 €"}, "3.0.0"))


async def test_generated_values_are_sent_in_the_charset_too() -> None:
    content_type = "application/xml; charset=ISO-8859-1"
    made: Any = {
        "headers": {"Content-Type": content_type},
        "body": "<a><b>Größe</b><c>1</c></a>",
        "generators": {"body": {"$.a.c['#text']": {"type": "RandomInt", "min": 7, "max": 7}}},
    }
    given = pact(interaction("a document", {"method": "POST", "path": "/texts"}, **made))
    ((status, content),) = await exchange(given, "text/plain", b"")
    assert status == 200
    assert "<b>Größe</b><c>7</c>".encode("latin-1") in content


@pytest.mark.parametrize("specification", ["V3", "V4"])
@pytest.mark.parametrize("posted", ["3.0.0", "4.0"])
@pytest.mark.parametrize(("content_type", "body"), [(LATIN, TEXT), (LATIN, "plain"), (WIDE, "plain")])
async def test_what_is_written_is_verified_as_it_was_played_or_a_warning_says_so(
    content_type: str, body: str, posted: str, specification: str, tmp_path: Path
) -> None:
    codec = "utf-16" if content_type == WIDE else "latin-1"
    wire = body.encode(codec)
    server = MockServer(of_texts(content_type, body, posted), specification=specification)
    async with server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/texts", content=wire, headers={"Content-Type": content_type})).content == wire
        await server.write_pact(tmp_path)
    verification = await verify(tmp_path / "web-api.json", always(body=wire, Content_Type=content_type))
    is_verified = verification.passed and verification.asked[0].body == wire
    assert is_verified is not bool(server.warnings)
    places = [("charset", f"/interactions/0/{part}/body") for part in ("request", "response")]
    assert [(warning.code, warning.pointer) for warning in server.warnings] == ([] if is_verified else places)


@pytest.mark.parametrize(
    ("content_type", "body", "rule", "codes"),
    [
        ("application/json; charset=ISO-8859-1", {"a": "ö"}, {}, ["charset"]),
        ("application/json; charset=ISO-8859-1", {"a": "o"}, {}, []),
        ("application/xml; charset=ISO-8859-1", "<a>ö</a>", {}, ["charset"]),
        (LATIN, "ö", {"$": {"match": "regex", "regex": "ö+"}}, ["charset"]),
    ],
)
async def test_documents_and_texts_with_rules_are_a_warning_in_v4_too(
    content_type: str, body: Any, rule: dict[str, Any], codes: list[str]
) -> None:
    response: Any = {"headers": {"Content-Type": content_type}, "body": v4(body, content_type)}
    given = pact(interaction("a text", matchingRules=rules(**rule), **response), version="4.0")
    server = MockServer(given)
    assert [warning.code for warning in server.warnings] == codes
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    provider = always(body=text.encode("latin-1"), Content_Type=content_type)
    assert bool(await verify(given, provider)) is not bool(codes)


async def test_xml_may_say_its_charset_itself() -> None:
    """RFC 7303: without a charset in the Content-Type, the declaration of a document tells."""
    sent = '<?xml version="1.0" encoding="ISO-8859-1"?><a>Größe</a>'.encode("latin-1")
    assert [
        status
        for status, _ in await exchange(of_texts("application/xml", "<a>Größe</a>", "3.0.0"), "application/xml", sent)
    ] == [200]


async def test_parts_of_multipart_have_charsets_of_their_own() -> None:
    boundary = "multipart/form-data; boundary=here"

    def body(text: str, kind: str) -> str:
        head = f'--here\r\nContent-Disposition: form-data; name="a"{kind}\r\nContent-Type: {LATIN}\r\n\r\n'
        return f"{head}{text}\r\n--here--\r\n"

    for kind in ("", '; filename="a.txt"'):
        given = of_texts(boundary, body(TEXT, kind), "3.0.0")
        sent = [body(text, kind).encode("latin-1") for text in (TEXT, "Größe: 6")]
        assert [status for status, _ in await exchange(given, boundary, *sent)] == [200, 500]
