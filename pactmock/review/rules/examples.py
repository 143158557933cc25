"""Warnings about examples that do not pass their own rules: one of the two says what nobody means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pactmock.errors import InvalidRule, NotJson
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import parse
from pactmock.pact.matching_rules import Equality, Plugin, Type, different_rules
from pactmock.pact.model import MessageContents, Request, content_type_of
from pactmock.pact.path_expression import Wildcard
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Part, Payload, Subject, content_of, payload_of

if TYPE_CHECKING:
    from pactmock.matching.mismatch import Mismatch

_MOST_BYTES = 64 * 1024
"""Of how many a body is looked at: no warning is worth the time that a larger one takes."""


def broken_examples(subject: Subject) -> Iterator[PactWarning]:
    """Yield the parts whose example is refused by their own rules, and the rules that nothing can be compared with.

    What generators make takes the place of examples, and what plugins compare is theirs.
    """
    for part in () if subject.interaction.plugin_configuration else subject.parts:
        if not part.matching_rules or _surely_passes(part):
            continue
        if len(content_of(part)) <= _MOST_BYTES and subject.allowance.left > 0:
            try:
                found = _differences(part, subject)
            except InvalidRule as error:
                yield PactWarning(
                    f"This rule cannot be used, so the provider's verification will fail: {error.problem}",
                    "broken_rule",
                    (*part.place, *error.steps),
                )
            else:
                if found:
                    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
                    yield PactWarning(
                        f"The example does not pass its own rules, {cut(_said(found[0]))}{more}: mend one or the other",
                        "broken_example",
                        part.place,
                    )


def _surely_passes(part: Part) -> bool:
    """Tell whether no document could fail by these rules that is held against itself; most pacts have no others."""
    if part.matching_rules.keys() != {"body"}:
        return False
    rules = different_rules(part.matching_rules["body"])
    return all(isinstance(rule, (Equality, Type)) for rule in rules) and content_type_of(part).is_json


def _said(mismatch: Mismatch) -> str:
    from pactmock.reports.plain import plain  # late: most examples pass

    place = f"{mismatch.path} -> " if isinstance(mismatch, BodyMismatch) and mismatch.path else ""
    return place + plain(mismatch.description().removeprefix(place))


def _differences(part: Part, subject: Subject) -> Sequence[Mismatch]:
    """Compare an example with itself."""
    if any(isinstance(rule, Plugin) for entries in part.matching_rules.values() for rule in different_rules(entries)):
        return ()
    if budget.is_set():  # whoever has set it begins again, if that takes too long
        found = _compare(part)
    else:
        with subject.allowance:
            found = _compare(part)
    return [item for item in found if item.type != "UndecidedMismatch" and not _is_generated(part, item)]


def _compare(part: Part) -> Sequence[Mismatch]:
    from pactmock.matching import compare_message, compare_request, compare_response  # late: many pacts have no rules

    try:
        if part.matching_rules.keys() == {"body"}:
            sent = payload_of(part)
            if sent.content_type.is_json:
                return _compare_json(part, sent)
        if isinstance(part, Request):
            return compare_request(part, part)
        return compare_message(part, part) if isinstance(part, MessageContents) else compare_response(part, part)
    except OutOfBudget:
        if budget.current().gives_back:
            raise
        return ()


def _compare_json(part: Part, sent: Payload) -> Sequence[Mismatch]:
    """Walk through a document once: to compile its comparison first pays for those that are asked for many times."""
    from pactmock.matching.bodies.body import body_rules
    from pactmock.matching.bodies.json import compare

    try:
        document = parse(sent.body.content)
    except NotJson:
        return ()
    root = body_rules(part.matching_rules, sent.content_type)
    return compare(document, document, root, strict=isinstance(part, Request))


def _is_generated(part: Part, found: Mismatch) -> bool:
    """Tell whether what differs is made by a generator, at that place or at places that are not known before."""
    category, field = _PLACES.get(found.type, ("", ""))
    place = getattr(found, field, None)
    for entry in part.generators.get(category, ()):
        tokens = entry.path.tokens
        is_anywhere = not tokens or any(isinstance(token, Wildcard) for token in tokens)
        if is_anywhere or place in (entry.path.text, tokens[0]):
            return True
    return False


_PLACES = {
    "BodyMismatch": ("body", "path"),
    "HeaderMismatch": ("header", "key"),
    "MetadataMismatch": ("metadata", "key"),
    "QueryMismatch": ("query", "parameter"),
    "PathMismatch": ("path", ""),
    "StatusMismatch": ("status", ""),
}
"""The category of generators that make what differs, and the field of a mismatch that says where."""
