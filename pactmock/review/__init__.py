"""What can be seen of a pact before any of it is played, and will disappoint somebody: warnings.

Most of them are about the other side: what passes here, and the provider's verification by the reference will refuse.
A kind of warning is one function of an interaction, and a row in one of three tables: here, in `of_contents` of what
headers and bodies say, and in `of_rules`. Its row names the sign without which it finds nothing (see `signs`): most
interactions have none, and most pacts of a test load no more than they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pactmock.matching import budget
from pactmock.matching.budget import Budget
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.losses import lost_members, unwritable_pacts
from pactmock.review.missing_plugins import missing_plugins, unplayed
from pactmock.review.paths import unsent_paths
from pactmock.review.queries import parameters_without_value
from pactmock.review.redirects import followed_redirects
from pactmock.review.signs import Sign, signs_of, signs_of_pact
from pactmock.review.subject import Inspection, Subject

OF_ALL: tuple[tuple[Sign, Inspection], ...] = (
    (Sign.PLUGIN, unplayed),
    (Sign.PATH, unsent_paths),
    (Sign.QUERY, parameters_without_value),
    (Sign.STATUS, followed_redirects),
    (Sign.LOSS, lost_members),
)


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
    spend, allowance, of_all = budget.current().spend, Budget(_COMPARING_SECONDS), signs_of_pact(bound, version)
    for interaction in bound.pact.interactions[first:]:
        signs = of_all.union(signs_of(interaction, version))
        inspections = _inspections(signs) if signs else ()
        spend(1 + len(inspections))
        if inspections:
            subject = Subject.of(interaction, bound, version, allowance)
            yield from _without_consequences([warning for inspect in inspections for warning in inspect(subject)])


_COMPARING_SECONDS = 0.1
"""How much CPU time of a pact is spent on comparing examples: what is not compared then is not warned of."""


@cache
def _inspections(signs: frozenset[Sign]) -> tuple[Inspection, ...]:
    """Return the kinds of warnings that an interaction may deserve, in the order in which they are told."""
    rows = OF_ALL
    if not signs.isdisjoint({Sign.STATUS, Sign.HEADER, Sign.TYPE, Sign.CONTENT}):
        from pactmock.review.of_contents import OF_CONTENTS

        rows += OF_CONTENTS
    if Sign.RULES in signs:
        from pactmock.review.of_rules import OF_RULES

        rows += OF_RULES
    return tuple(inspect for sign, inspect in rows if sign in signs)


def _without_consequences(found: list[PactWarning]) -> list[PactWarning]:
    """Leave out that an example is refused where something else is said of its part: it may come of that."""
    told = {warning.steps[:_STEPS_TO_A_PART] for warning in found if warning.code != _CONSEQUENCE}
    return [item for item in found if item.code != _CONSEQUENCE or item.steps[:_STEPS_TO_A_PART] not in told]


_CONSEQUENCE = "broken_example"
_STEPS_TO_A_PART = 3
