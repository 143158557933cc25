"""What a call of the plugin protocol is: its name, and how what is asked and answered becomes messages.

Each side needs one half: whoever calls a plugin encodes the question and decodes the answer, whoever serves one
decodes the question and encodes the answer. A version differs in its module of messages, and in what it can say: what
a version has no field for is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.empty_pb2 import Empty

from pactmock.errors import PluginError
from pactmock.generators.context import Mode
from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.plugin import Plugin

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Call(ABC, Generic[Question, Answer]):
    """One call: its names, and how each side writes and reads it."""

    name: ClassVar[str]
    method: ClassVar[str]
    """The method of `Plugin` that answers it."""
    request: ClassVar[str]
    """The name of the message that asks."""
    response: ClassVar[str]
    """The name of the message that answers, empty for none."""
    answers_errors: ClassVar[bool] = False
    """Whether the answer has the field `error`; where it has none, the call can only fail."""
    may_call_back: ClassVar[bool] = False
    """Whether a plugin may ask the host back while it answers (reference/plugins.md §2.3)."""
    only_in_v2: ClassVar[str] = ""
    """What cannot be done without it, where interface V1 has no such call."""

    def ask(self, plugin: Plugin, asked: Question) -> Answer:
        """Make the call of a plugin in this process."""
        answer: Answer = getattr(plugin, self.method)(asked)
        return answer

    @abstractmethod
    def encode_request(self, messages: Messages, asked: Question) -> Message:
        """Make the message that asks."""

    @abstractmethod
    def decode_request(self, message: Message) -> Question:
        """Read what is asked."""

    @abstractmethod
    def encode_answer(self, messages: Messages, answer: Answer) -> Message:
        """Make the message that answers."""

    @abstractmethod
    def decode_answer(self, message: Message) -> Answer:
        """Read what is answered.

        Raises:
            PluginError: where the answer is an error.
        """

    def encode_error(self, messages: Messages, text: str) -> Message:
        """Make the answer that is an error, of a call that has such answers."""
        return getattr(messages, self.response)(error=text)

    def response_type(self, messages: Messages) -> Any:
        """Return the class of the answer in a version."""
        return getattr(messages, self.response) if self.response else Empty


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
