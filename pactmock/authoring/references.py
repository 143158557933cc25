"""References: a rule `matching($'name')` that says "as the member of this name is" (reference/matching.md §9.3).

They stand among the rules of a definition until the object that holds the definition is known; then each is a Type
rule, if the object has the member. The reference implementation crashes on those inside other rules.
"""

from __future__ import annotations

from collections.abc import Collection

from pactmock.errors import InvalidRule
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule, Type
from pactmock.pact.path_expression import ROOT
from pactmock.pact.value import value


@value
class Reference(MatchingRule):
    """The name of a member whose example stands for the rule. It has no place in a pact file."""

    name: str
    match = "reference"

    def to_json(self) -> dict[str, Json]:
        """Refuse to be written.

        Raises:
            InvalidRule: always; `resolve` makes the rule that can be written.
        """
        raise _not_found(self.name)


def resolve(rule: MatchingRule, names: Collection[str]) -> MatchingRule:
    """Replace the references in a rule, given the names of the members that there are.

    Raises:
        InvalidRule: when a reference names none of them.
    """
    if isinstance(rule, Reference):
        if rule.name not in names:
            raise _not_found(rule.name)
        return Type()
    return rule.with_inner(lambda inner, _path: resolve(inner, names), ROOT)


def _not_found(name: str) -> InvalidRule:
    return InvalidRule(f"The reference '{name}' was not found: put a member '{name}' beside the definition")
