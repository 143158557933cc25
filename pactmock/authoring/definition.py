"""Matching rule definitions: `matching(type, 'Name')` and its kin, as plugins and tests write rules in one text.

The grammar is that of reference/matching.md §9. The one that is published for it differs in places; where they do,
this follows the reference implementation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pactmock.authoring import tokens
from pactmock.authoring.expression import Definition, ValueType
from pactmock.authoring.parser import NO_EXAMPLE, Example, Parser
from pactmock.authoring.references import Reference
from pactmock.authoring.tokens import TokenKind
from pactmock.errors import InvalidRule
from pactmock.matching.values import semantic_version
from pactmock.pact import matching_rules as rules
from pactmock.pact.digits import integer_of
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule, RuleEntry
from pactmock.pact.path_expression import ROOT


def parse_definition(text: str) -> Definition:
    """Parse an expression.

    Raises:
        InvalidRule: with the reference's headline, then the column where the expression cannot be read on.
    """
    if not text:
        raise InvalidRule("Expected a matching rule definition, but got an empty string")
    parser = Parser(text)
    found = _expression(parser)
    while (token := parser.next()).kind is not TokenKind.END:
        if token.text == ",":
            found = found.merged(_expression(parser))
        elif token.kind is TokenKind.OTHER:
            rest = f"got '{token.text}' with '{parser.rest[:40]}' remaining"
            raise parser.error(token, f"expected not more tokens, {rest}")
        else:
            raise parser.error(token, f"expected comma, got '{token.text}'")
    return found


def is_definition(text: str) -> bool:
    """Tell whether a text means to be a definition: its first word is a keyword (§9.4)."""
    return tokens.read(text, 0)[0].text in _EXPRESSIONS


def _expression(parser: Parser) -> Definition:
    token = parser.next()
    read = _EXPRESSIONS.get(token.text)
    if read is None:
        found = " but got the end of the expression" if token.kind is TokenKind.END else f", but got '{token.text}'"
        advice = f": use one of {', '.join(_EXPRESSIONS)}"
        raise parser.error(token, f"Error: Expected a type of matching rule definition{found}", advice)
    parser.enter(token)
    definition = read(parser)
    parser.leave()
    return definition


def _made(
    parser: Parser, rule: MatchingRule, example: Example = NO_EXAMPLE, generator: Generator | None = None
) -> Definition:
    return Definition(example.value, example.type, (rule,), example.generator or generator, parser.text)


def _matching(parser: Parser) -> Definition:
    parser.open()
    token = parser.next("a matcher (equalTo, regex, etc.)")
    if token.text == "$":
        name = parser.string()
        definition = _made(parser, Reference(name), Example(name))
    elif token.kind is not TokenKind.NAME or token.text in _RESERVED:
        raise parser.error(token, f"Error: Expected the type of matcher, got '{token.text}'")
    else:
        parser.comma()
        kind = _DEFINED.get(token.text)
        definition = _plugin(parser, token.text) if kind is None else _RULES.get(kind, _plain)(parser, kind)
    parser.close()
    return definition


def _not_empty(parser: Parser) -> Definition:
    parser.expect("(", "'('", "expected '('")
    example = parser.primitive()
    parser.expect(")", "')'", "expected closing bracket")
    return _made(parser, rules.NotEmpty(), example)


def _each(rule: type[rules.Each]) -> Callable[[Parser], Definition]:
    def read(parser: Parser) -> Definition:
        parser.open("an opening bracket")
        inner = _expression(parser)
        parser.close("a closing bracket")
        generator = inner.generator.to_json() if inner.generator else None
        is_reference = any(isinstance(item, Reference) for item in inner.rules)
        return _made(parser, rule(inner.rules, None if is_reference else inner.value or None, generator))

    return read


def _size(rule: type[rules.MinType | rules.MaxType]) -> Callable[[Parser], Definition]:
    def read(parser: Parser) -> Definition:
        parser.open("an opening bracket")
        token = parser.next("an unsigned number")
        if token.kind is not TokenKind.INTEGER or token.text.startswith("-"):
            raise parser.error(token, f"Error: Expected an unsigned number, got '{token.text}'")
        parser.close()
        return _made(parser, rule(integer_of(token.text)))

    return read


def _array_contains(parser: Parser) -> Definition:
    parser.open("an opening bracket")
    inner = [_expression(parser)]
    while (token := parser.next("a closing bracket or comma")).text != ")":
        if token.text != ",":
            raise parser.error(token, f"Error: Expected a closing bracket or comma, got '{token.text}'")
        inner.append(_expression(parser))
    variants = tuple(_variant(i, item) for i, item in enumerate(inner) if not isinstance(item.rules[0], Reference))
    references = tuple(item.rules[0] for item in inner if isinstance(item.rules[0], Reference))
    contains = (rules.ArrayContains(variants),) if variants else ()
    value = next((item.value for item in inner if item.value), "")
    return Definition(value, ValueType.UNKNOWN, contains + references, None, parser.text)


def _variant(index: int, definition: Definition) -> rules.Variant:
    """Make the variant of an expression: only its first rule counts, at the root of the element (§9.3)."""
    generators = {ROOT.text: definition.generator.to_json()} if definition.generator else {}
    return rules.Variant(index, (RuleEntry(ROOT, definition.rules[:1]),), generators)


_EXPRESSIONS: dict[str, Callable[[Parser], Definition]] = {
    "matching": _matching,
    "notEmpty": _not_empty,
    "eachKey": _each(rules.EachKey),
    "eachValue": _each(rules.EachValue),
    "atLeast": _size(rules.MinType),
    "atMost": _size(rules.MaxType),
    "arrayContains": _array_contains,
}
_RESERVED = frozenset({*_EXPRESSIONS, "null", "true", "false"})


_Read: TypeAlias = Callable[[Parser, Any], Definition]
"""Reads what stands after the comma behind the name of a rule, given the class of the rule."""


def _plain(parser: Parser, rule: type[MatchingRule]) -> Definition:
    return _made(parser, rule(), parser.primitive())


def _numeric(wanted: str, kinds: tuple[ValueType, ...], value_type: ValueType) -> _Read:
    def read(parser: Parser, rule: type[MatchingRule]) -> Definition:
        example = parser.literal(wanted, kinds, state=True)
        # From a provider state, the example has the type that it is written in; a decimal stays a Decimal rule, where
        # the reference makes it a Number (§11 row 50, F).
        return _made(parser, rule(), example if example.generator else Example(example.value, value_type))

    return read


def _formatted(parser: Parser, rule: type[rules.Formatted]) -> Definition:
    layout = parser.string()
    parser.comma()
    example = parser.string_or_state()
    return _made(parser, rule(layout), example, Generator(rule.generator, {"format": layout}))


def _regex(parser: Parser, rule: type[rules.Regex]) -> Definition:
    regex = parser.string()
    parser.comma()
    return _made(parser, rule(regex), parser.string_or_state())


def _include(parser: Parser, rule: type[rules.Include]) -> Definition:
    value = parser.string()
    return _made(parser, rule(value), Example(value, ValueType.STRING))


def _semver(parser: Parser, rule: type[rules.Semver]) -> Definition:
    start = parser.position
    value = parser.string()
    reason = semantic_version.reason(value)
    if reason is not None:
        token, _ = tokens.read(parser.text, start)
        raise parser.error(token, f"Error: Expected a semver compatible string, got {token.text} - {reason}")
    return _made(parser, rule(), Example(value, ValueType.STRING))


def _content_type(parser: Parser, rule: type[rules.ContentType]) -> Definition:
    name = parser.string()
    parser.comma()
    return _made(parser, rule(name), Example(parser.string()))


_NUMERALS = (ValueType.INTEGER, ValueType.DECIMAL)
_RULES: dict[type[MatchingRule], _Read] = {
    rules.Number: _numeric("a number", _NUMERALS, ValueType.NUMBER),
    rules.Integer: _numeric("an integer", (ValueType.INTEGER,), ValueType.INTEGER),
    rules.Decimal: _numeric("a decimal number", _NUMERALS, ValueType.DECIMAL),
    rules.Timestamp: _formatted,
    rules.Date: _formatted,
    rules.Time: _formatted,
    rules.Regex: _regex,
    rules.Include: _include,
    rules.Boolean: lambda parser, rule: _made(
        parser, rule(), parser.literal("a boolean", (ValueType.BOOLEAN,), state=False)
    ),
    rules.Semver: _semver,
    rules.ContentType: _content_type,
}
"""The rules behind whose name more stands than an example, or no example of any type."""

_DEFINED = {rule.definition: rule for rule in rules.core_rules() if rule.definition}
"""The rules of the core by their names here; any other name is that of a plugin's rule."""


def _plugin(parser: Parser, name: str) -> Definition:
    """Read the example of a plugin's rule, and before it what configures the rule, if there are two."""
    first = parser.primitive()
    if not parser.at(","):
        return _made(parser, rules.Plugin(name, {}), first)
    parser.comma()
    values: dict[str, Json] = {"value": Definition(first.value, first.type, ()).example}
    return _made(parser, rules.Plugin(name, values), parser.primitive())
