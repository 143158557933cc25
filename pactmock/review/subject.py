"""What an inspection looks at: an interaction, and what it has to know of the pact that it is in."""

from __future__ import annotations

from typing import TypeAlias

from pactmock.pact.model import AsynchronousMessage, HttpInteraction, Interaction, MessageContents, Request, Response
from pactmock.pact.specification import Specification
from pactmock.pact.value import value
from pactmock.plugins.binding.bound_pact import BoundPact

Part: TypeAlias = Request | Response | MessageContents


@value
class Subject:
    """An interaction of a pact that is to be written in a version of the specification."""

    interaction: Interaction
    bound: BoundPact
    version: Specification

    @property
    def asked(self) -> tuple[Part, ...]:
        """What the consumer sends: what the mock server compares, and the verifier sends."""
        item = self.interaction
        return () if isinstance(item, AsynchronousMessage) else (item.request,)

    @property
    def answered(self) -> tuple[Part, ...]:
        """What the provider sends: what the mock server makes up, and the verifier compares."""
        item = self.interaction
        if isinstance(item, HttpInteraction):
            return (item.response,)
        return (item.message,) if isinstance(item, AsynchronousMessage) else item.responses

    @property
    def parts(self) -> tuple[Part, ...]:
        """All of it."""
        return self.asked + self.answered
