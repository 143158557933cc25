"""Multipart bodies with a field that is there twice, and with fields that are documents of their own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.verifying import does, verify

FORM = {"Content-Type": "multipart/form-data; boundary=here"}


def parts(*fields: tuple[str, str, str]) -> str:
    """Write fields, each a name, a type that may be empty, and a value."""
    written = ""
    for name, content_type, value in fields:
        typed = f"Content-Type: {content_type}\r\n" if content_type else ""
        written += f'--here\r\nContent-Disposition: form-data; name="{name}"\r\n{typed}\r\n{value}\r\n'
    return f"{written}--here--\r\n"


UPLOAD = parts(
    ("tag", "", "spring"), ("tag", "", "sale"), ("about", "application/json", '{"pages": 3, "cover": "hard"}')
)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (UPLOAD, 200),
        (
            parts(
                ("about", "application/json", '{"cover":"hard","pages":9}'), ("tag", "", "spring"), ("tag", "", "sale")
            ),
            200,
        ),
        (UPLOAD.replace("sale", "spring"), 500),
        (UPLOAD.replace("3", '"three"'), 500),
        (UPLOAD.replace("hard", "soft"), 500),
    ],
    ids=["the example", "another order, another number", "the same tag twice", "no number", "another text"],
)
@pytest.mark.parametrize("version", ["3.0.0", "4.0"])
async def test_each_part_is_held_against_its_own(version: str, body: str, status: int) -> None:
    example: Any = {"content": UPLOAD, "contentType": FORM["Content-Type"], "encoded": False}
    request = {
        "method": "POST",
        "path": "/books",
        "headers": FORM,
        "body": example if version == "4.0" else UPLOAD,
        "matchingRules": rules(**{"$.about.pages": {"match": "integer"}}),
    }
    given = pact(interaction("a book", request), version=version)
    async with MockServer(given) as server, httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/books", content=body, headers=FORM)).status_code == status
    assert await verify(given, does(given))
