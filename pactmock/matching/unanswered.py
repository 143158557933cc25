"""What is said of a request that matched, when its answer could not be made within the budget: it is a failure."""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import UndecidedMismatch
from pactmock.matching.verdict import Candidate, Outcome, Verdict


def without_answer(verdict: Verdict, error: OutOfBudget) -> Verdict:
    """Make the verdict on a request of which nothing differs, but for the answer.

    Raises:
        OutOfBudget: the same again, when the budget says that running out is for the caller to deal with.
    """
    if budget.current().gives_back:
        raise error
    met, text = verdict.near[0], f"The response could not be generated: {error.reason}"
    result = replace(met.result, body=(UndecidedMismatch("", "", text, "response"),))
    return Verdict(Outcome.UNDECIDED, verdict.request, (Candidate(met.expectation, result),))
