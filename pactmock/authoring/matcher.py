"""One matcher of integration JSON: an object with `pact:matcher:type` (reference/matching.md §10.1).

Test libraries write an example and what holds for it in one place. Where the reference only logs a matcher that it
cannot read, and puts null in the place of the example, this refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from pactmock.authoring.definition import is_definition, parse_definition
from pactmock.authoring.expression import Definition
from pactmock.authoring.generator import make_generator, read_generator
from pactmock.authoring.references import resolve
from pactmock.errors import InvalidRule
from pactmock.pact.generators import Generator
from pactmock.pact.json_value import Json, compact, to_text
from pactmock.pact.matching_rules import Each, MatchingRule, Plugin, create_rule, named, read_rule
from pactmock.pact.pointer import Pointer
from pactmock.pact.value import value

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


def read_matcher(members: Members, pointer: Pointer) -> Matcher:
    """Read a matcher.

    Raises:
        InvalidRule: with the JSON pointer of what cannot be read.
    """
    rules, definitions = [], []
    for rule_or_definition in _read_type(members, pointer):
        if isinstance(rule_or_definition, Definition):
            definitions.append(rule_or_definition)
            rules += _resolved(rule_or_definition, members, pointer)
        else:
            rules.append(rule_or_definition)
    generator = read_generator(members, pointer) or next((d.generator for d in definitions if d.generator), None)
    if "value" in members:
        return Matcher(tuple(rules), generator, members["value"], True)
    examples = [definition.example for definition in definitions if definition.has_example]
    return Matcher(tuple(rules), generator, examples[0] if examples else None, bool(examples))


def _resolved(definition: Definition, members: Members, pointer: Pointer) -> list[MatchingRule]:
    try:
        return [resolve(rule, members) for rule in definition.rules]
    except InvalidRule as error:
        raise InvalidRule(error.message, pointer=(pointer / TYPE).text) from None


def _read_type(members: Members, pointer: Pointer) -> Iterator[MatchingRule | Definition]:
    """Read the one rule, the definition or the list of rules that `pact:matcher:type` says."""
    kind, where = members[TYPE], pointer / TYPE
    if isinstance(kind, str):
        yield _read_name(kind, members, pointer)
    elif isinstance(kind, list) and kind:
        for i, item in enumerate(kind):
            if not is_matcher(item) or not isinstance(item[TYPE], str):
                raise InvalidRule(f"A list of matchers holds objects with '{TYPE}'", pointer=(where / i).text)
            yield _read_name(item[TYPE], item, where / i)
    else:
        raise InvalidRule(
            f"'{TYPE}' is {compact(kind)[:100]}: use the name of a matcher, a definition or a list of matchers",
            pointer=where.text,
        )


def _read_name(name: str, members: Members, pointer: Pointer) -> MatchingRule | Definition:
    kind = named(name)
    if kind is None and is_definition(name):  # `notEmpty` alone is the name of a rule
        try:
            return parse_definition(name)
        except InvalidRule as error:
            raise InvalidRule(error.message, pointer=(pointer / TYPE).text) from None
    if not name:
        raise InvalidRule("Matching rule type can not be empty", pointer=(pointer / TYPE).text)
    if kind is not None and issubclass(kind, Each):
        return _read_each(kind, members, pointer)
    return _read_rule(name, members, pointer)


def _read_rule(name: str, members: Members, pointer: Pointer) -> MatchingRule:
    attributes = {key: value for key, value in members.items() if not key.startswith(PREFIX)}
    rule = create_rule(name, attributes, pointer)
    if isinstance(rule, Plugin):
        # `value` is the example; a rule of the core may have it as an attribute too.
        return Plugin(name, {key: value for key, value in attributes.items() if key not in ("match", "value")})
    return rule


def _read_each(rule: type[Each], members: Members, pointer: Pointer) -> MatchingRule:
    inner, where = members.get("rules", []), pointer / "rules"
    if not isinstance(inner, list):
        raise InvalidRule(
            f"{rule.__name__} matcher config is not valid: 'rules' is {compact(inner)[:100]}, and has to be a list",
            pointer=where.text,
        )
    rules = [found for i, item in enumerate(inner) for found in _read_inner(item, where / i)]
    return rule(tuple(rules), to_text(members.get("value")) or None, _inner_generator(members, pointer))


def _read_inner(value: Json, pointer: Pointer) -> list[MatchingRule]:
    """Read a rule inside another one, in the form of a matcher or in that of a pact file."""
    if is_matcher(value) and "match" not in value:
        return list(read_matcher(value, pointer).rules)
    return [read_rule(value, pointer)]


def _inner_generator(members: Members, pointer: Pointer) -> dict[str, Json] | None:
    generator = members.get("generator")
    kind = generator.get("type") if isinstance(generator, dict) else None
    if not isinstance(generator, dict) or not isinstance(kind, str) or not kind:
        return None
    return make_generator(kind, generator, pointer / "generator").to_json()
