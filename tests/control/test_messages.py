"""Messages of a pact are handed out over HTTP, and the verdict knows what became of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from pydantic import TypeAdapter

from pactmock.control import messages
from pactmock.control.explained import Mismatch
from pactmock.control.running import Service
from pactmock.reports import json as json_report
from pactmock.reports.text import report
from tests.pacts import Json, interaction, pact

V3_MESSAGE = {"description": "an event", "contents": {"id": 1}, "metadata": {"topic": "orders"}}
ASYNCHRONOUS = {
    "type": "Asynchronous/Messages",
    "description": "an event",
    "key": "event",
    "contents": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
    "metadata": {"topic": "orders"},
    "generators": {
        "body": {"$.id": {"type": "RandomInt", "min": 100, "max": 999}},
        "metadata": {"topic": {"type": "RandomString"}},
    },
}
SYNCHRONOUS = {
    "type": "Synchronous/Messages",
    "description": "a question",
    "key": "question",
    "request": {"contents": {"content": "how many?", "contentType": "text/plain", "encoded": False}},
    "response": [
        {
            "contents": {"content": {"count": 1}, "contentType": "application/json", "encoded": False},
            "metadata": {"trace": "a1"},
            "matchingRules": {
                "body": {"$.count": {"matchers": [{"match": "integer"}]}},
                "metadata": {"trace": {"matchers": [{"match": "regex", "regex": "[a-z][0-9]"}]}},
            },
        }
    ],
}


def v4(*interactions: Mapping[str, Any]) -> Json:
    return pact(*map(dict, interactions), version="4.0")


def v3_messages(*items: Json) -> Json:
    document = pact()
    del document["interactions"]
    return document | {"messages": list(items)}


class Api:
    """The calls about the messages of one mock server."""

    def __init__(self, control: aiohttp.ClientSession, server: Json) -> None:
        self.control = control
        self.server = server
        self.path = f"/mockserver/{server['id']}"

    async def ask(self, method: str, call: str = "", status: int = 200, **more: Any) -> Any:
        async with self.control.request(method, self.path + call, **more) as response:
            assert response.status == status, await response.text()
            return await response.json() if response.content_type == "application/json" else None

    async def hand_out(self, key: str, status: int = 200) -> Any:
        return await self.ask("POST", f"/messages/{key}", status)

    async def say(self, key: str, status: int = 200, **what: Any) -> Any:
        return await self.ask("POST", f"/messages/{key}/handled", status, json=what)

    async def mismatches(self) -> list[str]:
        found = await self.ask("GET", "/mismatches")
        TypeAdapter(list[Mismatch]).validate_python(found)
        matched = await self.ask("GET", "/matched")
        assert matched["matched"] is not bool(found)
        return [item["type"] for item in found]

    async def keys(self) -> list[str]:
        return [item["key"] for item in (await self.ask("GET", "/messages"))["messages"]]


async def start(control: aiohttp.ClientSession, document: Json, **query: str) -> Api:
    async with control.post("/", json=document, params=query) as response:
        assert response.status == 200, await response.text()
        return Api(control, (await response.json())["mockServer"])


async def test_a_pact_of_messages_is_written_when_all_were_handled(
    service: Service, control: aiohttp.ClientSession
) -> None:
    api = await start(control, v3_messages(V3_MESSAGE))
    assert (api.server["status"], api.server["messages"], api.server["notTested"]) == ("error", 1, 0)
    (key,) = await api.keys()
    await api.ask("POST", "/verify", 422)

    delivery = await api.hand_out(key)
    assert delivery["contents"] == {"content": {"id": 1}, "contentType": "application/json", "encoded": False}
    assert delivery["metadata"] == {"topic": "orders", "contentType": "application/json"}
    assert await api.mismatches() == ["missing-message"]
    assert await api.say(key) == {"matched": True, "mismatch": None}

    assert await api.mismatches() == []
    await api.ask("POST", "/verify", 204)
    written = json.loads((service.settings.output / "web-api.json").read_bytes())
    assert [item["description"] for item in written["messages"]] == ["an event"]


async def test_generators_make_contents_and_metadata_each_time_and_repeatably_with_a_seed(
    control: aiohttp.ClientSession,
) -> None:
    made = []
    for _ in range(2):
        api = await start(control, v4(ASYNCHRONOUS), seed="7")
        made.append([await api.hand_out("event") for _ in range(2)])
    assert made[0] == made[1]
    first, second = made[0]
    assert 100 <= first["contents"]["content"]["id"] <= 999
    assert first["metadata"]["topic"] != "orders"
    assert first["contents"] != second["contents"]
    assert [first["delivery"], second["delivery"]] == [1, 2]


async def test_what_is_answered_is_what_its_models_say(control: aiohttp.ClientSession) -> None:
    api = await start(control, v4(ASYNCHRONOUS, SYNCHRONOUS))
    for key in ("event", "question"):
        messages.HandedOut.model_validate(await api.hand_out(key))
    messages.Settled.model_validate(await api.say("question", reply={"count": "one"}))
    messages.Messages.model_validate(await api.ask("GET", "/messages"))


async def test_who_accepts_no_json_gets_the_message_as_it_is(control: aiohttp.ClientSession) -> None:
    image = base64.b64encode(b"\x00\xff").decode()
    contents = {"content": image, "contentType": "image/png", "encoded": "base64"}
    metadata = {"topic": "örders 😀", "weight": 1.5}
    api = await start(control, v4(ASYNCHRONOUS | {"contents": contents, "metadata": metadata, "generators": {}}))
    for accept, kind in (("image/png", "image/png"), ("application/octet-stream", "application/octet-stream")):
        async with control.post(f"{api.path}/messages/event", headers={"Accept": accept}) as response:
            assert (response.status, response.content_type) == (200, kind)
            assert await response.read() == b"\x00\xff"
            assert json.loads(response.headers["X-Pactmock-Metadata"]) == {"contentType": "image/png"} | metadata
            number = int(response.headers["X-Pactmock-Delivery"])
    assert (await api.say("event", delivery=number))["matched"]
    assert (await api.hand_out("event"))["contents"] == contents


async def test_an_error_of_the_code_under_test_is_a_mismatch_that_stays(control: aiohttp.ClientSession) -> None:
    api = await start(control, v3_messages(V3_MESSAGE))
    (key,) = await api.keys()
    await api.hand_out(key)
    said = await api.say(key, error="no such order\x1b[2J")
    assert said["matched"] is False
    assert (said["mismatch"]["type"], said["mismatch"]["path"]) == ("message-failed", "an event")
    await api.hand_out(key)
    assert (await api.say(key))["matched"]
    assert await api.mismatches() == ["message-failed"], "a later success does not undo it"
    (listed,) = (await api.ask("GET", "/messages"))["messages"]
    assert (listed["asked"], listed["handled"], listed["failed"]) == (2, 1, 1)
    failed = (await api.ask("POST", "/verify", 422))["mismatches"]
    text = "\n".join(report("failed:", map(json_report.read, failed)))
    assert "1) the message 'an event' was not handled" in text
    assert "no such order\\u{1b}[2J" in text
    assert list(map(json_report.mismatch, map(json_report.read, failed))) == failed


REPLIES: list[tuple[Json, list[str]]] = [
    ({}, []),
    ({"reply": {"count": 7}}, []),
    ({"reply": {"contents": {"count": 7}, "metadata": {"trace": "z9"}}}, []),
    ({"replies": [{"count": 7}]}, []),
    ({"reply": '{"count": 7}'}, []),
    ({"reply": {"content": {"count": 7}, "contentType": "application/json"}}, []),
    ({"reply": {"content": "eyJjb3VudCI6N30=", "contentType": "application/json", "encoded": "base64"}}, []),
    ({"reply": {"count": "seven"}}, ["BodyMismatch"]),
    ({"reply": {"contents": {"count": 7}, "metadata": {"trace": "9z"}}}, ["MetadataMismatch"]),
    ({"reply": {"contents": {"count": 7}, "metadata": {}}}, ["MetadataMismatch"]),
    ({"reply": {"content": "7", "contentType": "text/plain"}}, ["BodyTypeMismatch"]),
    ({"replies": [{"count": 7}, {"count": 8}]}, ["BodyTypeMismatch"]),
    ({"replies": []}, []),
]


@pytest.mark.parametrize(("said", "kinds"), REPLIES)
async def test_the_reply_to_a_synchronous_message_is_compared(
    control: aiohttp.ClientSession, said: Json, kinds: list[str]
) -> None:
    api = await start(control, v4(SYNCHRONOUS))
    delivery = await api.hand_out("question")
    assert delivery["contents"]["content"] == "how many?"
    assert [item["contents"]["content"] for item in delivery["responses"]] == [{"count": 1}]
    settled = await api.say("question", **said)
    found = [] if settled["matched"] else settled["mismatch"]["mismatches"]
    assert [item["type"] for item in found] == kinds
    assert await api.mismatches() == (["message-mismatch"] if kinds else [])
    listed = await api.ask("GET", "/mismatches")
    assert list(map(json_report.mismatch, map(json_report.read, listed))) == listed


@pytest.mark.parametrize(
    ("key", "said", "status", "code"),
    [
        ("event", {"reply": {"a": 1}}, 400, "invalid_parameter"),
        ("question", {"reply": 1, "replies": [1]}, 400, "invalid_parameter"),
        ("question", {"reply": {"contents": 1, "metadata": 2}}, 400, "invalid_parameter"),
        ("question", {"problem": "x"}, 400, "invalid_parameter"),
        ("question", {"delivery": 99}, 409, "not_handed_out"),
        ("question", {"delivery": 1}, 409, "not_handed_out"),
        ("nothing", {}, 404, "no_such_message"),
    ],
)
async def test_what_cannot_be_said_of_a_message_is_refused_and_counts_for_nothing(
    control: aiohttp.ClientSession, key: str, said: Json, status: int, code: str
) -> None:
    api = await start(control, v4(ASYNCHRONOUS, SYNCHRONOUS))
    await api.hand_out("event")
    await api.hand_out("question")
    assert (await api.say(key, status, **said))["code"] == code
    assert await api.mismatches() == ["missing-message", "missing-message"]


async def test_a_message_that_nobody_was_handed_cannot_have_been_handled(control: aiohttp.ClientSession) -> None:
    api = await start(control, v4(ASYNCHRONOUS))
    assert (await api.say("event", 409))["code"] == "not_handed_out"
    assert await api.mismatches() == ["missing-message"]


@pytest.mark.parametrize("change", ["reset", "put"])
async def test_what_was_handed_out_before_a_reset_or_a_put_counts_for_nothing_after_it(
    control: aiohttp.ClientSession, change: str
) -> None:
    api = await start(control, v4(ASYNCHRONOUS))
    before = (await api.hand_out("event"))["delivery"]
    await api.say("event", error="broken")
    if change == "reset":
        await api.ask("DELETE", "/requests", 204)
    else:
        await api.ask("PUT", "/interactions", json=v4(ASYNCHRONOUS))
    assert await api.mismatches() == ["missing-message"]
    assert (await api.say("event", 409))["code"] == "not_handed_out"
    after = (await api.hand_out("event"))["delivery"]
    assert (await api.say("event", 409, delivery=before))["code"] == "not_handed_out"
    assert await api.mismatches() == ["missing-message"]
    await api.say("event", delivery=after)
    assert await api.mismatches() == []


async def test_messages_that_are_added_have_to_be_handled_too(control: aiohttp.ClientSession) -> None:
    api = await start(control, v4(ASYNCHRONOUS))
    await api.hand_out("event")
    await api.say("event")
    await api.ask("POST", "/interactions", json=v4(SYNCHRONOUS, ASYNCHRONOUS))
    assert await api.keys() == ["event", "question", "event-2"]
    assert await api.mismatches() == ["missing-message", "missing-message"]


async def test_messages_of_a_mixed_pact_count_once_one_was_asked_for(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    api = await start(control, v4(interaction("a request"), ASYNCHRONOUS, SYNCHRONOUS))
    assert (api.server["interactions"], api.server["messages"], api.server["notTested"]) == (1, 2, 2)
    async with http.get(api.server["url"]) as response:
        assert response.status == 200
    assert await api.ask("GET", "/matched") == {"matched": True, "notTested": 2}
    async with control.post(f"{api.path}/verify") as response:
        assert (response.status, response.headers["X-Pactmock-Not-Tested"]) == (204, "2")

    await api.hand_out("event")
    assert await api.mismatches() == ["missing-message", "missing-message"]
    for key in ("event", "question"):
        await api.hand_out(key)
        await api.say(key)
    assert await api.ask("GET", "/matched") == {"matched": True}


async def test_messages_of_a_mixed_pact_count_from_the_start_where_that_is_wanted(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession
) -> None:
    api = await start(control, v4(interaction("a request"), ASYNCHRONOUS), messages="true")
    assert await api.mismatches() == ["missing-request", "missing-message"]
    async with http.get(api.server["url"]) as response:
        assert response.status == 200
    assert await api.ask("GET", "/wait?timeout=0") == {"complete": False, "matched": False}
    await api.hand_out("event")
    await api.say("event")
    assert await api.ask("GET", "/wait?timeout=0") == {"complete": True, "matched": True}


async def test_a_message_that_cannot_be_made_is_refused_with_its_place_when_it_is_asked_for(
    control: aiohttp.ClientSession,
) -> None:
    broken = ASYNCHRONOUS | {"generators": {"body": {"$.id": {"type": "Regex", "regex": "("}}}}
    api = await start(control, v4(interaction("a request"), broken))
    refused = await api.hand_out("event", 422)
    assert refused["code"] == "invalid_rule"
    assert refused["pointer"].startswith("/interactions/1/generators/body")
    assert await api.mismatches() == ["missing-request", "missing-message"], "it was asked for"


async def test_a_server_without_messages_has_none_until_they_are_added(control: aiohttp.ClientSession) -> None:
    api = await start(control, v4(interaction("a request")))
    assert await api.ask("GET", "/messages") == {"messages": [], "total": 0, "notTested": 0}
    assert (await api.hand_out("event", 404))["code"] == "no_such_message"
    await api.ask("POST", "/interactions", json=v4(ASYNCHRONOUS))
    assert await api.mismatches() == ["missing-request"]
    await api.hand_out("event")
    assert await api.mismatches() == ["missing-request", "missing-message"]
    await api.ask("PUT", "/interactions", json=v4(interaction("another")))
    assert await api.mismatches() == ["missing-request"]


@pytest.mark.parametrize("key", ["a b", "ü/x", "{id}", "100%", "a?b#c"])
async def test_a_key_may_be_any_text(control: aiohttp.ClientSession, key: str) -> None:
    api = await start(control, v4(ASYNCHRONOUS | {"key": key}))
    assert await api.keys() == [key]
    from urllib.parse import quote

    from yarl import URL

    path = f"{api.path}/messages/{quote(key, safe='')}"
    base = f"http://127.0.0.1:{control._base_url.port}"  # type: ignore[union-attr]
    async with control.post(URL(base + path, encoded=True)) as response:
        assert response.status == 200, await response.text()
    async with control.post(URL(base + path + "/handled", encoded=True)) as response:
        assert (await response.json())["matched"]


async def test_the_log_tells_what_became_of_messages(control: aiohttp.ClientSession) -> None:
    api = await start(control, v4(ASYNCHRONOUS))
    await api.hand_out("event")
    await api.say("event", error="broken\nline")
    async with control.get(f"{api.path}/logs") as response:
        log = await response.text()
    assert "the message 'an event' was handed out (delivery 1)" in log
    assert "the message 'an event' was not handled: broken\\nline" in log


TABLE = {"content": "1,2\n", "contentType": "text/csv", "encoded": False}
COLUMNS = {
    "generators": {"body": {"column:1": {"type": "RandomInt", "min": 100, "max": 999}}},
    "matchingRules": {"body": {"column:1": {"matchers": [{"match": "integer"}]}}},
}


async def test_a_plugin_generates_the_contents_of_messages_and_compares_the_replies(
    control: aiohttp.ClientSession,
) -> None:
    event = ASYNCHRONOUS | {"contents": TABLE, **COLUMNS}
    question = SYNCHRONOUS | {"request": {"contents": TABLE}, "response": [{"contents": TABLE, **COLUMNS}]}
    document = v4(event, question)
    document["metadata"]["plugins"] = [{"name": "csv"}]
    api = await start(control, document)
    first, second = (await api.hand_out("event"))["contents"]["content"].strip().split(",")
    assert (100 <= int(first) <= 999, second) == (True, "2")
    answer = (await api.hand_out("question"))["responses"][0]["contents"]["content"]
    assert 100 <= int(answer.partition(",")[0]) <= 999
    assert (await api.say("question", reply="77,2\n"))["matched"]
    assert not (await api.say("question", reply="one,2\n"))["matched"]
    assert not (await api.say("question", reply="77,3\n"))["matched"]


async def test_messages_of_a_contract_in_consumer_test_form_are_handed_out(control: aiohttp.ClientSession) -> None:
    paid = {"pact:matcher:type": "integer", "pact:generator:type": "RandomInt", "min": 5, "max": 9, "value": 1}
    contract = {
        "consumer": "shop",
        "provider": "orders",
        "plugins": ["csv"],
        "interactions": [
            {
                "type": "core/interaction/message",
                "description": "an order was paid",
                "message": {
                    "contents": {"content-type": "application/json", "body": {"id": paid}},
                    "metadata": {"topic": "orders"},
                },
            },
            {
                "type": "core/interaction/synchronous-message",
                "description": "a report",
                "request": {"contents": {"content-type": "text/plain", "body": "which?"}},
                "response": [{"contents": {"content-type": "text/csv", "column:1": "matching(number,100)"}}],
            },
        ],
    }
    headers = {"Content-Type": "application/vnd.pactmock.test+json"}
    async with control.post("/", data=json.dumps(contract), headers=headers) as response:
        assert response.status == 200, await response.text()
        api = Api(control, (await response.json())["mockServer"])
    event, report_ = await api.keys()
    handed = await api.hand_out(event)
    assert 5 <= handed["contents"]["content"]["id"] <= 9
    assert handed["metadata"]["topic"] == "orders"
    assert (await api.hand_out(report_))["responses"][0]["contents"]["content"].strip() == "100"
    assert (await api.say(report_, reply="7\n"))["matched"]
    assert (await api.say(event))["matched"]
    assert await api.mismatches() == []
    assert not (await api.say(report_, reply="seven\n"))["matched"]
