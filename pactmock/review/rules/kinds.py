"""Warnings about matching rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pactmock.errors import InvalidRule, Steps
from pactmock.pact.matching_rules import (
    EachValue,
    IgnoreOrder,
    MatchingRule,
    Plugin,
    RuleEntry,
    core_rules,
    different_rules,
    with_inner,
)
from pactmock.pact.model import MessageContents, Request, Response
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.subject import Part, Subject


def unknown_rules(subject: Subject) -> Iterator[PactWarning]:
    """Yield the rules of responses and messages that neither the core nor a plugin of the pact knows.

    A rule of an HTTP request like that is refused, as nothing passes it.
    """
    for part in subject.parts:
        is_verified = part in subject.answered
        if is_verified or isinstance(part, MessageContents):
            fails = ", so the provider's verification will fail" if is_verified else ""
            for rule, place in rules_of(part, _is_unknown):
                if isinstance(rule, Plugin):
                    text = f"Nothing knows the matching rule '{rule.name}'{fails}: {advice(rule.name)}"
                    yield PactWarning(text, "unknown_rule", place)


def refuse_unknown_rules(bound: BoundPact) -> None:
    """Refuse rules of requests that neither the core nor a plugin of the pact knows: no request could pass them.

    Also where nothing is compared by them, as under `status`: whoever wrote them believes otherwise. Those of a body
    that a plugin compares are the plugin's.

    Raises:
        InvalidRule: with the JSON pointer of the rule, and the name that may be meant.
    """
    for index, interaction in enumerate(bound.pact.http_interactions):
        request = interaction.request
        for category, entries in request.matching_rules.items():
            if not (category == "body" and index in bound.body_compilers):
                for rule, place in _rules_in(entries, request.place, _is_unknown):
                    if isinstance(rule, Plugin):
                        raise InvalidRule(f"Nothing knows the matching rule '{rule.name}': {advice(rule.name)}").below(
                            *place
                        )


def _is_unknown(rule: MatchingRule) -> bool:
    return isinstance(rule, Plugin) and rule.apply is None


def unread_categories(subject: Subject) -> Iterator[PactWarning]:
    """Yield the categories of rules that say nothing of their part, as `contents` of a message; a plugin may read them.

    The verification passes over them too (reference/matching.md §1.9).
    """
    for part in () if subject.interaction.plugin_configuration else subject.parts:
        read = _READ[type(part)]
        for category, entries in part.matching_rules.items():
            if entries and category not in read:
                place = (*part.place, *entries[0].place_of(0))[: len(part.place) + 2]
                text = f"Nothing reads the matching rules of '{category}' here: use {', '.join(sorted(read))}"
                yield PactWarning(text, "unread_rules", place)


_READ: Mapping[type, frozenset[str]] = {
    Request: frozenset({"path", "query", "header", "body"}),
    Response: frozenset({"status", "header", "body"}),
    MessageContents: frozenset({"body", "metadata"}),
}


def unordered_lists(subject: Subject) -> Iterator[PactWarning]:
    """Yield each `ignore-order` of what the provider sends: pact-jvm has it, and the reference does not know it."""
    for part in subject.answered:
        for _, place in rules_of(part, lambda rule: isinstance(rule, IgnoreOrder)):
            yield PactWarning(
                "Only pact-jvm knows 'ignore-order', and the provider's verification by others will fail: use"
                " 'arrayContains', or expect the list in its order",
                "ignore_order",
                place,
            )


def empty_each_values(subject: Subject) -> Iterator[PactWarning]:
    """Yield each `eachValue` without rules of what the provider sends: in the reference no scalar passes it.

    Here it works as `values` does (reference/matching.md §11 row 10, F).
    """
    for part in subject.answered:
        for _, place in rules_of(part, lambda rule: isinstance(rule, EachValue) and not rule.inner):
            yield PactWarning(
                "No text, number or boolean passes 'eachValue' without rules in the provider's verification:"
                " give it some, or write 'values', which holds each value against the example",
                "empty_each_value",
                place,
            )


def rules_of(part: Part, is_meant: Callable[[MatchingRule], bool]) -> Iterator[tuple[MatchingRule, Steps]]:
    """Yield those rules of a part that are meant, also inside of others, with the place of the one written there."""
    for entries in part.matching_rules.values():
        yield from _rules_in(entries, part.place, is_meant)


def _rules_in(
    entries: Sequence[RuleEntry], part: Steps, is_meant: Callable[[MatchingRule], bool]
) -> Iterator[tuple[MatchingRule, Steps]]:
    if not any(map(is_meant, different_rules(entries))):  # as nearly always
        return
    for entry in entries:
        for index, rule in enumerate(entry.rules):
            place = (*part, *entry.place_of(index))
            yield from ((one, place) for one in with_inner(rule) if is_meant(one))


def advice(name: str) -> str:
    """Say what to do about a name that no rule has."""
    from difflib import get_close_matches  # late: most rules are known

    usual = sorted({rule.match for rule in core_rules()})
    others = sorted({name for rule in core_rules() for name in rule.names})
    close = get_close_matches(name, usual, n=1) or get_close_matches(name, others, n=1)
    meant = f"'{close[0]}' may be meant" if close else f"use one of {', '.join(usual)}"
    return f"{meant}, or name the plugin that has it in 'metadata.plugins'"
