"""What a Ruby service decided on a mocked request, with what its session has to know of it."""

from __future__ import annotations

from enum import Enum

from pactmock.pact.value import value
from pactmock.ruby_api.session import Expected, Incorrect
from pactmock.server.answers.decision import Decision


class Noted(Enum):
    """What a session notes of a request (reference/ruby-api.md §5)."""

    MATCHED = "matched"
    INCORRECT = "incorrect"
    UNEXPECTED = "unexpected"
    NOTHING = "nothing"
    """Several interactions match, or its body cannot be read: each stays missing."""


@value
class RubyDecision(Decision):
    """A decision; `near` are the interactions that match, or those whose route the request has."""

    noted: Noted = Noted.NOTHING
    target: str = ""
    near: tuple[Expected, ...] = ()
    incorrect: Incorrect | None = None
