"""Messages in a test: handed to the code under test as they would arrive, with the values that generators make."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import TracebackType
from typing import Any, TypeAlias

from pactmock.contract.error import InteractionVerificationError, MismatchesError, Refused
from pactmock.contract.interaction import AsyncMessageInteraction, SyncMessageInteraction
from pactmock.contract.match.matcher import to_json
from pactmock.contract.reading import plugin_host
from pactmock.generators.context import GeneratorContext
from pactmock.pact.json.values import Json, compact_bytes
from pactmock.pact.model import MessageContents, message_content_type
from pactmock.pact.parts import content_type as types
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.server.answers.message_script import MessageScript, Reply, ScriptedMessage

MessageInteraction: TypeAlias = AsyncMessageInteraction | SyncMessageInteraction
Handler: TypeAlias = Callable[[str | bytes | None, dict[str, Any]], object]
"""What takes a message: its body, a text unless its type is binary, and its metadata."""

AsyncHandler: TypeAlias = Callable[[str | bytes | None, dict[str, Any]], Awaitable[object]]


class Message:
    """A message while its block runs: what it is, and for one that is answered a place for the answer.

    with pact.message("a user was created") as message:
        handle(message.contents, message.metadata)
    """

    def __init__(self, interaction: MessageInteraction) -> None:
        self._interaction = interaction
        self._contents: str | bytes | None = None
        self._metadata: dict[str, Any] = {}
        self._scripted: ScriptedMessage | None = None
        self._replies: list[Reply] = []

    @property
    def contents(self) -> str | bytes | None:
        """The body: a text, bytes when its type is binary, None where there is none."""
        return self._contents

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata, with `contentType`; texts that are JSON are read as that."""
        return self._metadata

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self._contents or "null")

    def reply(self, contents: Any, content_type: str | None = None, metadata: Mapping[str, Any] | None = None) -> None:
        """Answer with a body: a text, bytes, or JSON. It is compared with what is expected at the end of the block.

        Raises:
            Refused: for a message that nobody answers.
        """
        if not isinstance(self._interaction, SyncMessageInteraction):
            raise Refused(f"The message '{self._interaction.description}' is not answered: it is 'Async'")
        if not isinstance(contents, bytes):
            contents = contents.encode() if isinstance(contents, str) else compact_bytes(to_json(contents))
        self._replies.append(Reply(contents, types.parse(content_type) if content_type else None, metadata))

    def take(self, result: object) -> None:
        """Take what a handler returned for the reply, where the message is answered and a body can be made of it."""
        if isinstance(self._interaction, SyncMessageInteraction) and isinstance(result, str | bytes | dict | list):
            self.reply(result)

    def __enter__(self) -> Message:
        self._scripted = _scripted(self._interaction)
        self._replies = []
        generated = self._scripted.generate(GeneratorContext())
        self._contents, self._metadata = _received(generated.message)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        if error is not None:
            error.add_note(f"The code under test did not take the message '{self._interaction.description}'")
            return
        if self._replies:
            self._check_replies()
        self._interaction.play()

    def _check_replies(self) -> None:
        __tracebackhide__ = True
        scripted = self._scripted
        found = scripted.compare(self._replies) if scripted else []
        if scripted and found:
            from pactmock.matching.explaining import messages as explaining
            from pactmock.reports import text

            explanation = explaining.mismatch(scripted.name, scripted.interaction, found)
            report = "\n".join(text.report("", [explanation])).strip("\n")
            raise MismatchesError(*(mismatch.to_json() for mismatch in found), report=report)

    def __repr__(self) -> str:
        return f"<Message {self._interaction.description!r}: {self._contents!r}>"


def _scripted(interaction: MessageInteraction) -> ScriptedMessage:
    """Return a message as mock servers hand it out, with what its plugins make of it."""
    pact = interaction.to_pact()
    bind: Bind = BoundPact
    if pact.metadata.get("plugins"):
        from pactmock.plugins.binding.pact_plugins import plugins_for

        bind = plugins_for(pact, plugin_host())
    (scripted,) = MessageScript(bind(pact)).messages.values()
    return scripted


def _received(message: MessageContents) -> tuple[str | bytes | None, dict[str, Any]]:
    kind = message_content_type(message)
    metadata = {name: _read(value) for name, value in message.metadata.items()}
    if not message.contents.is_present:
        return None, metadata
    text = None if kind.is_binary else message.contents.text()
    return (message.contents.content if text is None else text), {"contentType": str(kind), **metadata}


def _read(value: Json) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def verify(interaction: MessageInteraction, handler: Handler) -> InteractionVerificationError | None:
    """Hand a message to a handler, and await what it returns if it has to be; return what it raised.

    What it returns for a message that is answered is compared, and its mismatches are returned as what it raised.

    Raises:
        Refused: when what it returns has to be awaited, and a loop is running: `verify_async` awaits it.
    """
    try:
        with Message(interaction) as message:
            result = handler(message.contents, message.metadata)
            message.take(_run(result) if inspect.isawaitable(result) else result)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001  whatever the code under test raises is reported
        return InteractionVerificationError(interaction.description, error)
    return None


def _run(result: Awaitable[object]) -> object:
    async def wait() -> object:
        return await result

    work: Coroutine[Any, Any, object] = wait()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    work.close()
    if inspect.iscoroutine(result):
        result.close()
    raise Refused("This handler has to be awaited, and a loop is running: use `await pact.verify_async(...)`")


async def verify_async(
    interaction: MessageInteraction, handler: Handler | AsyncHandler
) -> InteractionVerificationError | None:
    """Hand a message to a handler on the running loop; return what it raised, as `verify` does."""
    try:
        with Message(interaction) as message:
            result = handler(message.contents, message.metadata)
            message.take(await result if inspect.isawaitable(result) else result)
    except Exception as error:  # noqa: BLE001  as above
        return InteractionVerificationError(interaction.description, error)
    return None
