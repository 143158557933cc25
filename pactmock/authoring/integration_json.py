"""Integration JSON: examples and matchers in one document, as test libraries send it (reference/matching.md §10).

It becomes the example alone, and beside it the rules and the generators under the paths of what they are for.
"""

from __future__ import annotations

from pactmock.authoring.collector import Collector, child, step_of_key
from pactmock.authoring.generator import read_generator
from pactmock.authoring.matcher import PREFIX, TYPE, is_matcher, read_matcher
from pactmock.errors import InvalidRule
from pactmock.pact.generators import GeneratorEntry
from pactmock.pact.json_value import Json, compact
from pactmock.pact.matching_rules import ArrayContains, RuleEntry, Variant
from pactmock.pact.path_expression import ROOT, PathExpression, Wildcard
from pactmock.pact.pointer import Pointer
from pactmock.pact.value import value

_WHOLE = Pointer()


@value
class Processed:
    """An example, free of matchers, with the rules and the generators that were in it."""

    value: Json
    rules: tuple[RuleEntry, ...] = ()
    generators: tuple[GeneratorEntry, ...] = ()


def process(document: Json, pointer: Pointer = _WHOLE, path: PathExpression = ROOT) -> Processed:
    """Process a document, such as a JSON body, whose root is at a path.

    Raises:
        InvalidRule: with the JSON pointer of a matcher that cannot be read.
        TooLarge: when the document is nested deeper than JSON can be written.
    """
    collector = Collector()
    value = process_into(collector, document, pointer, path)
    return Processed(value, collector.rules(), collector.generators())


def process_into(
    collector: Collector, document: Json, pointer: Pointer, path: PathExpression, *, for_all_items: bool = False
) -> Json:
    """Process a document whose rules are added to others; the answer is the example.

    `for_all_items` says that the rules in a list hold for any item of it, as those in the example of a matcher do.
    """
    compact(document)  # refuses what is nested too deep to be walked
    return _Walk(collector).value(document, path, pointer, for_all_items=for_all_items)


class _Walk:
    """One walk through a document.

    `for_all_keys` and `for_all_items` say that what is found inside an object or a list holds for all of it: its path
    has `.*` or `[*]` in the place of the key or the index. The reference hands them down through lists just so.
    """

    def __init__(self, collector: Collector) -> None:
        self.collector = collector

    def value(
        self,
        value: Json,
        path: PathExpression,
        pointer: Pointer,
        *,
        for_all_keys: bool = False,
        for_all_items: bool = False,
    ) -> Json:
        if isinstance(value, list):
            return self._list(value, path, pointer, for_all_keys, for_all_items)
        if is_matcher(value):
            return self._matcher(value, path, pointer, for_all_keys)
        return self._object(value, path, pointer, for_all_keys) if isinstance(value, dict) else value

    def _object(self, value: dict[str, Json], path: PathExpression, pointer: Pointer, for_all_keys: bool) -> Json:
        found = {}
        for name in sorted(value):
            # A generator without a matcher goes with the other names of integration JSON (§11 row 52, K).
            if not name.startswith(PREFIX):
                step = Wildcard.ANY if for_all_keys else step_of_key(name)
                found[name] = self.value(value[name], child(path, step), pointer / name)
        return found

    def _list(
        self, value: list[Json], path: PathExpression, pointer: Pointer, for_all_keys: bool, for_all_items: bool
    ) -> Json:
        found = []
        for i, item in enumerate(value):
            # Rules of several example items pile up under `[*]` (§11 row 52, K).
            where = child(path, Wildcard.ANY_INDEX if for_all_items else i)
            found.append(self.value(item, where, pointer / i, for_all_keys=for_all_keys))
        return found

    def _matcher(self, members: dict[str, Json], path: PathExpression, pointer: Pointer, for_all_keys: bool) -> Json:
        if members[TYPE] in _ARRAY_CONTAINS:
            return self._array_contains(members, path, pointer)
        matcher = read_matcher(members, pointer)
        inside = matcher.holds_for_all_keys if isinstance(matcher.example, dict) else for_all_keys
        where = pointer / "value"
        example = self.value(matcher.example, path, where, for_all_keys=inside, for_all_items=True)
        self.collector.add(path, matcher.rules, matcher.generator, pointer)
        return example

    def _array_contains(self, members: dict[str, Json], path: PathExpression, pointer: Pointer) -> Json:
        """Process the variants, each a document of its own; the example is the list of them."""
        given, where = members.get("variants"), pointer / "variants"
        if not isinstance(given, list):
            raise InvalidRule("ArrayContains 'variants' attribute is missing or not an array", pointer=where.text)
        variants, examples = [], []
        for i, item in enumerate(given):
            inside = Collector()
            examples.append(_Walk(inside).value(item, ROOT, where / i))
            generators = {entry.path.text: entry.generator.to_json() for entry in inside.generators()}
            variants.append(Variant(i, inside.rules(), generators))
        generator = read_generator(members, pointer)
        self.collector.add(path, (ArrayContains(tuple(variants)),), generator, pointer)
        return examples


_ARRAY_CONTAINS = ("arrayContains", "array-contains")
