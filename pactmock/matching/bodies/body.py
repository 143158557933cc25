"""Bodies: whether two may be compared at all, and which comparison is theirs (reference/matching.md §4.3).

A comparison is compiled from the expected body. All kinds share one signature, `BodyCompiler`, and a plugin's has it
too: what is asked is the type of the body, not who answers.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pactmock.matching.budget import OutOfBudget
from pactmock.matching.compiling import compile_category, without_any_index
from pactmock.matching.mismatch import BodyMismatch, BodyTypeMismatch
from pactmock.matching.parts.part import BodyCheck, BodyCompiler, BodyMismatches, ExpectedPart, Part, in_utf8
from pactmock.matching.rule_set import NO_RULES, Place
from pactmock.matching.undecided import undecided
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.parts.body import BodyState, is_json
from pactmock.pact.parts.content_type import JSON, TEXT, ContentType


def _kind(name: str) -> BodyCompiler:
    """Return the comparison of a module of `bodies`, imported with the first such body: lxml alone takes 5 MB."""

    def compile_kind(expected: ExpectedPart) -> BodyCheck:
        compiler: BodyCompiler = import_module(f"pactmock.matching.bodies.{name}").compile_body
        return compiler(expected)

    return compile_kind


_BINARY, _TEXT = _kind("binary"), _kind("text")
_KINDS: tuple[tuple[Callable[[ContentType], bool], BodyCompiler], ...] = (
    (lambda kind: kind.is_json, _kind("json")),
    (lambda kind: kind.is_xml, _kind("xml")),
    (lambda kind: kind.is_multipart, _kind("multipart")),
    (lambda kind: kind.is_form, _kind("form")),
    (lambda kind: kind.is_binary, _BINARY),
)
"""Which comparison a type has; the first that fits. Other types are text."""


def body_rules(matching_rules: MatchingRules, content_type: ContentType) -> Place:
    """Compile the rules of the category `body` for a body of a type."""
    return compile_category(matching_rules, "body", without_any_index if content_type.is_xml else None)


def compiler_for(expected: ExpectedPart) -> BodyCompiler:
    """Choose the comparison for the type of an expected body."""
    kind = JSON if is_json(expected.content, expected.content_type) else expected.content_type
    for fits, compiler in _KINDS:
        if fits(kind):
            return compiler
    # `text/plain` itself stays a text: the reference has a matcher of its own for that type.
    wants_type = (
        expected.content_type.base_type != TEXT
        and expected.rules.rules is not None
        and expected.rules.rules.holds(rules.ContentType)
    )
    return _BINARY if wants_type else _TEXT


def compile_body(
    expected: ExpectedPart, header_rules: Place = NO_RULES, compiler: BodyCompiler | None = None
) -> BodyCheck:
    """Compile the comparison of an HTTP body, the decision whether the types allow it included.

    `compiler` is that of a plugin, where one compares bodies of the type.
    """
    header = header_rules.field("content-type")

    def accepts(actual: Part) -> bool:
        wanted, received = expected.content_type, actual.content_type
        if wanted.is_unknown or received.is_unknown:
            return True
        if wanted.is_equivalent_to(received) or wanted.is_equivalent_to(received.base_type):
            return True
        if header.rules is None:
            return False
        # The reference tries the rule on the types as it renders them (§11 row 22, F: on the headers as they are).
        return not header.rules.string_problems(expected.type_text, actual.type_text, header.cascaded)

    def refuse(actual: Part) -> BodyMismatches:
        text = f"Expected a body of '{expected.content_type}' but the actual content type was '{actual.content_type}'"
        return [_type_mismatch(expected, actual, text)]

    return _guarded(expected, accepts, refuse, compiler)


def compile_contents(expected: ExpectedPart, compiler: BodyCompiler | None = None) -> BodyCheck:
    """Compile the comparison of a message's contents: the types must be equivalent, without any leniency (§4.3).

    `compiler` is that of a plugin, as above.
    """

    def refuse(actual: Part) -> BodyMismatches:
        text = f"Expected message with content type {expected.content_type} but was {actual.content_type}"
        return [_type_mismatch(expected, actual, text)]

    return _guarded(
        expected, lambda actual: expected.content_type.is_equivalent_to(actual.content_type), refuse, compiler
    )


def _guarded(
    expected: ExpectedPart,
    accepts: Callable[[Part], bool],
    refuse: Callable[[Part], BodyMismatches],
    compiler: BodyCompiler | None = None,
) -> BodyCheck:
    if expected.body.state is BodyState.MISSING:
        return accept_any_body
    compare = _compile_states(expected, compiler)
    wanted, is_present = expected.content_type, expected.body.is_present

    def check(actual: Part) -> BodyMismatches:
        try:
            if actual.content_type is wanted or accepts(actual):  # equal texts are parsed once
                return compare(actual)
        except OutOfBudget as error:
            return [undecided("body", "The body", str(expected.body), str(actual.body), error)]
        return refuse(actual) if is_present else ()

    return check


def _type_mismatch(expected: Part, actual: Part, text: str) -> BodyTypeMismatch:
    return BodyTypeMismatch(
        str(expected.content_type),
        str(actual.content_type),
        text,
        expected.content if expected.body.is_present else None,
        actual.content if actual.body.is_present else None,
    )


def accept_any_body(_actual: Part) -> BodyMismatches:
    """Compare with a body that the pact does not mention: whatever comes is fine (§4.3, step 2)."""
    return ()


def _compile_states(expected: ExpectedPart, compiler: BodyCompiler | None) -> BodyCheck:
    """Handle what is missing, null or empty on either side; compare where both are there."""
    if expected.body.state is BodyState.NULL:
        # A null of the file stands for the JSON null, too (§11 row 31, F).
        return lambda actual: () if actual.content == b"null" else _wants_no_body(actual)
    if not expected.body.is_present:
        return _wants_no_body
    if compiler is None:  # a plugin reads a body itself, as it came
        expected = in_utf8(expected)
    compare_text = (compiler or compiler_for(expected))(expected)

    def compare(actual: Part) -> BodyMismatches:
        return compare_text(in_utf8(actual) if actual.content_type.attributes and compiler is None else actual)

    def check(actual: Part) -> BodyMismatches:
        absent = None if actual.body.state is BodyState.PRESENT else _ABSENT.get(actual.body.state)
        if absent is not None:
            return [BodyMismatch("/", expected.content, None, f"Expected body {expected.body} but was {absent}")]
        if "content-encoding" in actual.headers:
            from pactmock.matching.bodies.coded import compare_decoded  # late: few bodies are compressed

            return compare_decoded(compare, expected, actual)
        return compare(actual)

    return check


_ABSENT = {BodyState.MISSING: "missing", BodyState.EMPTY: "empty"}


def _wants_no_body(actual: Part) -> BodyMismatches:
    if not actual.body.is_present:
        return ()
    return [BodyMismatch("/", None, actual.content, f"Expected empty body but received {actual.body}")]
