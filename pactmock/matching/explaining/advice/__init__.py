"""One sentence of advice, where the cause of a mismatch can be recognised.

What people get wrong, to judge by the questions that users of Pact ask most, is the same few things: a slash too many,
the wrong method, a header that nobody set, a number in quotes. Each has a function that knows it when it sees it, in
the module of the part that it is about, and its place in the tuple here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pactmock.matching.expectation import Expectation
from pactmock.matching.explaining.advice import bodies, headers, targets
from pactmock.matching.result import RequestResult
from pactmock.pact.model import Request

Advisor: TypeAlias = Callable[[Request, Expectation, RequestResult], str | None]
"""Looks at a request and an expectation that it did not match; returns a sentence, or None when it knows no cause."""

_ADVISORS: tuple[Advisor, ...] = (
    targets.query_in_the_path,
    targets.slash_at_the_end,
    targets.spelling_of_the_path,
    targets.pre_flight,
    targets.method,
    headers.boundary,
    headers.missing_header,
    headers.accept_of_the_client,
    headers.content_type,
    headers.charset,
    targets.spelling_of_a_parameter,
    bodies.object_for_form,
    bodies.byte_order_mark,
    bodies.list_for_object,
    bodies.number_as_text,
)


def advise(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Return the advice of the first who knows the cause."""
    return next(filter(None, (advisor(request, expectation, result) for advisor in _ADVISORS)), None)
