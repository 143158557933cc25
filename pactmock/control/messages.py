"""Calls about the messages of a pact: listed, handed out to the code under test, and what became of them."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from pactmock.control.calls import reply
from pactmock.control.explained import InteractionName, Mismatch
from pactmock.control.schemas import Answer, PageQuery, Question
from pactmock.errors import InvalidParameter
from pactmock.pact.json.values import Json
from pactmock.pact.model import MessageContents, message_charset, message_content_type
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts.body import ABSENT
from pactmock.reports import json as json_report
from pactmock.reports.document import listed_message
from pactmock.server.answers.message_script import Reply
from pactmock.server.mock_server import MockServer
from pactmock.server.plays.message_play import Handled
from pactmock.server.records.deliveries import Delivery, metadata_of
from pactmock.service.mock_service import MockService

_Type = Literal["Asynchronous/Messages", "Synchronous/Messages"]


class ListedMessage(InteractionName):
    """A message, and what became of it."""

    type: _Type
    asked: int = Field(description="How often it was handed out.")
    handled: int = Field(description="How often it was handled without an error.")
    failed: int = Field(description="How often it was not, or not as its replies are expected.")


class Messages(Answer):
    """The answer of `GET /mockserver/{id}/messages`."""

    messages: list[ListedMessage]
    total: int
    notTested: int = Field(description="How many do not count, as nobody asked for one.")  # noqa: N815


class Contents(Answer):
    """The contents of a message, as a V4 pact file has them."""

    content: Any = Field(description="A document, a text, or bytes in base64.")
    contentType: str | None = None  # noqa: N815  the name in a pact file
    encoded: bool | str = Field(False, description="`base64`, or `json` for a text that is a document.")
    contentTypeHint: str | None = None  # noqa: N815


class Message(Answer):
    """Contents, null where there are none, and metadata, which names their type as `contentType`."""

    contents: Contents | None
    metadata: dict[str, Any]


class HandedOut(Message):
    """The answer of `POST /mockserver/{id}/messages/{key}`: a message with the values that generators made."""

    delivery: int = Field(description="Names this delivery; counts from 1.")
    type: _Type
    interaction: InteractionName
    responses: list[Message] = Field(description="What is expected to answer a synchronous message.")


class HandledBody(Question):
    """The body of `POST /mockserver/{id}/messages/{key}/handled`."""

    error: str | None = Field(None, description="Why the code under test failed; null where it did not.")
    reply: Any = Field(
        None, description="What answers a synchronous message: `{contents, metadata}` as it is handed out, or contents."
    )
    replies: list[Any] | None = Field(None, description="The same, for a message that several answer.")
    delivery: int | None = Field(None, description="Which delivery that was; by default the latest one.")


class Settled(Answer):
    """The answer of `POST /mockserver/{id}/messages/{key}/handled`."""

    matched: bool = Field(description="Whether it was handled without an error, and the replies are as expected.")
    mismatch: Mismatch | None = Field(description="What is wrong, as it is among the mismatches from now on.")


def show_messages(service: MockService, server: MockServer, query: PageQuery) -> dict[str, Json]:
    """List the messages of the pact, and what became of them since what was received was last forgotten."""
    listed = service.messages(server)
    shown = list(map(listed_message, query.page(listed)))
    return {"messages": shown, "total": len(listed), "notTested": server.not_tested}


async def hand_out(service: MockService, server: MockServer, key: str, accept: str) -> reply.Reply:
    """Hand out a message for the code under test: as JSON, or as it is to who accepts no JSON.

    From the first one on, all messages of the pact have to be handled.
    """
    delivery = await service.hand_out(server, key)
    accepted = {item.partition(";")[0].strip().lower() for item in accept.split(",")}
    if accepted & _ALSO_JSON:
        return reply.Reply.json(_shown(delivery), headers=[(DELIVERY, str(delivery.number))])
    message = delivery.generated.message
    metadata = json.dumps(metadata_of(message), separators=(",", ":"))
    headers = [(DELIVERY, str(delivery.number)), ("X-Content-Type-Options", "nosniff")]
    if len(metadata) <= _LONGEST_HEADER:
        headers.append((METADATA, metadata))
    kind = str(message_content_type(message))
    # As what it is only for who says so: it would be a page of this very origin in a browser.
    is_named = kind.partition(";")[0].lower() in accepted
    return reply.Reply(message.contents.content, kind if is_named else "application/octet-stream", headers=headers)


DELIVERY = "X-Pactmock-Delivery"
METADATA = "X-Pactmock-Metadata"
"""The metadata of a message that is handed out as it is, as JSON in ASCII; left out where it is very long."""

_LONGEST_HEADER = 4000
_ALSO_JSON = frozenset({"", "*/*", "application/*", "application/json"})


def _shown(delivery: Delivery) -> dict[str, Json]:
    message, generated = delivery.message, delivery.generated
    return {
        "delivery": delivery.number,
        "type": message.interaction.type,
        "interaction": json_report.interaction(message.name),
        **_message(generated.message),
        "responses": [_message(item) for item in generated.responses],
    }


def _message(message: MessageContents) -> dict[str, Json]:
    kind, charset = message_content_type(message), message_charset(message)
    contents = bodies.to_v4(message.contents, kind, is_declared=True, charset=charset)
    return {"contents": None if contents is ABSENT else contents, "metadata": metadata_of(message)}


async def settle(service: MockService, server: MockServer, key: str, body: HandledBody) -> dict[str, Json]:
    """Say what became of a message that was handed out: nothing is wrong, an error, or what answers it."""
    handled = Handled(body.error, tuple(map(Reply.read, _replies(body))), body.delivery)
    failure = await service.settle(server, key, handled)
    return {"matched": failure is None, "mismatch": None if failure is None else json_report.mismatch(failure)}


def _replies(body: HandledBody) -> list[Json]:
    is_one = "reply" in body.model_fields_set
    if body.replies is None:
        return [body.reply] if is_one else []
    if is_one:
        raise InvalidParameter("Member 'reply' is one of 'replies': use only one of them", parameter="reply")
    return body.replies
