"""The generator of a matcher: `pact:generator:type` and the attributes beside it (reference/matching.md §7.1, §10.1).

The attributes of the rule, the example and those of the generator stand in one object. Here each type takes its own,
and what it is made of is written out in full, as the reference writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pactmock.errors import InvalidRule
from pactmock.generators.attributes import integer, length
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json, compact, to_text

TYPE = "pact:generator:type"

Members = Mapping[str, Json]


def read_generator(members: Members) -> Generator | None:
    """Read the generator that stands in a matcher; None where there is none.

    Raises:
        InvalidRule: when its type is no name, or an attribute without which it makes nothing is missing.
    """
    if TYPE not in members:
        return None
    kind = members[TYPE]
    if not isinstance(kind, str) or not kind:
        raise InvalidRule(f"{compact(kind)} is not the name of a generator").below(TYPE)
    return make_generator(kind, members)


def make_generator(kind: str, members: Members) -> Generator:
    """Make the generator of a type from an object that holds its attributes, and maybe others."""
    from pactmock.generators.kinds import KINDS  # late, with calendars and patterns: most contracts generate nothing

    for name in _NEEDED.get(kind, ()):
        if name not in members:
            raise InvalidRule(f"The {kind} generator needs '{name}'")
    if kind not in KINDS:
        return Generator(kind, _of_plugin(members))
    take = _ATTRIBUTES.get(kind)
    return Generator(kind, take(members) if take else {})


_NEEDED = {"Regex": ("regex",), "ProviderState": ("expression",)}
_UUID_FORMATS = frozenset({"simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN"})
_DATA_TYPES = frozenset({"STRING", "INTEGER", "DECIMAL", "FLOAT", "BOOLEAN", "RAW"})
_NOT_OF_A_PLUGIN = frozenset({"type", "value"})


def _length(name: str) -> Callable[[Members], dict[str, Json]]:
    return lambda members: {name: length(members, name)}


def _texts(*names: str) -> Callable[[Members], dict[str, Json]]:
    return lambda members: {name: to_text(members[name]) for name in names if name in members}


def _uuid(members: Members) -> dict[str, Json]:
    # `format` can be that of the rule beside the generator, so one that is not known says nothing.
    known = members.get("format")
    return {"format": known} if isinstance(known, str) and known in _UUID_FORMATS else {}


def _provider_state(members: Members) -> dict[str, Json]:
    expression = {"expression": to_text(members["expression"])}
    if "dataType" not in members:
        return expression
    data_type = to_text(members["dataType"]).upper()
    return {**expression, "dataType": data_type if data_type in _DATA_TYPES else "RAW"}


def _of_plugin(members: Members) -> dict[str, Json]:
    """Keep everything but the example and the names that integration JSON itself has; the reference keeps those too."""
    return {
        name: value for name, value in members.items() if not name.startswith("pact:") and name not in _NOT_OF_A_PLUGIN
    }


_ATTRIBUTES: dict[str, Callable[[Members], dict[str, Json]]] = {
    "RandomInt": lambda members: {"min": integer(members, "min", 0), "max": integer(members, "max", 10)},
    "RandomDecimal": _length("digits"),
    "RandomHexadecimal": _length("digits"),
    "RandomString": _length("size"),
    "Regex": _texts("regex"),
    "Uuid": _uuid,
    "Date": _texts("format", "expression"),
    "Time": _texts("format", "expression"),
    "DateTime": _texts("format", "expression"),
    "ProviderState": _provider_state,
    "MockServerURL": lambda members: {name: to_text(members.get(name)) for name in ("example", "regex")},
}
"""What each type takes of the object. One of the core that is left out has no attributes."""
