"""Warnings about rules of which one has to hold here, and all of them in the reference.

See reference/matching.md §11 row 15, F.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.errors import NotJson
from pactmock.matching import budget
from pactmock.pact.json.values import Json, parse
from pactmock.pact.path_expression import Token, Wildcard
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, payload_of


def alternatives_for_objects(subject: Subject) -> Iterator[PactWarning]:
    """Yield the lists of rules combined by OR that an object of an answer is held against: there, OR says nothing."""
    for part in subject.answered:
        entries = [entry for entry in part.matching_rules.get("body", ()) if entry.any_of and len(entry.rules) > 1]
        sent = payload_of(part) if entries else None
        if sent is None or not sent.content_type.is_json:
            continue
        try:
            document = parse(sent.body.content)
        except NotJson:
            continue
        for entry in entries:
            if any(map(_has_object, _at(document, entry.path.tokens))):
                yield PactWarning(
                    f"In the provider's verification all rules at {entry.path} have to hold for an object, not one of"
                    " them: write one that says it all, or rules for the members",
                    "alternatives_for_object",
                    (*part.place, *entry.place_of(0)),
                )


def _at(document: Json, tokens: tuple[Token, ...]) -> Iterator[Json]:
    """Yield the values that a path leads to."""
    budget.current().spend()
    if not tokens:
        yield document
        return
    for child in _children(document, tokens[0]):
        yield from _at(child, tokens[1:])


def _children(document: Json, token: Token) -> Iterable[Json]:
    if token is Wildcard.ANY or token is Wildcard.ANY_INDEX:
        return _inside(document)
    if isinstance(token, int) and isinstance(document, list):
        return document[token : token + 1]
    return [document[str(token)]] if isinstance(document, dict) and str(token) in document else []


def _inside(document: Json) -> Iterable[Json]:
    if isinstance(document, dict):
        return document.values()
    return document if isinstance(document, list) else []


def _has_object(document: Json) -> bool:
    """Tell whether a value is an object or has one in it, for which the rules then hold too."""
    budget.current().spend()
    return isinstance(document, dict) or any(map(_has_object, _inside(document)))
