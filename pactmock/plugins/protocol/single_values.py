"""Single values as interface V2 sends them to rules and generators of plugins, with integers and decimals apart."""

from __future__ import annotations

from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.structs import from_value, to_value
from pactmock.plugins.protocol.values import FieldValue

_FIELDS: dict[type, str] = {
    bool: "booleanValue",
    str: "stringValue",
    int: "integerValue",
    float: "decimalValue",
    bytes: "binaryValue",
}
_LARGEST = 2**63


def field_message(messages: Messages, value: FieldValue) -> Message:
    """Make the message of a value; lists and objects go as a structure, integers of more than 64 bits as decimals."""
    if value is None:
        return messages.FieldValue(nullValue=0)
    if isinstance(value, list | dict):
        return messages.FieldValue(structuredValue=to_value(value))
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        value = float(value)
    return messages.FieldValue(**{_FIELDS[type(value)]: value})


def field_of(message: Message) -> FieldValue:
    """Read a value; one that is not set is null."""
    kind = message.WhichOneof("value")
    if kind in (None, "nullValue"):
        return None
    if kind == "structuredValue":
        return from_value(message.structuredValue)
    value: FieldValue = getattr(message, kind)
    return value
