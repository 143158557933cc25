"""Matching: is this what was expected? Pure functions over the values of `pactmock.pact`, without I/O.

Whoever verifies without a mock server has `compare_request`, `compare_response` and `compare_message`. They say what
differs: nothing where all fits, else each thing as a value that has its JSON (`to_json()`) and a sentence
(`description()`), in the order of the reference. What takes longer than the budget of this thread (`matching.budget`,
two seconds where none is set) is an `UndecidedMismatch`, which is no match. So::

    from pactmock.matching import compare_response
    from pactmock.pact import specification
    from pactmock.pact.documents import reading

    expected = reading.read_response({"status": 200, "body": {"id": 7}}, specification.V3)
    actual = reading.read_response({"status": 200, "body": {"id": 8}}, specification.V3)
    for mismatch in compare_response(expected, actual):
        print(mismatch.description())  # $.id -> Expected 8 (Integer) to be equal to 7 (Integer)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pactmock.matching.mismatch import Mismatch
    from pactmock.pact.model import MessageContents, Request, Response

# What they need is imported late, as the house passes through here on its way to the modules, and needs little of it.


def compare_request(expected: Request, actual: Request) -> tuple[Mismatch, ...]:
    """Say what of a request differs: method, path, query, headers, body. Headers that are not expected are fine.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    from dataclasses import replace

    from pactmock.matching import budget
    from pactmock.matching.expectation import compile_expectation
    from pactmock.matching.parts.path import as_sent
    from pactmock.pact.model import HttpInteraction
    from pactmock.pact.parts.received_headers import received

    with budget.current():
        expectation = compile_expectation(as_sent(HttpInteraction("", request=expected)))
        return expectation.match(replace(actual, headers=received(actual.headers))).mismatches


def compare_response(expected: Response, actual: Response) -> tuple[Mismatch, ...]:
    """Say what of a response differs: body, status, headers. More headers and members than are expected are fine.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    from pactmock.matching import budget
    from pactmock.matching.response import compile_response

    with budget.current():
        return tuple(compile_response(expected)(actual))


def compare_message(expected: MessageContents, actual: MessageContents) -> tuple[Mismatch, ...]:
    """Say what of a message differs: contents, metadata. More keys and members than are expected are fine.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    from pactmock.matching import budget
    from pactmock.matching.message import compile_message

    with budget.current():
        return tuple(compile_message(expected)(actual))
