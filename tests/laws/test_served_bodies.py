"""Whatever kind of body, charset and coding a response has, a client of its own kind reads what the pact says."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pactmock import MockServer
from tests.pacts import interaction, pact

Json = Any
LETTERS = st.characters(min_codepoint=32, max_codepoint=0xFF, categories=("L", "N", "P", "S", "Zs"))
TEXTS = st.text(LETTERS, min_size=1, max_size=30)
"""Texts that all of the charsets below can hold."""

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""One that knows no authority, as to read all of the machine's takes longer than an example."""

CHARSETS = st.sampled_from(["", "utf-8", "ISO-8859-1", "UTF-16", "utf-16le", "gb18030"])
CODINGS = st.sampled_from(["", "gzip", "deflate", "gzip, deflate", "identity"])
VERSIONS = st.sampled_from(["2.0.0", "3.0.0", "4.0"])


@dataclass(frozen=True)
class Kind:
    """How a text is made a body, and how a client reads it again."""

    content_type: str
    write: Callable[[str], Json]
    read: Callable[[httpx.Response], str]


def text_of_xml(reply: httpx.Response) -> str:
    parser = etree.XMLParser(encoding="utf-8")
    return etree.fromstring(reply.text.encode(), parser).text or ""


def text_of_part(reply: httpx.Response) -> str:
    head = f"Content-Type: {reply.headers['Content-Type']}\r\n\r\n".encode()
    (part,) = message_from_bytes(head + reply.content, policy=policy.HTTP).iter_parts()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def xml(text: str) -> str:
    element = etree.Element("a")
    element.text = text
    return etree.tostring(element, encoding="unicode")


def multipart(text: str) -> str:
    return f'--here\r\nContent-Disposition: form-data; name="a"\r\n\r\n{text}\r\n--here--\r\n'


KINDS = [
    Kind("application/json", lambda text: {"a": text}, lambda reply: json.loads(reply.text)["a"]),
    Kind("application/vnd.api+json", lambda text: [text], lambda reply: json.loads(reply.text)[0]),
    Kind("application/xml", xml, text_of_xml),
    Kind("text/plain", str, lambda reply: reply.text),
    Kind("text/csv", str, lambda reply: reply.text),
    Kind(
        "application/x-www-form-urlencoded",
        lambda text: urlencode({"a": text}),
        lambda reply: parse_qs(reply.text, keep_blank_values=True)["a"][0],
    ),
    Kind("multipart/form-data; boundary=here", multipart, text_of_part),
]


@given(st.sampled_from(KINDS), TEXTS, CHARSETS, CODINGS, VERSIONS)
async def test_a_client_reads_what_the_pact_says(
    kind: Kind, text: str, charset: str, coding: str, version: str
) -> None:
    typed = (
        f"{kind.content_type}; charset={charset}"
        if charset and "boundary" not in kind.content_type
        else kind.content_type
    )
    headers = {"Content-Type": typed} | ({"Content-Encoding": coding} if coding else {})
    body = kind.write(text)
    if version == "4.0":
        body = {"content": body, "contentType": typed}
    assert kind.read(await answered(pact(interaction("a body", headers=headers, body=body), version=version))) == text


@given(
    st.binary(min_size=1, max_size=60),
    CHARSETS,
    st.sampled_from(["text/plain", "image/png", "application/octet-stream"]),
)
async def test_bytes_are_read_as_they_stand_in_the_pact(content: bytes, charset: str, kind: str) -> None:
    typed = f"{kind}; charset={charset}" if charset else kind
    body = {"content": base64.b64encode(content).decode(), "contentType": typed, "encoded": "base64"}
    reply = await answered(pact(interaction("bytes", headers={"Content-Type": typed}, body=body), version="4.0"))
    assert reply.content == content


async def answered(described: Json) -> httpx.Response:
    async with (
        MockServer(described) as server,
        httpx.AsyncClient(base_url=server.url, verify=NO_TLS, trust_env=False) as client,
    ):
        return await client.get("/")
