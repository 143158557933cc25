"""Multipart bodies (reference/matching.md §4.7).

Parts are paired by name. A field is compared as a text; a file, and a field that says that it is JSON or XML, as a body
of its own type with the rules below its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TypeAlias

from pactmock.errors import InvalidPact
from pactmock.matching import budget
from pactmock.matching.bodies.mime_parts import STEPS_A_PART, MimePart, take_apart
from pactmock.matching.bodies.reading import compile_read
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.values.location import Location, field_name, render
from pactmock.pact import matching_rules as rules
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.body import Body, BodyState
from pactmock.pact.parts.charset import charset_of, from_utf8, to_utf8


def compile_body(expected: ExpectedPart) -> BodyCheck:
    """Compile the comparison with an expected multipart body, which is taken apart once."""

    def compile_comparison(parts: _Parts) -> Callable[[_Parts], BodyMismatches]:
        header_rules = expected.rules.in_lower_case()
        checks = [_compile_part(part, expected, header_rules.field(part.key)) for part in parts]

        def compare(received: _Parts) -> BodyMismatches:
            counterparts = _Counterparts(received)
            return [item for check_part in checks for item in check_part(counterparts)]

        return compare

    return compile_read(expected, take_apart, compile_comparison, " as a MIME multipart body")


_Parts: TypeAlias = Sequence[MimePart]
_PartCheck: TypeAlias = Callable[[MimePart], BodyMismatches]


class _Counterparts:
    """Finds the received part of an expected one: the first of its name for the first, and so on (§11 row 66, F).

    More parts of its name are ignored (§11 row 30, K).
    """

    def __init__(self, received: _Parts) -> None:
        self._by_name = {(item.name, item.occurrence): item for item in received}
        self._received = received

    def of(self, part: MimePart) -> MimePart | None:
        """Return the part of this name, or where that is at this place and has no name."""
        unnamed = self._received[part.index] if part.index < len(self._received) else None
        candidates = [unnamed] if unnamed is not None and not unnamed.name else []
        named = self._by_name.get((part.name, part.occurrence)) if part.name else None
        if named is not None:
            candidates.append(named)
        return min(candidates, key=attrgetter("index"), default=None)


def _compile_part(
    part: MimePart, expected: ExpectedPart, header_rules: Place
) -> Callable[[_Counterparts], BodyMismatches]:
    compile_content = _compile_document if is_document(part, expected.rules) else _compile_text
    check_content = compile_content(part, expected)
    kinds = ("file", "field") if part.is_file else ("field", "file")

    def check(received: _Counterparts) -> BodyMismatches:
        budget.current().spend(STEPS_A_PART)
        actual = received.of(part)
        if actual is None and part.name and part.occurrence:
            return [_about(part, f"Expected {part.occurrence + 1} MIME parts '{part.name}' but received fewer")]
        if actual is None:
            return [_about(part, f"Expected a MIME part '{part.name}' but was missing")]
        if actual.is_file is not part.is_file:
            return [_about(part, f"Expected a MIME {kinds[0]} '{part.name}' but was {kinds[1]}")]
        return [*_header_mismatches(part, actual, header_rules), *check_content(actual)]

    return check


def _about(part: MimePart, text: str) -> BodyMismatch:
    return BodyMismatch("$", part.name.encode(), None, text)


_OF_TEXTS = (rules.Regex, rules.Include, rules.ContentType)


def is_document(part: MimePart, body_rules: Place) -> bool:
    """Tell whether a part is a body of its own: a file, or a field that says that it is JSON or XML (§11 row 67, F).

    A field is a text where a rule is meant for its text, or for the fields of all names.
    """
    if part.is_file:
        return True
    if not (part.content_type.is_json or part.content_type.is_xml):
        return False
    own = body_rules.rooted_at(part.key)
    if own is NO_RULES:
        return body_rules.field(part.key).rules is None
    return own.rules is None or not any(map(own.rules.holds, _OF_TEXTS))


def _compile_text(part: MimePart, expected: ExpectedPart) -> _PartCheck:
    place = expected.rules.field(part.key)
    location: Location = (None, part.key)
    wanted = _of_the_pact(part).decode(errors="replace")

    def check(actual: MimePart) -> BodyMismatches:
        received = to_utf8(actual.decoded, charset_of(actual.content_type)).decode(errors="replace")
        if place.rules is not None:
            problems = place.rules.string_problems(wanted, received, place.cascaded)
        else:
            text = f"MIME part '{part.name}': Expected '{received}' to be equal to '{wanted}'"
            problems = [] if received == wanted else [text]
        return [BodyMismatch(render(location), part.content, actual.content, problem) for problem in problems]

    return check


def _compile_document(part: MimePart, expected: ExpectedPart) -> _PartCheck:
    # Imported late: a part is a body again, and bodies of all kinds come together there.
    from pactmock.matching.bodies.body import compile_body as compile_any

    own = _as_body(part, _in_its_charset(part))
    own_rules = expected.rules.rooted_at(part.key)
    compare = compile_any(ExpectedPart(own.body, own.content_type, rules=own_rules, strict=expected.strict))

    def check(actual: MimePart) -> BodyMismatches:
        found = compare(_as_body(actual, actual.decoded))
        return [replace(item, mismatch=f"MIME part '{part.key}': {item.mismatch}") for item in found]

    return check


def _as_body(part: MimePart, content: bytes) -> Part:
    return Part(Body(BodyState.PRESENT, content, part.content_type), part.content_type)


def _of_the_pact(part: MimePart) -> bytes:
    """Return an expected part as UTF-8, as a pact has texts; where it has bytes that are none, by their charset."""
    return to_utf8(part.decoded, charset_of(part.content_type), is_json=True)


def _in_its_charset(part: MimePart) -> bytes:
    try:
        return from_utf8(_of_the_pact(part), charset_of(part.content_type), is_json=part.content_type.is_json)
    except InvalidPact:
        return part.decoded


def _header_mismatches(part: MimePart, actual: MimePart, header_rules: Place) -> list[BodyMismatch]:
    """Compare the headers of two parts, by the rules below the part's name in lower case.

    The name itself is looked for as it is, so that no rule holds for the headers of a part called `File`: the
    reference lowers the rules alone.
    """
    # Parts without a name, or with a number for one, have no name in these texts in the reference either.
    shown = field_name(part.key) or "unknown part"
    found = []
    for name, expected in part.headers.items():
        location = ((None, part.key), name)
        received = actual.headers.get(name)
        content = None if received is None else received.encode()
        for problem in _header_problems(name, expected, received, header_rules.field(name)):
            text = f"MIME part '{shown}': {problem}"
            found.append(BodyMismatch(render(location), expected.encode(), content, text))
    return found


_MAY_BE_MISSING = frozenset({"content-type", "content-disposition", "content-transfer-encoding"})


def _header_problems(name: str, expected: str, actual: str | None, place: Place) -> list[str]:
    if actual is None:
        missing = f"Expected multipart header '{name}' with value '{expected}' but was missing"
        return [] if name in _MAY_BE_MISSING else [missing]
    if place.rules is not None and place.is_direct:  # none come from above
        return place.rules.string_problems(expected, actual, place.cascaded)
    # Types that differ in case, quotes and blanks alone are the same (§11 row 77, F).
    is_same_type = name == "content-type" and types.parse(expected) == types.parse(actual) is not None
    if actual == expected or name == "content-disposition" or is_same_type:
        return []
    return [f"header '{name}': Expected '{actual}' to be equal to '{expected}'"]
