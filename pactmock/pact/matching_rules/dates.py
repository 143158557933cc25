"""The rules on dates and times, which have a date pattern (reference/matching.md §3.1)."""

from __future__ import annotations

from typing import ClassVar

from pactmock.pact.json.values import Json, to_text
from pactmock.pact.matching_rules.rule import Attributes, MatchingRule, core_rule
from pactmock.pact.value import value


@value
class Formatted(MatchingRule):
    """A rule with a date pattern; an empty one stands for the ISO form of the kind."""

    format: str
    since = "V3"
    sees_example = False
    may_be_refused = True
    word: ClassVar[str]
    """What mismatches call the pattern."""
    iso_format: ClassVar[str]
    generator: ClassVar[str]
    """The type of generators that makes what passes."""

    @classmethod
    def read(cls, name: str, attributes: Attributes, /) -> Formatted:
        return cls(to_text(attributes.get("format", attributes.get(name, ""))))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "format": self.format}


@core_rule
class Timestamp(Formatted):
    match = "datetime"
    names = ("timestamp", "datetime")
    definition = "datetime"
    word = "timestamp"
    iso_format = "yyyy-MM-dd'T'HH:mm:ssXXX"
    generator = "DateTime"


@core_rule
class Date(Formatted):
    match = "date"
    definition = "date"
    word = "date"
    iso_format = "yyyy-MM-dd"
    generator = "Date"


@core_rule
class Time(Formatted):
    match = "time"
    definition = "time"
    word = "time"
    iso_format = "HH:mm:ss"
    generator = "Time"
