"""Warnings about path expressions that can be read here, and not in the provider's verification.

See reference/matching.md §11 row 39, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import Steps
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Part, Subject

_LITERAL = frozenset({"method", "path", "status", "header", "query"})
"""Categories whose rules stand under names, which are no expressions."""


def unreadable_expressions(subject: Subject) -> Iterator[PactWarning]:
    """Yield the paths of rules and generators that go through a name with a quote or a backslash.

    The reference knows no way to write a quote, and refuses the whole file; a backslash it takes as it stands.
    """
    for part in subject.parts:
        for path, place in _paths(part).items():
            problem = _problem(path)
            if problem is not None:
                text = f"{problem}: call the member otherwise, or have the rule for what it is in"
                yield PactWarning(text, "unreadable_expression", (*part.place, *place))


def _paths(part: Part) -> dict[PathExpression, Steps]:
    """Return the paths of a part's rules and generators, with the place of a rule where it has one."""
    found: dict[PathExpression, Steps] = {}
    for category, generators in part.generators.items():
        found.update((entry.path, ()) for entry in generators if category not in _LITERAL)
    for category, rules in part.matching_rules.items():
        found.update((entry.path, entry.place_of(0)) for entry in rules if category not in _LITERAL)
    return found


def _problem(path: PathExpression) -> str | None:
    names = [token for token in path.tokens if isinstance(token, str)]
    if any("'" in name for name in names):
        return f"The provider's verification cannot read {path} for the quote in it, and refuses the whole file"
    if r"\\" in path.text and any("\\" in name for name in names):
        return f"The provider's verification finds nothing at {path}, as both backslashes are part of the name there"
    return None
