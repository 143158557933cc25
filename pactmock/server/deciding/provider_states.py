"""Provider states that a test names: whether an interaction is given one, and what is said where none is.

A name with a slip in it must not be passed over: another interaction would answer than the one that the test means.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pactmock.matching.mismatch import HeaderMismatch
from pactmock.matching.texts.shortening import cut
from pactmock.matching.verdict import Candidate, Outcome, Verdict

HEADER = "X-Pactmock-State"
"""Names the provider state that a request is meant for, for it alone."""

_LONGEST = 200


def unknown(state: str, known: Collection[str]) -> str:
    """Say in a sentence that no interaction is given a provider state, and which name may be meant."""
    from difflib import get_close_matches  # late: most names are known

    close = get_close_matches(state[:_LONGEST], sorted(known), n=1)
    if close:
        advice = f"{close[0][:_LONGEST]!r} may be meant"
    else:
        advice = f"choose one of {cut(', '.join(sorted(known)))}" if known else "none of them is given any"
    return f"No interaction is given the provider state {state[:_LONGEST]!r}: {advice}"


def in_unknown_state(verdict: Verdict, state: str, known: Collection[str]) -> Verdict:
    """Return the verdict on a request that names a provider state which no interaction is given: it is no match."""
    said = HeaderMismatch(", ".join(sorted(known)), state, unknown(state, known), HEADER)

    def with_it(candidate: Candidate) -> Candidate:
        result = candidate.result
        return replace(candidate, result=replace(result, headers={**result.headers, HEADER: [said]}))

    outcome = Outcome.NOT_FOUND if verdict.outcome is Outcome.NOT_FOUND else Outcome.MISMATCH
    return Verdict(outcome, verdict.request, tuple(map(with_it, verdict.near)))
