"""Messages of a contract in Python: handed to the code under test as they would arrive."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from pactmock.contract import Pact, match
from pactmock.contract.error import BodyMismatch, MismatchesError, PactVerificationError


@pytest.fixture
def pact() -> Pact:
    return Pact("mailer", "users")


def an_event(pact: Pact, description: str = "a user was created") -> None:
    (
        pact.upon_receiving(description, "Async")
        .given("a user exists", id=7)
        .with_body({"id": match.int(7), "token": match.str(size=5), "at": match.uuid()})
        .with_metadata({"topic": "users"}, partition="3", offset=12)
    )


def a_question(pact: Pact) -> None:
    (
        pact.upon_receiving("a price", "Sync")
        .with_body({"sku": match.str("a1")})
        .with_metadata(queue="prices")
        .will_respond_with()
        .with_body({"price": match.decimal(1.5)})
        .with_metadata(final=True)
    )


def written(pact: Pact, directory: Path) -> Any:
    pact.write_file(directory)
    return json.loads((directory / "mailer-users.json").read_text())


def test_a_handler_gets_text_and_metadata_with_generated_values(pact: Pact) -> None:
    an_event(pact)
    seen: list[tuple[Any, dict[str, Any]]] = []
    pact.verify(lambda body, metadata: seen.append((json.loads(body or ""), metadata)), "Async")
    pact.verify(lambda body, metadata: seen.append((json.loads(body or ""), metadata)), "Async")
    (first, metadata), (second, _) = seen
    assert metadata == {"contentType": "application/json", "topic": "users", "partition": 3, "offset": 12}
    assert first["id"] == 7
    assert first["at"] != second["at"]


def test_handlers_are_called_in_the_order_of_writing_and_what_they_raise_is_told_by_message(pact: Pact) -> None:
    for name in ("b", "a"):
        pact.upon_receiving(name, "Async").with_body(name)
    seen = []

    def handle(body: Any, _metadata: dict[str, Any]) -> None:
        seen.append(body)
        if body == "a":
            raise LookupError("no such user")

    with pytest.raises(PactVerificationError) as caught:
        pact.verify(handle, "Async")
    assert seen == ["b", "a"]
    (error,) = caught.value.errors
    assert str(error) == "Error verifying interaction 'a': no such user"
    assert isinstance(error.error, LookupError)
    assert "(1) Error verifying interaction 'a': no such user" in str(caught.value)
    assert len(pact.verify(handle, "Async", raises=False)) == 1


def test_a_handler_that_has_to_be_awaited_is(pact: Pact) -> None:
    an_event(pact)
    seen = []

    async def handle(body: Any, _metadata: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        seen.append(body)

    pact.verify(handle, "Async")
    assert len(seen) == 1


async def test_a_handler_is_awaited_on_the_running_loop(pact: Pact) -> None:
    an_event(pact)

    async def handle(_body: Any, _metadata: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(PactVerificationError, match="no"):
        await pact.verify_async(handle, "Async")
    with pytest.raises(RuntimeError, match="verify_async"):
        pact.verify(handle, "Async")


@pytest.mark.parametrize(("kind", "error"), [("HTTP", TypeError), ("All", TypeError), ("Other", ValueError)])
def test_only_messages_are_handed_to_handlers(pact: Pact, kind: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=kind):
        pact.verify(print, kind)


def test_bytes_stay_bytes_and_no_body_is_none(pact: Pact) -> None:
    pact.upon_receiving("a picture", "Async").with_binary_body(b"\xff\xd8", "image/jpeg")
    pact.upon_receiving("nothing", "Async")
    seen: list[Any] = []
    pact.verify(lambda body, _metadata: seen.append(body), "Async")
    assert seen == [b"\xff\xd8", None]


def test_a_message_is_handed_out_in_a_block(pact: Pact) -> None:
    an_event(pact)
    with pact.message("a user was created") as message:
        assert message.json()["id"] == 7
        assert message.metadata["topic"] == "users"
    assert not pact.unplayed


def test_a_message_that_was_not_taken_stays_unplayed_and_is_named(pact: Pact) -> None:
    an_event(pact)
    with pytest.raises(ValueError, match="no") as caught, pact.message("a user was created"):
        raise ValueError("no")
    assert caught.value.__notes__ == ["The code under test did not take the message 'a user was created'"]
    assert [interaction.description for interaction in pact.unplayed] == ["a user was created"]


def test_a_reply_is_compared_with_what_is_expected(pact: Pact) -> None:
    a_question(pact)
    with pact.message("a price") as message:
        assert message.json() == {"sku": "a1"}
        message.reply({"price": 2.5})
    with pytest.raises(MismatchesError) as caught, pact.message("a price") as message:
        message.reply({"price": "much"})
    assert isinstance(caught.value.mismatches[0], BodyMismatch)
    assert "a price" in str(caught.value)
    assert "$.price" in str(caught.value)


@pytest.mark.parametrize("reply", [{"price": 2.5}, '{"price": 2.5}', b'{"price": 2.5}', None, True])
def test_a_handler_returns_the_reply_or_nothing(pact: Pact, reply: Any) -> None:
    a_question(pact)
    pact.verify(lambda _body, _metadata: reply, "Sync")
    assert not pact.unplayed


@pytest.mark.parametrize("reply", [{"price": "much"}, '{"price": "much"}', b"much", []])
def test_a_wrong_reply_of_a_handler_is_told(pact: Pact, reply: Any) -> None:
    a_question(pact)
    (error,) = pact.verify(lambda _body, _metadata: reply, "Sync", raises=False)
    assert error.description == "a price"
    assert isinstance(error.error, MismatchesError)
    with pytest.raises(PactVerificationError, match="reply to the message 'a price' did not match"):
        pact.verify(lambda _body, _metadata: reply, "Sync")


async def test_a_reply_that_has_to_be_awaited_is_compared(pact: Pact) -> None:
    a_question(pact)

    async def handle(_body: Any, _metadata: dict[str, Any]) -> dict[str, object]:
        await asyncio.sleep(0)
        return {"price": "much"}

    (error,) = await pact.verify_async(handle, "Sync", raises=False)
    assert "$.price" in str(error)
    (error,) = await asyncio.to_thread(lambda: pact.verify(handle, "Sync", raises=False))
    assert "$.price" in str(error)


def test_what_a_handler_returns_for_a_message_that_nobody_answers_says_nothing(pact: Pact) -> None:
    an_event(pact)
    pact.verify(lambda _body, _metadata: {"anything": 1}, "Async")


def test_a_reply_too_many_is_told(pact: Pact) -> None:
    a_question(pact)
    with (
        pytest.raises(MismatchesError, match="the actual response had 2"),
        pact.message("a price") as message,
    ):
        deque(map(message.reply, ({"price": 2.5}, {"price": 3.5})))


def test_messages_are_written_by_their_kind(pact: Pact, tmp_path: Path) -> None:
    an_event(pact)
    a_question(pact)
    question, event = written(pact, tmp_path)["interactions"]
    assert event["type"] == "Asynchronous/Messages"
    assert event["contents"]["content"]["id"] == 7
    assert event["metadata"] == {
        "contentType": "application/json",
        "offset": 12,
        "partition": "3",
        "topic": "users",
    }
    assert question["response"][0]["metadata"] == {"contentType": "application/json", "final": True}


def test_v3_holds_messages_that_nobody_answers(pact: Pact, tmp_path: Path) -> None:
    an_event(pact.with_specification("V3"))
    (message,) = written(pact, tmp_path)["messages"]
    assert message["contents"]["id"] == 7


def test_each_body_after_the_request_is_one_more_response(pact: Pact, tmp_path: Path) -> None:
    interaction = pact.upon_receiving("a list", "Sync").with_body("?").will_respond_with()
    interaction.with_body("one").with_body("two").set_metadata(n="1").set_metadata({"n": None}).set_metadata(m="x")
    (found,) = written(pact, tmp_path)["interactions"]
    assert [item["contents"]["content"] for item in found["response"]] == ["one", "two"]
    assert all(item["metadata"] == {"contentType": "text/plain", "m": "x"} for item in found["response"])


def test_metadata_can_hold_matchers(pact: Pact, tmp_path: Path) -> None:
    pact.upon_receiving("x", "Async").with_body("x").with_metadata(topic=match.regex("a-1", regex=r"a-\d"))
    (found,) = written(pact, tmp_path)["interactions"]
    assert found["metadata"]["topic"] == "a-1"
    assert found["matchingRules"]["metadata"]["topic"]["matchers"] == [{"match": "regex", "regex": r"a-\d"}]


def test_a_mixed_pact_serves_its_http_interactions(pact: Pact) -> None:
    an_event(pact)
    with pact.serve() as server:
        assert server.matched
    assert len(pact.unplayed) == 1


def test_interactions_are_shown_by_kind(pact: Pact) -> None:
    an_event(pact)
    a_question(pact)
    pact.upon_receiving("a page").given("s").with_request("GET", "/").will_respond_with(200).with_body("hello")
    (event,), (question,), (page,) = (pact.interactions(kind) for kind in ("Async", "Sync", "HTTP"))
    assert dict(event.contents.metadata)["topic"] == "users"
    assert [state.params for state in event.provider_states()] == [{"id": 7}]
    assert question.request_contents.contents == '{"sku":"a1"}'
    assert question.response_contents[0].matching_rules["body"]["$.price"]["matchers"] == [{"match": "decimal"}]
    assert page.response_contents.contents == "hello"
    every = list(pact.interactions("All"))
    assert [bool(item.as_synchronous_http()) for item in every] == [False, False, True]
    with pytest.raises(ValueError, match="Unknown interaction kind: X"):
        list(pact.interactions("X"))  # type: ignore[arg-type]


def test_a_plugin_makes_a_message_and_compares_what_answers_it(pact: Pact) -> None:
    table = {"csvHeaders": True, "column:Age": "matching(number,36)"}
    (
        pact.using_plugin("csv")
        .upon_receiving("a table", "Sync")
        .with_plugin_contents(table, "text/csv;charset=utf-8")
        .will_respond_with()
        .with_plugin_contents(table, "text/csv;charset=utf-8")
    )
    with pact.message("a table") as message:
        assert str(message.contents).split() == ["Age", "36"]
        message.reply("Age\n40\n")
    with (
        pytest.raises(MismatchesError, match="reply to the message 'a table' did not match"),
        pact.message("a table") as message,
    ):
        message.reply("Age\nold\n")


def test_handlers_get_what_a_plugin_makes_and_it_compares_what_they_return(pact: Pact) -> None:
    table = {"csvHeaders": True, "column:Age": "matching(number,36)"}
    kind = "text/csv;charset=utf-8"
    pact.using_plugin("csv").upon_receiving("a table", "Async").with_plugin_contents(table, kind)
    asked = pact.upon_receiving("another table", "Sync").with_plugin_contents(table, kind)
    asked.will_respond_with().with_plugin_contents(table, kind)
    seen: list[tuple[str, str]] = []

    def handle(body: Any, metadata: dict[str, Any]) -> str:
        seen.append((body, metadata["contentType"]))
        return "Age\nold\n"

    pact.verify(handle, "Async")
    (error,) = pact.verify(handle, "Sync", raises=False)
    assert seen == [("Age\n36\n", kind)] * 2
    assert "'old'" in str(error)
    pact.verify(lambda _body, _metadata: "Age\n40\n", "Sync")
