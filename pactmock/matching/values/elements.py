"""XML elements as values, and matching rules on an element as a whole (reference/matching.md §3.7).

What is inside an element, its attributes, children and text, is compared by `bodies/xml.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from pactmock.matching.texts.rendering import debug_rule, quoted
from pactmock.matching.values.checks import RuleTable, bounds
from pactmock.pact import matching_rules as rules
from pactmock.pact.matching_rules import MatchingRule


class Element(NamedTuple):
    """An element of a document. Names are `local`, or `{namespace-uri}:{local}`; prefixes are not part of them.

    A named tuple, as one is made of every element of every request.
    """

    name: str
    attributes: Mapping[str, str]
    """Sorted by name; declarations of namespaces are not among them."""
    children: tuple[Element, ...]
    text: str
    """The texts directly in the element, each trimmed."""
    nodes: int
    """The number of children when texts, comments and processing instructions count too."""

    @property
    def local_name(self) -> str:
        return split_name(self.name)[1]


def split_name(name: str) -> tuple[str, str]:
    """Split a name into its namespace URI, which may be empty, and its local part."""
    uri, _, local = name.rpartition(":")
    return uri, local


def element_problem(rule: MatchingRule, expected: Element, actual: Element, cascaded: bool) -> str | None:
    """Apply one rule to an element; return None or the text of the mismatch."""
    return _CHECKS[type(rule)](rule, expected, actual, cascaded)


def compares_names(rule: MatchingRule) -> bool:
    """Tell whether a rule lets all elements of one name pass."""
    return type(rule) in _OF_NAMES


def name_problem(expected: Element, actual: Element, words: str = "to be equal to") -> str | None:
    """Compare the names; this is also what holds where no rule does."""
    # The expected name comes first here, unlike with JSON (§11 row 18, K).
    return None if expected.name == actual.name else f"Expected '{expected.name}' {words} '{actual.name}'"


def count_problem(rule: MatchingRule, name: str, count: int) -> str | None:
    """Compare the number of elements of a name in their parent with the bounds of a rule on them.

    The reference counts the children of each of them instead (§11 row 65, F).
    """
    low, high = bounds(rule)
    if count < low:
        return f"Expected at least {low} <{name}/> but received {count}"
    return f"Expected at most {high} <{name}/> but received {count}" if high is not None and count > high else None


_Check: TypeAlias = Callable[[Any, Element, Element, bool], str | None]


def _never(rule: MatchingRule, _expected: Element, actual: Element, _cascaded: bool) -> str:
    # Rules on values belong on `#text` and `@attribute`, not on the element (§11 row 20, K).
    uri, local = split_name(actual.name)
    namespace = f"Some({quoted(uri)})" if uri else "None"
    element = f"Element {{ name: QName {{ namespace_uri: {namespace}, local_part: {quoted(local)} }} }}"
    return f"Unable to match {element} using {debug_rule(rule)}"


def _regex(rule: rules.Regex, expected: Element, actual: Element, cascaded: bool) -> str | None:
    from pactmock.matching.patterns.pattern import compile_pattern  # late, like what else few rules need

    pattern = compile_pattern(rule.regex)
    if pattern.problem(actual.local_name) is None:
        return None
    # Cases of the specification (V2, V3) put the pattern of a text on its element; the reference fails them.
    is_leaf = not cascaded and expected.name == actual.name and not actual.children
    if is_leaf and pattern.problem(actual.text) is None:
        return None
    return f"Expected '{actual.name}' to match '{rule.regex}'"


def _same_name(words: str) -> _Check:
    return lambda _rule, expected, actual, _cascaded: name_problem(expected, actual, words)


_OF_NAMES: Mapping[type[MatchingRule], _Check] = {
    rules.Equality: _same_name("to be equal to"),
    **dict.fromkeys((rules.Type, rules.MinType, rules.MaxType, rules.MinMaxType), _same_name("to be the same type as")),
}

_CHECKS: RuleTable[_Check] = RuleTable(
    {
        **_OF_NAMES,
        rules.Regex: _regex,
        rules.NotEmpty: lambda _rule, _expected, actual, _cascaded: (
            None if actual.nodes else f"Expected '{actual.name}' to have at least one child"
        ),
    },
    otherwise=_never,
)
