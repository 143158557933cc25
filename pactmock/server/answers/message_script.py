"""The messages of a pact, ready to be handed out: generators are played each time, replies compared with the pact's.

A message is compiled when it is first asked for: most pacts with messages are played for their requests, and what only
a message could go wrong with must not refuse those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from pactmock.errors import InvalidParameter, below
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.keys import Keys
from pactmock.pact.json.values import Json, compact_bytes
from pactmock.pact.made_once import made_once
from pactmock.pact.model import MessageContents, message_content_type, message_parts
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.generators.context import GeneratorContext
    from pactmock.matching.mismatch import Mismatch
    from pactmock.pact.model import AsynchronousMessage, SynchronousMessages
    from pactmock.plugins.binding.bound_pact import BoundPact

    MessageInteraction: TypeAlias = AsynchronousMessage | SynchronousMessages


@value
class Reply:
    """What the code under test answers to a message.

    Without a type it is of the one that is expected, and without metadata only the contents are compared.
    """

    content: bytes
    content_type: ContentType | None = None
    metadata: Mapping[str, Json] | None = None

    @classmethod
    def read(cls, document: Json) -> Reply:
        """Read `{"contents", "metadata"?}`, or only contents: as in a V4 file, a text as it is, or any other JSON.

        Raises:
            InvalidParameter: for metadata that is no object.
            InvalidPact: when the charset of the type cannot hold the contents.
        """
        metadata: Json = None
        if isinstance(document, dict) and "contents" in document and document.keys() <= {"contents", "metadata"}:
            document, metadata = document["contents"], document.get("metadata")
            if not isinstance(metadata, dict | None):
                raise InvalidParameter("The metadata of a reply is a JSON object", parameter="reply")
        if isinstance(document, str):
            return cls(document.encode(errors="surrogatepass"), None, metadata)
        if isinstance(document, dict) and "content" in document and document.keys() <= bodies.V4_MEMBERS:
            declared = document.get("contentType")
            body = bodies.from_v4(document, None)
            return cls(body.content, types.parse(declared) if declared else None, metadata)
        return cls(compact_bytes(document), None, metadata)


@value
class Generated:
    """A message as it is handed out, and the messages that are expected to answer it, with generated values."""

    message: MessageContents
    responses: tuple[MessageContents, ...] = ()


class ScriptedMessage:
    """One message."""

    def __init__(self, interaction: MessageInteraction, name: InteractionName, number: int, bound: BoundPact) -> None:
        """Take a message; `number` is its position among those of the pact."""
        self.interaction = interaction
        self.name = name
        self._number = number
        self._bound = bound

    @property
    def parts(self) -> tuple[MessageContents, ...]:
        """The message, and after it those that answer it."""
        return message_parts(self.interaction)

    @property
    def size(self) -> int:
        """The bytes of all its contents."""
        return sum(len(part.contents.content) for part in self.parts)

    def generate(self, context: GeneratorContext) -> Generated:
        """Make the message within the current budget.

        Raises:
            InvalidRule: with the JSON pointer of a generator that cannot work.
            OutOfBudget: when it takes too long.
        """
        first, *others = (make(context) for make in self._makers)
        return Generated(first, tuple(others))

    @made_once
    def _makers(self) -> Sequence[Callable[[GeneratorContext], MessageContents]]:
        return [self._maker(index, part) for index, part in enumerate(self.parts)]

    def _maker(self, index: int, part: MessageContents) -> Callable[[GeneratorContext], MessageContents]:
        from pactmock.generators.apply import compile_contents
        from pactmock.generators.kinds import KINDS

        kinds, make_body = self._bound.generator_kinds, self._bound.contents_makers.get((self._number, index))
        if make_body is not None:  # what a plugin generates is not for the core
            others = {category: entries for category, entries in part.generators.items() if category != "body"}
            part = replace(part, generators=others)
        with below(*part.place):
            generators = compile_contents(part, KINDS if kinds is None else kinds)
        if make_body is None:
            return generators.apply
        return lambda context: replace(generators.apply(context), contents=make_body(context))

    def compare(self, replies: Sequence[Reply]) -> list[Mismatch]:
        """Say what of the replies differs from those that are expected, within the current budget.

        They are compared as reference/matching.md §5.5 says.

        Raises:
            InvalidRule: with the JSON pointer of a rule that cannot be compiled.
        """
        from pactmock.matching.mismatch import BodyTypeMismatch, MetadataMismatch

        expected = self.parts[1:]
        if expected and len(expected) != len(replies):
            return [BodyTypeMismatch("message response", "", _numbers_differ(len(expected), len(replies)))]
        found: list[Mismatch] = []
        for check, wanted, reply in zip(self._checks, expected, replies, strict=False):
            differences = check(_received(reply, wanted))
            without_metadata = reply.metadata is None
            found += (item for item in differences if not (without_metadata and isinstance(item, MetadataMismatch)))
        return found

    @made_once
    def _checks(self) -> Sequence[Callable[[MessageContents], list[Mismatch]]]:
        from pactmock.matching.cost import PatternCost
        from pactmock.matching.message import compile_message

        cost, checks = PatternCost(), []
        for index, part in enumerate(self.parts[1:], 1):
            with below(*part.place):
                cost.add(part.matching_rules)
                checks.append(compile_message(part, self._bound.contents_compilers.get((self._number, index))))
        return checks

    def __repr__(self) -> str:
        return f"<ScriptedMessage {self.name.key} {self.interaction.description!r}>"


def _numbers_differ(expected: int, actual: int) -> str:
    if not actual:
        return "Expected a message with a response, but the actual response was empty"
    return f"Expected a message with {expected} responses, but the actual response had {actual}"


def _received(reply: Reply, expected: MessageContents) -> MessageContents:
    kind = reply.content_type or message_content_type(expected)
    metadata = expected.metadata if reply.metadata is None else reply.metadata
    return MessageContents(bodies.present(reply.content, kind), metadata)


class MessageScript:
    """The messages of a pact by their keys, in its order; it does not change."""

    def __init__(self, bound: BoundPact, seed: int | None = None) -> None:
        """Take the messages of a pact, without those that need a plugin that is not there.

        With a `seed`, a server that is asked the same things in the same order makes the same of them.
        """
        self.messages: dict[str, ScriptedMessage] = {}
        self.is_alone = not bound.pact.http_interactions
        """Whether the pact has nothing else."""
        self.asks_plugins = bound.asks_plugins
        self._seed = seed
        keys = Keys()
        for number, item in enumerate(bound.pact.messages):
            key = keys.key_of(item)
            if bound.plugin_missing_for(item) is None:
                name = InteractionName.of(item, key, number)
                self.messages[key] = ScriptedMessage(item, name, number, bound)

    @made_once
    def _context(self) -> GeneratorContext:
        from pactmock.generators.context import GeneratorContext  # late: most messages are tested elsewhere

        return GeneratorContext(random=Random(self._seed))  # noqa: S311  example data, no secrets

    def context(self, url: str) -> GeneratorContext:
        """Return what generators look at; `url` is that of the mock server."""
        return replace(self._context, mock_server_url=url)

    def __repr__(self) -> str:
        return f"<MessageScript of {len(self.messages)} messages>"
