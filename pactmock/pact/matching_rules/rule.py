"""What can be said of any matching rule but what it decides (reference/matching.md §3.1).

A class of rules answers for itself: how it is written and read, what others call it, what stands in it, what it looks
at. So a rule is added by adding a class; nobody else keeps a list of those that are so or so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from typing import ClassVar, TypeAlias, TypeVar, cast, dataclass_transform

from pactmock.errors import InvalidRule
from pactmock.pact.json.values import Json
from pactmock.pact.path_expression import PathExpression
from pactmock.pact.value import value

Attributes: TypeAlias = Mapping[str, Json]
"""What a rule says in JSON beside its name."""

Change: TypeAlias = Callable[["MatchingRule", PathExpression], "MatchingRule"]
"""Makes another rule of one, given the path that it is written for."""


@value
class MatchingRule:
    """One rule. Subclasses add the attributes, and say below what differs for them."""

    # Names.

    match: ClassVar[str] = ""
    """The name that it is written under."""
    key: ClassVar[str] = ""
    """The name that plugins call it by (reference/plugins.md §4.1); that of the file where nothing is said."""
    names: ClassVar[tuple[str, ...]] = ()
    """All names that it is read by; `match` and `key` where nothing is said."""
    definition: ClassVar[str | None] = None
    """The name in definition expressions, `matching(NAME, ...)` (§9); None where those do not know it."""
    since: ClassVar[str] = "V4"
    """The version of the specification that it came with."""

    # What it is about.

    is_of_collections: ClassVar[bool] = False
    """Whether it speaks of a list or an object as a whole, and so means nothing where there is a single value only."""
    is_keyed: ClassVar[bool] = False
    """Whether an object may have other keys than the example."""
    is_for_every_value: ClassVar[bool] = False
    """Whether every value of an object is compared, with the example's first where it has none of that name."""

    # What it looks at.

    sees_example: ClassVar[bool] = True
    """Whether the example's value has a say when a single JSON value is compared with it."""
    json_types: ClassVar[tuple[type, ...]] = ()
    """The types of JSON values that pass, where only the type counts, whatever the example."""
    may_be_refused: ClassVar[bool] = False
    """Whether something in it may turn out to be nothing, as a pattern, when it is compiled."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The regular expressions in it, but for those of rules inside."""
        return ()

    @property
    def inner(self) -> Iterable[MatchingRule]:
        """The rules that stand right inside."""
        return ()

    def with_inner(self, _change: Change, _path: PathExpression, /) -> MatchingRule:
        """Return it with what a change makes of the rules right inside; the path is the one that it is written for."""
        return self

    def types_like(self, _example: type, /) -> tuple[type, ...]:
        """The types that pass beside an example of some type, where nothing but the type counts; else none."""
        return self.json_types

    # JSON and text.

    @classmethod
    def read(cls, _name: str, _attributes: Attributes, /) -> MatchingRule:
        """Make it of its JSON: the name that it was found by, and its attributes.

        Raises:
            InvalidRule: where an attribute is missing or of the wrong kind.
        """
        return without_attributes(cls)

    def to_json(self) -> dict[str, Json]:
        """Return the file form, with the attributes under their canonical names."""
        return {"match": self.match}

    def debug(self, show: Callable[[object], str]) -> str:
        """Render it as in `Unable to match 'a' using Regex("\\\\d+")`; `show` renders what is inside."""
        arguments = ", ".join(show(getattr(self, item.name)) for item in fields(self))
        return f"{type(self).__name__}({arguments})" if arguments else type(self).__name__


R = TypeVar("R", bound=MatchingRule)

READERS: dict[str, Callable[[str, Attributes], MatchingRule]] = {}
"""What reads a rule of the core, by each of its names."""

_BY_NAME: dict[str, type[MatchingRule]] = {}
_CORE: list[type[MatchingRule]] = []
_WITHOUT_ATTRIBUTES: dict[type[MatchingRule], MatchingRule] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def core_rule(kind: type[R]) -> type[R]:
    """Make a class of values that is a rule of the core: from here on its names mean it."""
    said = vars(kind)
    kind.key = said.get("key", kind.match)
    kind.names = said.get("names", tuple(dict.fromkeys((kind.match, kind.key))))
    made = value(kind)
    _CORE.append(made)
    _BY_NAME.update(dict.fromkeys(made.names, made))
    READERS.update(dict.fromkeys(made.names, made.read))
    return made


def without_attributes(kind: type[R]) -> R:
    """Return the one rule of a kind whose rules are all alike."""
    found = _WITHOUT_ATTRIBUTES.get(kind)
    if found is None:
        found = _WITHOUT_ATTRIBUTES[kind] = kind()
    return cast("R", found)


def core_rules() -> tuple[type[MatchingRule], ...]:
    """Return the classes of all rules that the core has."""
    return tuple(_CORE)


def named(name: str) -> type[MatchingRule] | None:
    """Return the rule of the core that is read by a name, in any of its spellings; None for a plugin's."""
    return _BY_NAME.get(name)


def required(attributes: Attributes, attribute: str, kind: str) -> Json:
    """Return an attribute that a kind of rules cannot do without.

    Raises:
        InvalidRule: where it is missing.
    """
    if attribute not in attributes:
        raise missing(kind, attribute)
    return attributes[attribute]


def missing(kind: str, attribute: str) -> InvalidRule:
    """Say that a rule lacks an attribute."""
    return InvalidRule(f"{kind} matcher missing '{attribute}' field")
