"""What a call of the plugin protocol is: its name, and how what is asked and answered becomes messages.

Each side needs one half: whoever calls a plugin encodes the question and decodes the answer, whoever serves one
decodes the question and encodes the answer. A version differs in its module of messages, and in what it can say: what
a version has no field for is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from google.protobuf.empty_pb2 import Empty

from pactmock.errors import PluginError
from pactmock.generators.context import Mode
from pactmock.pact.value import value
from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.plugin import Plugin

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@value
class Call(Generic[Question, Answer]):
    """One call. `decode_answer` raises `PluginError` where the answer is an error."""

    name: str
    request: str
    """The name of the message that asks."""
    response: str
    """The name of the message that answers, empty for none."""
    ask: Callable[[Plugin, Question], Answer]
    """Makes the call of a plugin in this process."""
    encode_request: Callable[[Messages, Question], Message]
    decode_request: Callable[[Message], Question]
    encode_answer: Callable[[Messages, Answer], Message]
    decode_answer: Callable[[Message], Answer]
    encode_error: Callable[[Messages, str], Message] | None = None
    """Makes the answer that is an error; None where the call can only fail."""

    def response_type(self, messages: Messages) -> Any:
        """Return the class of the answer in a version."""
        return getattr(messages, self.response) if self.response else Empty


def error_in(response: str) -> Callable[[Messages, str], Message]:
    """Make the `encode_error` of a message that has the field `error`."""
    return lambda messages, text: getattr(messages, response)(error=text)


def refuse_error(answer: Message) -> None:
    """Raise the error that an answer is, if it is one."""
    if answer.error:
        raise PluginError(answer.error)


_MODES = (None, Mode.CONSUMER, Mode.PROVIDER)


def mode_number(mode: Mode | None) -> int:
    """Return the TestMode of a mode; None is `Unknown`."""
    return _MODES.index(mode)


def mode_of(number: int) -> Mode | None:
    """Return the mode of a TestMode."""
    return _MODES[number] if 0 <= number < len(_MODES) else None
