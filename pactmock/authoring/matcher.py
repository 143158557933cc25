"""One matcher of integration JSON: an object with `pact:matcher:type` (reference/matching.md §10.1).

Test libraries write an example and what holds for it in one place. Where the reference only logs a matcher that it
cannot read, and puts null in the place of the example, this refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from pactmock.authoring.generator import make_generator, read_generator
from pactmock.errors import InvalidRule, below
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json, compact, to_text
from pactmock.pact.matching_rules import Each, MatchingRule, Plugin, create_rule, named, read_rule
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.authoring.expression import Definition

TYPE = "pact:matcher:type"
PREFIX = "pact:"

Members = Mapping[str, Json]


def is_matcher(value: Json) -> TypeGuard[dict[str, Json]]:
    """Tell whether a value is a matcher, as opposed to plain JSON."""
    return isinstance(value, dict) and TYPE in value


@value
class Matcher:
    """The rules of a matcher, its generator, and its example as it is written, which can hold more matchers.

    The example is that of `value`, else of the definition string; `has_example` is false where there is neither.
    """

    rules: tuple[MatchingRule, ...]
    generator: Generator | None
    example: Json
    has_example: bool

    @property
    def holds_for_all_keys(self) -> bool:
        """Whether what stands inside the example holds for every member of it, whatever its name."""
        return any(rule.is_for_every_value for rule in self.rules)


def read_matcher(members: Members) -> Matcher:
    """Read a matcher.

    Raises:
        InvalidRule: with the place in the matcher of what cannot be read.
    """
    from pactmock.authoring.references import resolve

    rules, definitions = [], []
    for rule_or_definition in _read_type(members):
        if isinstance(rule_or_definition, MatchingRule):
            rules.append(rule_or_definition)
        else:
            definitions.append(rule_or_definition)
            with below(TYPE):
                rules += [resolve(rule, members) for rule in rule_or_definition.rules]
    generator = read_generator(members) or next((d.generator for d in definitions if d.generator), None)
    if "value" in members:
        return Matcher(tuple(rules), generator, members["value"], True)
    examples = [definition.example for definition in definitions if definition.has_example]
    return Matcher(tuple(rules), generator, examples[0] if examples else None, bool(examples))


def _read_type(members: Members) -> Iterator[MatchingRule | Definition]:
    """Read the one rule, the definition or the list of rules that `pact:matcher:type` says."""
    kind = members[TYPE]
    if isinstance(kind, str):
        yield _read_name(kind, members)
    elif isinstance(kind, list) and kind:
        for index, item in enumerate(kind):
            with below(TYPE, index):
                if not is_matcher(item) or not isinstance(item[TYPE], str):
                    raise InvalidRule(f"A list of matchers holds objects with '{TYPE}'")
                named = _read_name(item[TYPE], item)
            yield named
    else:
        raise InvalidRule(
            f"'{TYPE}' is {compact(kind)[:100]}: use the name of a matcher, a definition or a list of matchers"
        ).below(TYPE)


def _read_name(name: str, members: Members) -> MatchingRule | Definition:
    kind = named(name)
    if kind is None:  # `notEmpty` alone is the name of a rule
        from pactmock.authoring.definition import is_definition, parse_definition  # late: few contracts have one

        if is_definition(name):
            with below(TYPE):
                return parse_definition(name)
    if not name:
        raise InvalidRule("Matching rule type can not be empty").below(TYPE)
    if kind is not None and issubclass(kind, Each):
        return _read_each(kind, members)
    attributes = {key: value for key, value in members.items() if not key.startswith(PREFIX)}
    rule = create_rule(name, attributes)
    if not isinstance(rule, Plugin):
        return rule
    # `value` is the example; a rule of the core may have it as an attribute too.
    return Plugin(name, {key: value for key, value in attributes.items() if key not in ("match", "value")})


def _read_each(rule: type[Each], members: Members) -> MatchingRule:
    inner, rules = members.get("rules", []), list[MatchingRule]()
    if not isinstance(inner, list):
        raise InvalidRule(
            f"{rule.__name__} matcher config is not valid: 'rules' is {compact(inner)[:100]}, and has to be a list"
        ).below("rules")
    for index, item in enumerate(inner):
        with below("rules", index):
            # A rule inside another one has the form of a matcher, or that of a pact file.
            has_own_form = is_matcher(item) and "match" not in item
            rules += read_matcher(item).rules if has_own_form else (read_rule(item),)
    return rule(tuple(rules), to_text(members.get("value")) or None, _inner_generator(members))


def _inner_generator(members: Members) -> dict[str, Json] | None:
    generator = members.get("generator")
    kind = generator.get("type") if isinstance(generator, dict) else None
    if not isinstance(generator, dict) or not isinstance(kind, str) or not kind:
        return None
    with below("generator"):
        return make_generator(kind, generator).to_json()
