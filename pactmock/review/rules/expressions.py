"""Warnings about paths and names of rules that can be read here, and not in the provider's verification.

See reference/matching.md §11 rows 38 and 39, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import InvalidRule, Steps
from pactmock.pact import path_expression
from pactmock.pact.matching_rules.categories import to_flat
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Part, Subject

_LITERAL = frozenset({"method", "path", "status", "header", "query"})
"""Categories whose rules stand under names, which are no expressions."""


def unreadable_expressions(subject: Subject) -> Iterator[PactWarning]:
    """Yield the paths of rules and generators that go through a name with a quote or a backslash (row 39, F).

    The reference knows no way to write a quote, and refuses the whole file; a backslash it takes as it stands.
    """
    for part in subject.parts:
        for path, place in _paths(part).items():
            problem = _problem(path)
            if problem is not None:
                text = f"{problem}: call the member otherwise, or have the rule for what it is in"
                yield PactWarning(text, "unreadable_expression", (*part.place, *place))


def unreadable_names(subject: Subject) -> Iterator[PactWarning]:
    """Yield the names of headers and parameters in the rules of V2 that the reference reads as expressions (row 38, F).

    It refuses the whole file for `Q[]`, and finds nothing for `x.y`, which matters where the provider is compared.
    """
    if subject.version.write_rules is not to_flat:
        return
    for part in subject.parts:
        for category in ("query", "header"):
            for entry in part.matching_rules.get(category, ()):
                problem = _problem_of_name(str(entry.path.tokens[0]), part in subject.answered)
                if problem is not None:
                    text = f"{problem}: write the pact in V3 or V4"
                    yield PactWarning(text, "unreadable_expression", (*part.place, *entry.place_of(0)))


def _problem_of_name(name: str, is_answered: bool) -> str | None:
    try:
        as_expression = path_expression.parse(name)
    except InvalidRule:
        return f"The provider's verification cannot read the rule of '{name}' in V2, and refuses the whole file"
    if is_answered and as_expression.tokens != (name,):
        return f"The provider's verification does not find the rule of '{name}' in V2"
    return None


def _paths(part: Part) -> dict[PathExpression, Steps]:
    """Return the paths of rules and generators in which something is escaped, with the place of a rule."""
    found: dict[PathExpression, Steps] = {}
    for category, generators in part.generators.items():
        if category not in _LITERAL:
            found.update((entry.path, ()) for entry in generators if "\\" in entry.path.text)
    for category, rules in part.matching_rules.items():
        if category not in _LITERAL:
            found.update((entry.path, entry.place_of(0)) for entry in rules if "\\" in entry.path.text)
    return found


def _problem(path: PathExpression) -> str | None:
    names = [token for token in path.tokens if isinstance(token, str)]
    if any("'" in name for name in names):
        return f"The provider's verification cannot read {path} for the quote in it, and refuses the whole file"
    if r"\\" in path.text and any("\\" in name for name in names):
        return f"The provider's verification finds nothing at {path}, as both backslashes are part of the name there"
    return None
