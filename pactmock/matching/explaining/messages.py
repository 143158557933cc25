"""What is to be said of a message that was never handled, of one that failed, and of replies that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.differences import MOST_DIFFERENCES, difference, size_of
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.mismatch import Mismatch
from pactmock.matching.texts.shortening import cut, cut_content, fitted
from pactmock.pact.json.values import Json
from pactmock.pact.model import (
    AsynchronousMessage,
    MessageContents,
    SynchronousMessages,
    message_charset,
    message_content_type,
)
from pactmock.pact.parts.body import to_value

_ROOM, _MESSAGE = 44_000, 16_000
"""How many bytes the mismatches of replies may have as JSON, and a message that is shown."""


def missing(name: InteractionName, interaction: AsynchronousMessage | SynchronousMessages) -> Explanation:
    """Explain that a message was never handled."""
    given = interaction.request if isinstance(interaction, SynchronousMessages) else interaction.message
    return replace(_of(kinds.MISSING_MESSAGE, name, interaction), request=_written(given))


def failed(name: InteractionName, interaction: AsynchronousMessage | SynchronousMessages, error: str) -> Explanation:
    """Explain that the code under test did not handle a message; `error` is what it said."""
    return replace(_of(kinds.MESSAGE_FAILED, name, interaction), error=cut(error) or "the code under test failed")


def mismatch(
    name: InteractionName, interaction: AsynchronousMessage | SynchronousMessages, found: Sequence[Mismatch]
) -> Explanation:
    """Explain what differs in the replies to a message."""
    shown: list[Difference] = []
    room = _ROOM
    for item in found[:MOST_DIFFERENCES]:
        made = difference(item)
        room -= size_of(made)
        if room < 0:
            break
        shown.append(made)
    finding = PartFinding("", tuple(shown), len(found) - len(shown))
    return replace(_of(kinds.MESSAGE_MISMATCH, name, interaction), parts=(finding,))


def _of(kind: str, name: InteractionName, interaction: AsynchronousMessage | SynchronousMessages) -> Explanation:
    return Explanation(kind, interaction.type, name.description, interaction=name)


def _written(message: MessageContents) -> Json:
    """Show a message. Contents that are too large to be shown are not parsed for that."""
    shown: dict[str, Json] = {"metadata": dict(message.metadata)} if message.metadata else {}
    content = message.contents.content
    if len(content) > _MESSAGE:
        return fitted(shown, _MESSAGE) | {"contents": cut_content(content, f"({len(content):,} bytes, no text)")}
    if message.contents.is_present:
        shown["contents"] = to_value(message.contents, message_content_type(message), message_charset(message))
    return fitted(shown, _MESSAGE)
