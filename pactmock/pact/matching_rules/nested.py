"""The rules that have other rules inside (reference/matching.md §3.1, §3.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Self

from pactmock.errors import InvalidRule, below
from pactmock.pact.json.values import Json, to_index, to_text
from pactmock.pact.matching_rules.entry import RuleEntry, equality_everywhere, read_entries
from pactmock.pact.matching_rules.reading import read_rule
from pactmock.pact.matching_rules.rule import Attributes, Change, MatchingRule, core_rule, required
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.value import value


@value
class Variant:
    """One of the things an array must contain: the example at `index` of the expected list, under its own rules."""

    index: int
    rules: tuple[RuleEntry, ...]
    generators: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def read(cls, variant: Json, position: int) -> Variant:
        """Make it of its JSON; it stands at a position among the variants of its rule.

        Raises:
            InvalidRule: with the place in the variant of what cannot be used.
        """
        if not isinstance(variant, dict):
            raise InvalidRule("ArrayContains variant is not an Object")
        rules = variant.get("rules")
        entries: tuple[RuleEntry, ...] = (equality_everywhere(),)
        if isinstance(rules, dict):
            with below("rules"):
                entries = tuple(read_entries(rules, ("variants", position, "rules")))
        generators = variant.get("generators")
        # Without an index it is that of the first element, as in the reference.
        return cls(to_index(variant.get("index")) or 0, entries, generators if isinstance(generators, dict) else {})

    def changed(self, change: Change) -> Variant:
        """Return it with what `change` makes of each rule."""
        return replace(self, rules=tuple(entry.changed(change) for entry in self.rules))

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"index": self.index, "rules": {e.path.text: e.to_json() for e in self.rules}}
        return written | ({"generators": dict(self.generators)} if self.generators else {})

    def debug(self, show: Callable[[object], str]) -> str:
        """Render it as the reference does."""
        entries = ", ".join(entry.debug(show) for entry in self.rules)
        return f"({self.index}, MatchingRuleCategory {{ name: BODY, rules: {{{entries}}} }}, {{}})"


@core_rule
class ArrayContains(MatchingRule):
    variants: tuple[Variant, ...]
    match = "arrayContains"
    key = "array-contains"
    is_of_collections = True
    is_for_every_value = True
    sees_example = False
    may_be_refused = True

    @property
    def inner(self) -> Iterable[MatchingRule]:
        return (rule for variant in self.variants for entry in variant.rules for rule in entry.rules)

    def with_inner(self, change: Change, _path: PathExpression, /) -> ArrayContains:
        return ArrayContains(tuple(variant.changed(change) for variant in self.variants))

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> ArrayContains:
        variants = required(attributes, "variants", "ArrayContains")
        if not isinstance(variants, list):
            raise InvalidRule("ArrayContains matcher 'variants' field is not an Array")
        read = []
        for position, item in enumerate(variants):
            with below("variants", position):
                read.append(Variant.read(item, position))
        return cls(tuple(read))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "variants": [variant.to_json() for variant in self.variants]}

    def debug(self, show: Callable[[object], str], /) -> str:
        return f"ArrayContains([{', '.join(variant.debug(show) for variant in self.variants)}])"


@value
class Each(MatchingRule):
    """A rule with rules inside, for every key or value of an object."""

    rules: tuple[MatchingRule, ...]
    value: str | None = None
    generator: Mapping[str, Json] | None = None
    is_of_collections = True
    is_keyed = True
    sees_example = False
    may_be_refused = True

    @property
    def inner(self) -> Iterable[MatchingRule]:
        return self.rules

    def with_inner(self, change: Change, path: PathExpression, /) -> Self:
        return replace(self, rules=tuple(change(rule, path) for rule in self.rules))

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> Self:
        rules, inner = attributes.get("rules"), []
        for position, item in enumerate(rules if isinstance(rules, list) else ()):
            with below("rules", position):
                inner.append(read_rule(item))
        example, generator = attributes.get("value"), attributes.get("generator")
        return cls(
            tuple(inner),
            to_text(example) if "value" in attributes else None,
            generator if isinstance(generator, dict) else None,
        )

    def to_json(self) -> dict[str, Json]:
        written: dict[str, Json] = {"match": self.match, "rules": [rule.to_json() for rule in self.rules]}
        if self.value is not None:
            written["value"] = self.value
        return written | ({"generator": dict(self.generator)} if self.generator else {})

    def debug(self, show: Callable[[object], str], /) -> str:
        inner = ", ".join(f"Left({show(rule)})" for rule in self.rules)
        return (
            f"{type(self).__name__}(MatchingRuleDefinition {{ value: {show(self.value or '')}, value_type: Unknown,"
            f' rules: [{inner}], generator: None, expression: "" }})'
        )


@core_rule
class EachKey(Each):
    match = "eachKey"
    key = "each-key"


@core_rule
class EachValue(Each):
    match = "eachValue"
    key = "each-value"
    is_for_every_value = True
