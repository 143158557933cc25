"""What the checks of rules share, be it on texts, JSON values, bytes or statuses (reference/matching.md §3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pactmock.matching.texts.shortening import cut
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import MatchingRule

Check = TypeVar("Check")


class RuleTable(dict[type[MatchingRule], Check]):
    """What rules decide on one kind of values, by their classes; of a rule that is left out, `otherwise` decides.

    That is what the rules do which have nothing to say of such values: they fail, with `Unable to match ...`, but for
    lists, whose items they speak of, and for JSON values, of which they take the texts as texts.
    """

    def __init__(self, checks: Mapping[type[MatchingRule], Check], *, otherwise: Check) -> None:
        super().__init__(checks)
        self.otherwise = otherwise

    def __missing__(self, _rule: type[MatchingRule]) -> Check:
        return self.otherwise


def fixed(check: Check) -> Callable[[Any], Check]:
    """Make the compiler of a rule that has no attributes: the check is always this one."""
    return lambda _rule: check


def anything(_expected: Any, _actual: Any, _cascaded: bool) -> str | None:
    """Let everything pass."""
    return None


def plugin(rule: rules.Plugin) -> rules.PluginCheck:
    """Make the check of a rule that is a plugin's; where no loaded plugin knows it, nothing passes."""
    if rule.apply is not None:
        return rule.apply
    problem = f"Could not apply the '{rule.name}' matching rule - No catalogue entry found for key '{rule.name}'"
    # Not a name that rules are read by; but the reference looks for a plugin's rule among the keys (§3.1).
    if rule.name == rules.MinMaxType.key:
        problem = (
            f"The '{rule.name}' matching rule applies to a collection as a whole, not to a single value, so it can not "
            "be applied through MatchField. Match the collection with a content matcher instead."
        )
    return lambda _expected, _actual, _cascaded: problem


def bounds(rule: MatchingRule) -> tuple[int, int | None]:
    """Return the least and the greatest size that a rule allows; rules without bounds allow any."""
    return getattr(rule, "min", None) or 0, getattr(rule, "max", None)


def size_problem(rule: MatchingRule, size: int, shown: Callable[[], str]) -> str | None:
    """Compare a size with the bounds of a rule; `shown` renders what has that size, for the text."""
    low, high = bounds(rule)
    if size < low:
        return f"Expected {shown()} (size {size}) to have minimum size of {low}"
    if high is not None and size > high:
        return f"Expected {shown()} (size {size}) to have maximum size of {high}"
    return None


def combine(outcomes: Sequence[str | None], *, any_of: bool) -> list[str]:
    """Apply AND or OR to what the rules of one list found; return what is wrong, nothing when they pass."""
    problems = [cut(outcome) for outcome in outcomes if outcome is not None]
    return [] if any_of and len(problems) < len(outcomes) else problems


def plugin_problem(rule: rules.Plugin, expected: Any, actual: Any) -> str | None:
    """Apply a rule that is a plugin's; return None or the text of the mismatch."""
    return plugin(rule)(expected, actual, False)
