"""Received bodies that are compressed: compared as what they say, unless the pact expects their `Content-Encoding`.

See reference/matching.md §11 row 71, F. A body is first compared as it came: most are not compressed, and a pattern may
be meant for the bytes.
"""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch
from pactmock.pact.content_coding import KNOWN, UNREAD, Codings, NotDecodable, codings_of, decode


def second_look(compare: BodyCheck, expected: ExpectedPart, actual: Part, found: BodyMismatches) -> BodyMismatches:
    """Compare a body once more, as what it says, where it differs as it came: in `found`."""
    codings = codings_of(actual.headers)
    if not codings or not set(codings) <= KNOWN | UNREAD or codings_of(expected.headers):
        return found
    coding = ", ".join(codings)
    if not KNOWN.issuperset(codings):
        text = f"The body came in the Content-Encoding {coding}, which cannot be decoded here: send gzip or deflate"
        return [mismatch("$", expected, actual, text)]
    try:
        return compare(replace(actual, body=replace(actual.body, content=_decoded(actual.content, codings))))
    except NotDecodable as error:
        text = f"The body is not in the Content-Encoding {coding} that it came with: {error}"
        return [mismatch("$", expected, actual, text)]


def _decoded(content: bytes, codings: Codings) -> bytes:
    given = budget.current()

    def watch(size: int) -> None:
        given.spend(16)
        if size > given.parsed_bytes:
            raise OutOfBudget(
                f"it has more than {given.parsed_bytes} bytes when it is decoded, and no more are parsed: raise"
                " --max-parsed-body"
            )

    return decode(content, codings, watch)
