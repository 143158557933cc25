"""Warnings about interactions that can never be the answer, where each has to be: such a mock server never matches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pactmock.matching.interaction_name import in_words
from pactmock.matching.keys import Identities
from pactmock.matching.parts.path import as_sent
from pactmock.pact.model import HttpInteraction, Pact
from pactmock.pact.warnings import PactWarning


def never_served(pact: Pact, first: int) -> Iterator[PactWarning]:
    """Yield the interactions from the `first` one on that no request meets, whatever provider state is chosen.

    Of those that have the same request the first one answers, and of those that are given a chosen state the first one.
    """
    added = {id(interaction) for interaction in islice(pact.interactions, first, None)}
    identities, alike = Identities(), dict[str, list[HttpInteraction]]()
    for index, interaction in enumerate(pact.http_interactions):
        before = alike.setdefault(identities.identity_of(as_sent(interaction).request, str(index)), [])
        answering = _answering(interaction, before)
        before.append(interaction)
        if answering is not None and id(interaction) in added:
            text = (
                f"{in_words(interaction)[:_LONGEST]} is never served, and each interaction has to be: its request is"
                f" that of {in_words(answering)[:_LONGEST]}, which answers first. Give each of them a provider state of"
                " its own, and choose it, or have requests counted, as is done without `count`"
            )
            yield PactWarning(text, "never_served", interaction.request.place[:2])


_LONGEST = 500


def _answering(interaction: HttpInteraction, before: list[HttpInteraction]) -> HttpInteraction | None:
    """Return the one of those with the same request that answers in its place, None where it can be chosen."""
    if not before:
        return None
    theirs = {state.name for other in before for state in other.provider_states}
    own = [state.name for state in interaction.provider_states]
    if not theirs.issuperset(own):
        return None
    return next((other for other in before if any(state.name in own for state in other.provider_states)), before[0])
