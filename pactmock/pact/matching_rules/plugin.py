"""The rules that plugins have: kept and written by whoever does not know them (reference/matching.md §3.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules.rule import MatchingRule
from pactmock.pact.value import value

PluginCheck: TypeAlias = Callable[[Any, Any, bool], str | None]
"""Applies a rule of a plugin to an expected and an actual value, just as the checks of the core's rules do."""


@value
class Plugin(MatchingRule):
    """A rule that the core does not know. It is kept and written; it can only be applied where a plugin gave `apply`,
    and fails with a text elsewhere.
    """

    name: str
    values: Mapping[str, Json]
    apply: PluginCheck | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Json]:
        return {"match": self.name, **self.values}

    def debug(self, show: Callable[[object], str], /) -> str:
        return f"Plugin {{ name: {show(self.name)}, values: {show(dict(self.values))} }}"
