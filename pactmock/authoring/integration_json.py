"""Integration JSON: examples and matchers in one document, as test libraries send it (reference/matching.md §10).

It becomes the example alone, and beside it the rules and the generators under the paths of what they are for.
"""

from __future__ import annotations

from pactmock.authoring.collector import Collector, child, step_of_key
from pactmock.authoring.generator import read_generator
from pactmock.authoring.matcher import PREFIX, TYPE, is_matcher, read_matcher
from pactmock.errors import InvalidRule
from pactmock.pact.generators import GeneratorEntry
from pactmock.pact.json.values import Json, compact
from pactmock.pact.matching_rules import ArrayContains, RuleEntry, Variant
from pactmock.pact.path_expression import ROOT, PathExpression, Wildcard
from pactmock.pact.value import value


@value
class Processed:
    """An example, free of matchers, with the rules and the generators that were in it."""

    value: Json
    rules: tuple[RuleEntry, ...] = ()
    generators: tuple[GeneratorEntry, ...] = ()


def process(document: Json, collector: Collector) -> Processed:
    """Process a document, such as a JSON body; what is in it is gathered by a collector of its own.

    Raises:
        InvalidRule: for a matcher that cannot be read; the collector knows where.
        TooLarge: when the document is nested deeper than JSON can be written.
    """
    value = process_into(collector, document, ROOT)
    return Processed(value, collector.rules(), collector.generators())


def process_into(collector: Collector, document: Json, path: PathExpression, *, for_all_items: bool = False) -> Json:
    """Process a document whose root is at a path and whose rules are added to others; the answer is the example.

    `for_all_items` says that the rules in a list hold for any item of it, as those in the example of a matcher do.
    """
    compact(document)  # refuses what is nested too deep to be walked
    return _Walk(collector).value(document, path, for_all_items=for_all_items)


class _Walk:
    """One walk through a document.

    `for_all_keys` and `for_all_items` say that what is found inside an object or a list holds for all of it: its path
    has `.*` or `[*]` in the place of the key or the index. The reference hands them down through lists just so.
    """

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.where = collector.where

    def value(
        self,
        value: Json,
        path: PathExpression,
        *,
        for_all_keys: bool = False,
        for_all_items: bool = False,
    ) -> Json:
        if isinstance(value, list):
            return self._list(value, path, for_all_keys, for_all_items)
        if is_matcher(value):
            return self._matcher(value, path, for_all_keys)
        return self._object(value, path, for_all_keys) if isinstance(value, dict) else value

    def _object(self, value: dict[str, Json], path: PathExpression, for_all_keys: bool) -> Json:
        found = {}
        for name in sorted(value):
            # A generator without a matcher goes with the other names of integration JSON (§11 row 52, K).
            if not name.startswith(PREFIX):
                step = Wildcard.ANY if for_all_keys else step_of_key(name)
                self.where.append(name)
                found[name] = self.value(value[name], child(path, step))
                self.where.pop()
        return found

    def _list(self, value: list[Json], path: PathExpression, for_all_keys: bool, for_all_items: bool) -> Json:
        found = []
        for i, item in enumerate(value):
            # Rules of several example items pile up under `[*]` (§11 row 52, K).
            step = Wildcard.ANY_INDEX if for_all_items else i
            self.where.append(i)
            found.append(self.value(item, child(path, step), for_all_keys=for_all_keys))
            self.where.pop()
        return found

    def _matcher(self, members: dict[str, Json], path: PathExpression, for_all_keys: bool) -> Json:
        if members[TYPE] in _ARRAY_CONTAINS:
            return self._array_contains(members, path)
        matcher = read_matcher(members)
        inside = matcher.holds_for_all_keys if isinstance(matcher.example, dict) else for_all_keys
        self.where.append("value")
        example = self.value(matcher.example, path, for_all_keys=inside, for_all_items=True)
        self.where.pop()
        self.collector.add(path, matcher.rules, matcher.generator)
        return example

    def _array_contains(self, members: dict[str, Json], path: PathExpression) -> Json:
        """Process the variants, each a document of its own; the example is the list of them."""
        given = members.get("variants")
        if not isinstance(given, list):
            raise InvalidRule("ArrayContains 'variants' attribute is missing or not an array").below("variants")
        variants, examples = [], []
        for i, item in enumerate(given):
            with Collector("variants", i) as inside:
                examples.append(_Walk(inside).value(item, ROOT))
            generators = {entry.path.text: entry.generator.to_json() for entry in inside.generators()}
            variants.append(Variant(i, inside.rules(), generators))
        self.collector.add(path, (ArrayContains(tuple(variants)),), read_generator(members))
        return examples


_ARRAY_CONTAINS = ("arrayContains", "array-contains")
