"""A body that is a JSON null is a warning where the provider's verification takes it for none (row 31)."""

from __future__ import annotations

from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact
from tests.verifying import always, verify

JSON = {"headers": {"Content-Type": "application/json"}}
NULL = {"content": None, "contentType": "application/json", "encoded": False}
AS_TEXT = {"content": "null", "contentType": "application/json", "encoded": "json"}
SENDS_NULL = always(body="null", Content_Type="application/json")


async def test_row_31_a_null_in_a_response_is_one_that_no_provider_can_send() -> None:
    described = pact(interaction("nothing", **JSON, body=NULL), version="4.0")
    (warning,) = MockServer(described).warnings
    assert (warning.code, warning.pointer) == ("null_body", "/interactions/0/response/body")
    assert '{"content": "null", "encoded": "json"}' in warning.text
    assert not await verify(described, SENDS_NULL)


async def test_row_31_a_null_that_is_written_as_the_text_of_a_document_can_be_sent() -> None:
    described = pact(interaction("nothing", **JSON, body=AS_TEXT), version="4.0")
    assert MockServer(described).warnings == ()
    assert await verify(described, SENDS_NULL)


@pytest.mark.parametrize("body", [{"content": ""}, {"content": {"a": None}}, {"contentType": "application/json"}])
def test_no_body_and_a_null_inside_of_one_are_what_they_look_like(body: Any) -> None:
    assert MockServer(pact(interaction("nothing", **JSON, body=body), version="4.0")).warnings == ()


def test_a_null_of_v4_that_is_written_as_v3_is_a_warning_in_messages_too() -> None:
    message = {"type": "Asynchronous/Messages", "description": "an event", "contents": AS_TEXT}
    described = {**pact(version="4.0"), "interactions": [message]}
    assert MockServer(described).warnings == ()
    (warning,) = MockServer(described, specification="V3").warnings
    assert (warning.code, warning.pointer) == ("null_body", "/interactions/0/contents")
