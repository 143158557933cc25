"""Responses: what a provider's answer is compared by (reference/matching.md §5.4, §6.2). Extra members are fine."""

from __future__ import annotations

from collections.abc import Callable

from pactmock.matching.bodies.body import body_rules, compile_body
from pactmock.matching.compiling import compile_category, lower_cased
from pactmock.matching.mismatch import Mismatch
from pactmock.matching.parts import headers
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.matching.values import status
from pactmock.pact.model import Response, part_content_type
from pactmock.pact.parts.received_headers import received


def compile_response(expected: Response) -> Callable[[Response], list[Mismatch]]:
    """Compile the comparison with an expected response; what differs comes as body, status, headers.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    rules = expected.matching_rules
    header_rules = compile_category(rules, "header", lower_cased)
    content_type = part_content_type(expected)
    part = ExpectedPart(expected.body, content_type, expected.headers, body_rules(rules, content_type), strict=False)
    body_check = compile_body(part, header_rules)
    status_entry = next(iter(rules.get("status", ())), None)

    def check(actual: Response) -> list[Mismatch]:
        actual_headers = received(actual.headers)
        found: list[Mismatch] = list(body_check(Part(actual.body, part_content_type(actual), actual_headers)))
        found += status.compare(expected.status, actual.status, status_entry)
        for mismatches in headers.compare(expected.headers, actual_headers, header_rules).values():
            found += mismatches
        return found

    return check
