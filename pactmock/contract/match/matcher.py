"""What a matcher is: an object that says its integration JSON. Tests can write their own.

`IntegrationJSONEncoder` writes documents with matchers in them, `MatchingRuleJSONEncoder` the rules of a pact file.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from pactmock.contract.generate.generator import AbstractGenerator
from pactmock.contract.types import UNSET, MatcherType, Unset

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

TYPE = "pact:matcher:type"
_NOT_OF_A_RULE = "pact:"


class AbstractMatcher(ABC, Generic[T_co]):
    """A matcher: what must hold for a value, with an example of it. `T_co` is the type of the example."""

    @abstractmethod
    def to_integration_json(self) -> dict[str, Any]:
        """Return the matcher as it stands in a document, in the place of the example; others can stand in it."""

    @abstractmethod
    def to_matching_rule(self) -> dict[str, Any]:
        """Return the matcher as `matchingRules` of a pact file has it."""

    def has_value(self) -> bool:
        """Tell whether there is an example."""
        return not isinstance(getattr(self, "value", UNSET), Unset)

    def __and__(self, other: AbstractMatcher[Any]) -> AbstractMatcher[Any]:
        """Have both matchers hold; the example is that of the first that has one."""
        if not isinstance(other, AbstractMatcher):
            return NotImplemented
        return AndMatcher(self, other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.to_integration_json()!r})"


class GenericMatcher(AbstractMatcher[T_co]):
    """A matcher of any type, also one that has no function here, as `GenericMatcher("semver", "1.2.3")`."""

    def __init__(
        self,
        type: MatcherType,
        /,
        value: T_co | Unset = UNSET,
        generator: AbstractGenerator | None = None,
        extra_fields: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the name of a matcher, an example, what makes values in its place, and the options of the matcher."""
        self.type = type
        self.value = value
        self.generator = generator
        self._fields = {**(extra_fields or {}), **kwargs}

    def to_integration_json(self) -> dict[str, Any]:
        generator = self.generator.to_integration_json() if self.generator else {}
        example = {"value": self.value} if self.has_value() else {}
        return {TYPE: self.type, **example, **generator, **self._fields}

    def to_matching_rule(self) -> dict[str, Any]:
        example = {"value": self.value} if self.has_value() else {}
        return {"match": self.type, **example, **self._fields}


class ArrayContainsMatcher(AbstractMatcher[Sequence[Any]]):
    """A list that has an item for each variant, in any order, and may have others."""

    def __init__(self, variants: Sequence[Any], /) -> None:
        self._variants = list(variants)

    def to_integration_json(self) -> dict[str, Any]:
        return {TYPE: "arrayContains", "variants": self._variants}

    def to_matching_rule(self) -> dict[str, Any]:
        from pactmock.authoring.collector import Collector
        from pactmock.authoring.integration_json import process

        with Collector() as collector:
            (entry,) = process(to_json(self), collector).rules
        return dict(entry.rules[0].to_json())


class _EachMatcher(AbstractMatcher[Mapping[str, T]]):
    """An object whose keys or values are all as some matchers say."""

    _type: str

    def __init__(
        self, value: Mapping[str, Any], /, *, rules: Sequence[AbstractMatcher[Any]] | AbstractMatcher[Any]
    ) -> None:
        self._value = value
        self._rules = [rules] if isinstance(rules, AbstractMatcher) else list(rules)

    def to_integration_json(self) -> dict[str, Any]:
        return {
            TYPE: self._type,
            "value": self._value,
            "rules": [rule.to_integration_json() for rule in self._rules],
        }

    def to_matching_rule(self) -> dict[str, Any]:
        return {
            "match": self._type,
            "value": self._value,
            "rules": [rule.to_matching_rule() for rule in self._rules],
        }


class EachKeyMatcher(_EachMatcher[T]):
    """An object whose keys are all as some matchers say."""

    _type = "eachKey"


class EachValueMatcher(_EachMatcher[T]):
    """An object whose values are all as some matchers say."""

    _type = "eachValue"


class AndMatcher(AbstractMatcher[T_co]):
    """Several matchers that all have to hold. The example, and the generator, are those of the first that has one."""

    def __init__(self, *matchers: AbstractMatcher[Any]) -> None:
        self._matchers = [part for matcher in matchers for part in _flat(matcher)]
        found = [written["value"] for written in self._written() if "value" in written]
        self.value: Any = found[0] if found else UNSET

    def _written(self) -> list[dict[str, Any]]:
        return [matcher.to_integration_json() for matcher in self._matchers]

    def to_integration_json(self) -> dict[str, Any]:
        written = self._written()
        example = {"value": self.value} if self.has_value() else {}
        generators = [matcher.generator for matcher in self._matchers if isinstance(matcher, GenericMatcher)]
        first = next(filter(None, generators), None)
        return {TYPE: written, **example, **(first.to_integration_json() if first else {})}

    def to_matching_rule(self) -> dict[str, Any]:
        return {"combine": "AND", "matchers": [matcher.to_matching_rule() for matcher in self._matchers]}


def _flat(matcher: AbstractMatcher[Any]) -> list[AbstractMatcher[Any]]:
    return matcher._matchers if isinstance(matcher, AndMatcher) else [matcher]


class IntegrationJSONEncoder(json.JSONEncoder):
    """Writes a document with matchers and generators in it as integration JSON."""

    def default(self, o: Any) -> Any:
        if isinstance(o, AbstractMatcher | AbstractGenerator):
            return o.to_integration_json()
        return super().default(o)


class _DocumentEncoder(IntegrationJSONEncoder):
    """Writes a generator that stands where a value does as a matcher of its type: alone it would be lost."""

    def default(self, o: Any) -> Any:
        if isinstance(o, AbstractGenerator):
            return {TYPE: "type", **o.to_integration_json()}
        return super().default(o)


class MatchingRuleJSONEncoder(json.JSONEncoder):
    """Writes rules with matchers among them as `matchingRules` of a pact file has them."""

    def default(self, o: Any) -> Any:
        if isinstance(o, AndMatcher):
            return o.to_matching_rule()
        if isinstance(o, AbstractMatcher):
            return {"combine": "AND", "matchers": [o.to_matching_rule()]}
        if isinstance(o, AbstractGenerator):
            return o.to_generator_json()
        return super().default(o)


def to_json(document: Any) -> Any:
    """Return a document as plain JSON, with the integration JSON of matchers and generators in their places.

    Raises:
        TypeError: for an object that JSON has no form for.
        ValueError: for a number that is none, or is infinite.
    """
    return json.loads(json.dumps(document, cls=_DocumentEncoder, allow_nan=False))
