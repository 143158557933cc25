"""What is said of a request that matched, when its answer could not be made within the budget: it is a failure."""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import UndecidedMismatch
from pactmock.matching.verdict import Candidate, Outcome, Verdict
from pactmock.pact.model import Request


def without_answer(met: Candidate, request: Request, error: OutOfBudget) -> Verdict:
    """Make the verdict on a request that met an expectation, but for the answer.

    Raises:
        OutOfBudget: the same again, when the budget says that running out is for the caller to deal with.
    """
    if budget.current().gives_back:
        raise error
    text = f"The response could not be generated: {error.reason}"
    result = replace(met.result, body=(UndecidedMismatch("", "", text, "response"),))
    return Verdict(Outcome.UNDECIDED, request, (Candidate(met.expectation, result),))
