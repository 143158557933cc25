"""What a stub decided on a request, with the line that its log says of it."""

from __future__ import annotations

from collections.abc import Mapping

from pactmock.matching.interaction_name import in_words
from pactmock.matching.texts.shortening import cut
from pactmock.pact.model import Request
from pactmock.pact.value import value
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.stub.choosing import Choice

_MOST = 3


@value
class StubDecision(Decision):
    """A decision, and a sentence on it."""

    said: str = ""


def said_of_choice(request: Request, answer: Answer, choice: Choice, names: Mapping[int, str]) -> str:
    """Say which interaction answers; what was tolerated, and who else could have answered, so that nobody wonders."""
    expectation = choice.chosen.expectation
    said = f"{_target(request)} -> {answer.status}, {in_words(expectation.interaction)} of {names[expectation.index]}"
    if choice.tolerated:
        said += f"; tolerated: {_some([item.description() for item in choice.tolerated])}"
    if choice.ties:
        fits = [each.expectation for each in choice.ties]
        others = _some([f"{in_words(each.interaction)} of {names[each.index]}" for each in fits])
        said += f"; it fits as well, and comes later: {others}"
    return cut(said, _LONGEST)


_LONGEST = 4000


def said_of_error(request: Request, answer: Answer, text: str) -> str:
    """Say why no interaction answers."""
    return cut(f"{_target(request)} -> {answer.status}: {text}", _LONGEST)


def _target(request: Request) -> str:
    return f"{cut(request.method)} {cut(request.path)}"


def _some(texts: list[str]) -> str:
    more = len(texts) - _MOST
    return "; ".join([*texts[:_MOST], f"and {more} more"] if more > 0 else texts)
