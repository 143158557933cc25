"""A body whose type its headers do not tell is a warning, where nothing or not the verification can meet it."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import does, verify


def contents(content: Any, content_type: str) -> dict[str, Any]:
    return {"content": content, "contentType": content_type, "encoded": False}


@pytest.mark.parametrize("header", ["image/png", "text/plain", "application/json;charset=utf-8"])
async def test_a_type_that_the_header_contradicts_is_a_warning(header: str) -> None:
    body = contents({"a": 1}, "application/xml" if "json" in header else "application/json")
    described = pact(interaction("a", headers={"Content-Type": [header]}, body=body), version="4.0")
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == ("contradicted_type", "/interactions/0/response/body")
    assert not await verify(described, does(described))


@pytest.mark.parametrize("header", ["application/json", "application/json; charset=utf-8", "application/hal+json"])
async def test_a_type_that_the_header_says_more_of_is_met(header: str) -> None:
    body = contents({"a": 1}, "application/json")
    described = pact(interaction("a", headers={"Content-Type": [header]}, body=body), version="4.0")
    assert MockServer(described).warnings == ()
    assert await verify(described, does(described))


def post(content: Any, content_type: str, **headers: list[str]) -> Any:
    request = {"method": "POST", "path": "/", "headers": headers, "body": contents(content, content_type)}
    return pact(interaction("a", request), version="4.0")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [("a=1", "application/x-www-form-urlencoded"), ("a,b", "text/csv"), (-1, "application/json")],
)
async def test_a_request_without_its_header_is_sent_by_the_verification_as_what_it_looks_like(
    content: Any, content_type: str
) -> None:
    described = post(content, content_type)
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == ("untyped_body", "/interactions/0/request/body")
    async with MockServer(described) as server:
        assert not await verify(described, server.port)
    typed = post(content, content_type, **{"Content-Type": [content_type]})
    async with MockServer(typed) as server:
        assert server.warnings == ()
        assert await verify(typed, server.port)


async def test_json_that_looks_like_it_needs_no_header() -> None:
    async with MockServer(post({"a": 1}, "application/json")) as server:
        assert server.warnings == ()
        assert await verify(post({"a": 1}, "application/json"), server.port)
