"""What did not match, one after the other, as far as there is room for it: a report has to have a bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.texts.shortening import cut
from pactmock.pact.value import value
from pactmock.reports.paragraph import headline, paragraph
from pactmock.reports.sentence import sentence

_ROOM = 1_000_000
"""How many characters the details of all problems have; what comes after is said in a sentence."""

_LONGEST_SENTENCE = 2000


@value
class Problem:
    """One thing that did not match: in a few words, in one sentence, and in lines.

    `explanation` is None where a report is too long to have all of them; the lines then say where it is to be had.
    """

    type: str
    headline: str
    sentence: str
    lines: tuple[str, ...] = ()
    explanation: Explanation | None = None


def problems(explanations: Iterable[Explanation], room: int = _ROOM) -> Iterator[Problem]:
    """Yield what did not match, the first with all details, and what comes when the room is used up without."""
    for explanation in explanations:
        said = cut(sentence(explanation), _LONGEST_SENTENCE)
        if room <= 0:
            yield Problem(explanation.type, headline(explanation), said, (_LEFT_OUT,))
            continue
        lines = tuple(paragraph(explanation))
        room -= sum(map(len, lines))
        yield Problem(explanation.type, headline(explanation), said, lines, explanation)


_LEFT_OUT = "   details are left out, as this report is long: GET /mockserver/{id}/mismatches has them"
