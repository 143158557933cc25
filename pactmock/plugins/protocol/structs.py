"""JSON values in protobuf's Struct, and back.

All numbers of a Struct are doubles. Where one is whole it becomes an integer again, so that `min: 2` of a rule, and a
number that a plugin wants to be kept, do not come back as `2.0` (reference/plugins.md §3.7).
"""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

from pactmock.pact.json.values import Json

_EXACT = 2**53
"""Up to here a double holds every integer."""


def to_struct(document: Mapping[str, Json]) -> Struct:
    """Make a Struct of an object."""
    return Struct(fields={name: to_value(value) for name, value in document.items()})


def to_value(value: Json) -> Value:
    """Make a Value of any JSON value."""
    if value is None:
        return Value(null_value=NullValue.NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, int | float):
        return Value(number_value=value)
    if isinstance(value, str):
        return Value(string_value=value)
    if isinstance(value, list):
        return Value(list_value=ListValue(values=map(to_value, value)))
    return Value(struct_value=to_struct(value))


def from_struct(struct: Struct) -> dict[str, Json]:
    """Return the object of a Struct, its members sorted, as a Struct has no order of its own."""
    return {name: from_value(struct.fields[name]) for name in sorted(struct.fields)}


def from_value(value: Value) -> Json:
    """Return the JSON value; one that is not set is null."""
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        return whole(value.number_value)
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [from_value(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def whole(number: float) -> Json:
    """Turn a number without a fraction into an integer; what JSON cannot say becomes null."""
    if number.is_integer() and abs(number) <= _EXACT:
        return int(number)
    return number if abs(number) < float("inf") else None
