"""Generators of arrayContains rules: each element gets those of the variant it is (reference/matching.md §7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pactmock.errors import InvalidRule
from pactmock.generators.context import GeneratorContext
from pactmock.generators.json_body import fill
from pactmock.generators.kinds import Kind, compile_generator
from pactmock.generators.maker import CannotGenerate, Entry, Maker, maker
from pactmock.matching.bodies.json import compare
from pactmock.matching.compiling import compile_entries
from pactmock.matching.rule_set import Place
from pactmock.pact import generators, path_expression
from pactmock.pact.json_value import Json
from pactmock.pact.matching_rules import ArrayContains, MatchingRule, RuleEntry, Variant
from pactmock.pact.pointer import Pointer
from pactmock.pact.value import value


def entries_of_rules(rules: Iterable[RuleEntry], kinds: Mapping[str, Kind]) -> Iterator[Entry]:
    """Compile the generators inside the arrayContains rules of a category.

    Raises:
        InvalidRule: with the JSON pointer of the generator at fault.
    """
    for entry in rules:
        for rule, pointer in _with_pointers(entry):
            if isinstance(rule, ArrayContains) and any(variant.generators for variant in rule.variants):
                yield Entry(entry.path, _array_contains(rule, pointer / "variants", kinds), f"The list {entry.path}")


def _with_pointers(entry: RuleEntry) -> Iterator[tuple[MatchingRule, Pointer]]:
    pointers = entry.pointers or (Pointer(),) * len(entry.rules)
    return zip(entry.rules, pointers, strict=True)


@value
class _Variant:
    """The rules that an element of this kind passes, and its generators."""

    root: Place
    entries: tuple[Entry, ...]

    def accepts(self, element: Json) -> bool:
        # Compared with itself: the rules decide, and a variant without rules accepts anything.
        return not compare(element, element, self.root, strict=True)


def _array_contains(rule: ArrayContains, pointer: Pointer, kinds: Mapping[str, Kind]) -> Maker:
    variants = [_compile(variant, pointer / i / "generators", kinds) for i, variant in enumerate(rule.variants)]

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


def _compile(variant: Variant, pointer: Pointer, kinds: Mapping[str, Kind]) -> _Variant:
    entries = (_entry(key, value, pointer / key, kinds) for key, value in variant.generators.items())
    return _Variant(compile_entries(variant.rules), tuple(entry for entry in entries if entry is not None))


def _entry(key: str, value: Json, pointer: Pointer, kinds: Mapping[str, Kind]) -> Entry | None:
    generator = generators.generator_from_json(value)
    if generator is None:
        return None
    try:
        return Entry(path_expression.parse(key), compile_generator(generator, kinds), f"The element at {key}")
    except InvalidRule as error:
        raise InvalidRule(error.message, pointer=pointer.text) from None
