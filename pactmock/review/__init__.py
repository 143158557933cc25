"""What can be seen of a pact before any of it is played, and will disappoint somebody: warnings.

Most of them are about the other side: what passes here, and the provider's verification by the reference will refuse.
A kind of warning is one function of an interaction, and a place in one of three tuples: here, of all interactions; in
`of_contents`, of those with headers or a body; in `of_rules`, of those with rules or generators. Most pacts of a test
have few of these, and load no more than they need.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.matching import budget
from pactmock.matching.budget import Budget
from pactmock.pact.model import MessageContents
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.losses import lost_members, unwritable_pacts
from pactmock.review.missing_plugins import missing_plugins, unplayed
from pactmock.review.paths import unsent_paths
from pactmock.review.queries import parameters_without_value
from pactmock.review.redirects import followed_redirects
from pactmock.review.subject import Inspection, Subject, content_of

_OF_ALL: tuple[Inspection, ...] = (unplayed, unsent_paths, parameters_without_value, followed_redirects, lost_members)


def review(
    bound: BoundPact, version: Specification, first: int = 0, *, counts_interactions: bool = False
) -> Iterator[PactWarning]:
    """Yield the warnings of a pact that is to be written in a version: of its interactions from the `first` one on.

    With `counts_interactions`, each of them has to be served.
    """
    if not bound.pact.interactions:
        yield PactWarning("There are no interactions, so every request fails: expect some", "no_interactions")
    if not first:
        yield from missing_plugins(bound)
    yield from unwritable_pacts(bound, version)
    if counts_interactions:
        from pactmock.review.never_served import never_served  # late: most count requests

        yield from never_served(bound.pact, first)
    spend, allowance = budget.current().spend, Budget(_COMPARING_SECONDS)
    for interaction in bound.pact.interactions[first:]:
        subject = Subject.of(interaction, bound, version, allowance)
        inspections = _inspections(subject)
        spend(len(inspections))
        yield from _without_consequences([warning for inspect in inspections for warning in inspect(subject)])


_COMPARING_SECONDS = 0.1
"""How much CPU time of a pact is spent on comparing examples: what is not compared then is not warned of."""


def _inspections(subject: Subject) -> tuple[Inspection, ...]:
    """Return the kinds of warnings that an interaction may deserve, in the order in which they are told."""
    inspections = _OF_ALL
    if any(isinstance(part, MessageContents) or content_of(part) or part.headers for part in subject.parts):
        from pactmock.review.of_contents import OF_CONTENTS

        inspections += OF_CONTENTS
    if any(part.matching_rules or part.generators for part in subject.parts):
        from pactmock.review.of_rules import OF_RULES

        inspections += OF_RULES
    return inspections


def _without_consequences(found: list[PactWarning]) -> list[PactWarning]:
    """Leave out that an example is refused where something else is said of its part: it may come of that."""
    told = {warning.steps[:_STEPS_TO_A_PART] for warning in found if warning.code != _CONSEQUENCE}
    return [item for item in found if item.code != _CONSEQUENCE or item.steps[:_STEPS_TO_A_PART] not in told]


_CONSEQUENCE = "broken_example"
_STEPS_TO_A_PART = 3
