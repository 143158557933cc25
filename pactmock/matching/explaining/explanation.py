"""Why a request did or did not match, as values: made once, kept, shown everywhere.

They are made of nothing but texts, numbers, tuples and JSON, so they can be kept when the pact is gone and be read by
another process. `explain` beside this module makes them of a verdict; `pactmock.reports` makes JSON and text of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.matching.interaction_name import InteractionName
from pactmock.pact.json.values import Json
from pactmock.pact.value import value

MATCH = "request-match"
MISMATCH = "request-mismatch"
UNDECIDED = "request-undecided"
NOT_FOUND = "request-not-found"
MISSING = "missing-request"
PLUGIN_MISMATCH = "plugin-mismatch"
REFUSED = "request-refused"
MISSING_MESSAGE = "missing-message"
MESSAGE_FAILED = "message-failed"
MESSAGE_MISMATCH = "message-mismatch"


@value
class Difference:
    """One mismatch.

    `place` is the member that says what it is about and its value: `("path", "$.a")`, `("key", "Accept")`,
    `("parameter", "q")`. `rule` has the rules that decided with the path they are written for; None where equality did.
    `details` are members that only some types of mismatches have, such as `diff`.
    """

    type: str
    place: tuple[str, str] | None
    expected: str | int | None
    actual: str | int | None
    mismatch: str
    rule: Json = None
    details: tuple[tuple[str, str | None], ...] = ()


@value
class PartFinding:
    """What differs in one part of a request; `more` counts the mismatches that are not listed."""

    part: str
    differences: tuple[Difference, ...] = ()
    more: int = 0

    @property
    def matched(self) -> bool:
        return not self.differences and not self.more


@value
class NearMiss:
    """An interaction that a request came near to; `method` and `path` are those that it expects."""

    interaction: InteractionName
    method: str
    path: str
    score: int
    parts: tuple[PartFinding, ...]
    advice: str | None = None


@value
class Explanation:
    """What is to be said of a request that was received, of one that never came, or of what a plugin found.

    `type` is one of the names above. `method` and `path` are those of the interaction where the request was meant for
    it or never came, else those received. `interaction` is the one that matches, is nearest, or is missing. `received`
    is the method and path of the request, None where there was none; `request` is what was received, or expected and
    never came, in V3 form; None for a match. `parts` is what differs from `interaction`, and what a plugin found,
    which adds its `error`, as does what was refused before it could be decided.

    Of a message, `method` is the type of its interaction and `path` its description. One that was never handled is
    shown as `request`; of one that failed there is the `error`, and else what differs in the replies to it.
    """

    type: str
    method: str
    path: str
    interaction: InteractionName | None = None
    received: tuple[str, str] | None = None
    request: Json = None
    parts: tuple[PartFinding, ...] = ()
    near: tuple[NearMiss, ...] = ()
    error: str = ""

    @property
    def differences(self) -> Iterator[Difference]:
        """All mismatches with `interaction` that are listed: method, path, query, headers, body."""
        return (difference for part in self.parts for difference in part.differences)

    @property
    def more(self) -> int:
        """How many mismatches there are besides those that are listed."""
        return sum(part.more for part in self.parts)

    @property
    def advice(self) -> str | None:
        """The advice on the nearest interaction, if there is any."""
        return self.near[0].advice if self.near else None
