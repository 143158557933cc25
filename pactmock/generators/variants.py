"""Generators of arrayContains rules: each element gets those of the variant it is (reference/matching.md §7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pactmock.errors import below
from pactmock.generators.context import GeneratorContext
from pactmock.generators.json_body import fill
from pactmock.generators.kinds import Kind, compile_generator
from pactmock.generators.maker import CannotGenerate, Entry, Maker, maker
from pactmock.matching import budget
from pactmock.matching.bodies.json import compare
from pactmock.matching.compiling import compile_entries
from pactmock.matching.rule_set import Place
from pactmock.pact import generators, path_expression
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import ArrayContains, RuleEntry, Variant
from pactmock.pact.value import value


def entries_of_rules(rules: Iterable[RuleEntry], kinds: Mapping[str, Kind]) -> Iterator[Entry]:
    """Compile the generators inside the arrayContains rules of a category.

    Raises:
        InvalidRule: with the place of the generator at fault.
    """
    for entry in rules:
        for index, rule in enumerate(entry.rules):
            if isinstance(rule, ArrayContains) and any(variant.generators for variant in rule.variants):
                with below(*entry.place_of(index)):
                    made = _array_contains(rule, kinds)
                yield Entry(entry.path, made, f"The list {entry.path}")


@value
class _Variant:
    """The rules that an element of this kind passes, and its generators."""

    root: Place
    entries: tuple[Entry, ...]

    def accepts(self, element: Json) -> bool:
        # Compared with itself: the rules decide, and a variant without rules accepts anything.
        budget.current().spend()
        return not compare(element, element, self.root, strict=True)


def _array_contains(rule: ArrayContains, kinds: Mapping[str, Kind]) -> Maker:
    variants = [_compile(variant, position, kinds) for position, variant in enumerate(rule.variants)]

    def make(example: Json, context: GeneratorContext) -> Json:
        if not isinstance(example, list):
            raise CannotGenerate("can only use ArrayContains with lists")
        return [_vary(element, variants, context) for element in example]

    return maker(make)


def _vary(element: Json, variants: list[_Variant], context: GeneratorContext) -> Json:
    holder = [element]
    variant = next((variant for variant in variants if variant.accepts(element)), None)
    if variant is not None:
        fill(holder, variant.entries, context)
    return holder[0]


def _compile(variant: Variant, position: int, kinds: Mapping[str, Kind]) -> _Variant:
    rules, entries = compile_entries(variant.rules), []
    for key, item in variant.generators.items():
        generator = generators.generator_from_json(item)
        if generator is not None:
            with below("variants", position, "generators", key):
                path = path_expression.parse(key)
                entries.append(Entry(path, compile_generator(generator, kinds), f"The element at {key}"))
    return _Variant(rules, tuple(entries))
