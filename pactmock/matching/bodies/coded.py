"""Received bodies that are compressed: compared as what they say, unless the pact expects their `Content-Encoding`.

See reference/matching.md §11 row 71, F. What does not match so is compared as it came: a pattern may be meant for the
bytes. What is not coded as its header says is a mismatch all the same, as no provider could read it.
"""

from __future__ import annotations

from dataclasses import replace

from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch
from pactmock.pact.codings.coding import NotDecodable
from pactmock.pact.codings.content_coding import MOST, NAMES, Codings, are_known, codings_of, decode, library_for


def compare_decoded(compare: BodyCheck, expected: ExpectedPart, actual: Part) -> BodyMismatches:
    """Compare a body as what it says, and then as it came."""
    codings = codings_of(actual.headers)
    if not codings or not NAMES.issuperset(codings) or codings_of(expected.headers):
        return compare(actual)
    if not are_known(codings):
        # It is compared as it came, unless the pact has a text, which no such body is.
        if not expected.content_type.is_text and not compare(actual):
            return ()
        return [mismatch("$", expected, actual, _why_unread(codings))]
    try:
        content = _decoded(actual.content, codings)
    except NotDecodable as error:
        text = f"The body is not in the Content-Encoding {', '.join(codings)} that it came with: {error}"
        return [mismatch("$", expected, actual, text)]
    found = compare(replace(actual, body=replace(actual.body, content=content)))
    return found if found and compare(actual) else ()


def _why_unread(codings: Codings) -> str:
    if len(codings) > MOST:
        text = f"The body came in {len(codings)} Content-Encodings, one upon another"
        return f"{text}, and no more than {MOST} are undone: send gzip or deflate"
    text = f"The body came in the Content-Encoding {', '.join(codings)}, which cannot be decoded here"
    library = library_for(codings)
    if library is None:
        return f"{text}: send gzip or deflate"
    return f"{text}, as the library {library} is not installed: install it beside pactmock, or send gzip or deflate"


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
