"""What a consumer's test defines, HTTP interactions and messages, until the service writes its pact file.

Interactions are defined as a pact file has them, so that nothing of the package makes the test's own data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pactmock.pact.model import HttpInteraction, SynchronousMessages
from pactmock.pact.specification import Specification
from tests.compatibility.parts import Part
from tests.compatibility.stage import Json, Stage


@dataclass
class World:
    """What the steps of a scenario share.

    `defined` are interactions of a pact file; the one that is being defined is the last. `received` is what the code
    under test gets: the message, or the answers to the message that it sent, which is `sent`; each as the service hands
    it out. `mismatches` are what the service says of the whole.
    """

    stage: Stage
    defined: list[Json] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    received: list[Json] = field(default_factory=list)
    mismatches: list[Json] = field(default_factory=list)
    document: Json = field(default_factory=dict)

    @property
    def version(self) -> Specification:
        return self.stage.version

    @property
    def interaction(self) -> Json:
        """The interaction that is being defined."""
        return self.defined[-1]

    @property
    def request(self) -> Json:
        """The message that the code under test sends."""
        request: Json = self.interaction["request"]
        return request

    @property
    def to_receive(self) -> Json:
        """The message that the code under test receives, before values were generated in it."""
        message: Json = self.interaction["response"][0] if self.sent else self.interaction
        return message

    @property
    def kind(self) -> str:
        """The member of a pact file that holds the interactions."""
        holds_messages = not self.version.typed_interactions and not is_http(self.interaction)
        return "messages" if holds_messages else "interactions"

    def define(self, kind: str, description: str, **parts: Any) -> None:
        """Begin an interaction; only V4 says of which type it is."""
        typed = {"type": kind} if self.version.typed_interactions else {}
        self.defined.append({**typed, "description": description, **parts})

    def pact(self) -> Json:
        """Return the pact file that the service is given."""
        return self.stage.pact(self.defined, self.kind)

    async def play(self, error: str | None = None) -> None:
        """Call the HTTP interactions, hand out the messages, with an `error` of the code under test, and verify."""
        server = await self.stage.start(self.pact())
        if any(map(is_http, self.defined)):
            await server.send(Part())
        for delivery in await server.hand_out(error):
            if delivery["type"] == SynchronousMessages.type:
                self.sent.append(delivery)
                self.received += delivery["responses"]
            else:
                self.received.append(delivery)
        self.mismatches = await server.mismatches()
        assert await server.verify() is not bool(self.mismatches)
        self.document = self.stage.written() or {}

    def written(self, index: int) -> Json:
        """Return an interaction of the file that was written."""
        written: Json = self.document[self.kind][index]
        return written


def is_http(interaction: Json) -> bool:
    """Tell whether an interaction of a pact file is one over HTTP."""
    return interaction.get("type", HttpInteraction.type) == HttpInteraction.type and "request" in interaction
