"""JSON as the reference implementation sees it: sorted objects, integers apart from decimals.

orjson decides what is JSON (see docs/architecture.md): 64-bit integers stay integers, larger ones become decimals,
NaN and lone surrogates are refused. This is the one module that imports it.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from pactmock.errors import NotJson, TooLarge

Json: TypeAlias = Any
"""What `parse` returns: dict, list, str, int, float, bool or None, nested. mypy has no useful recursive form of it."""

_MOST_DIGITS = 20
"""More than any count or index has; Python refuses to read very long numbers."""

_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1


def parse(text: bytes | str) -> Json:
    """Parse a JSON text.

    Raises:
        NotJson: with the reference's reason, line and column.
    """
    try:
        value = orjson.loads(text) if len(text) < _UNCOLLECTED else _loads_uncollected(text)
    except orjson.JSONDecodeError as error:
        raise NotJson(_fault(text.encode(errors="surrogatepass") if isinstance(text, str) else text, error)) from None
    content = text.encode() if isinstance(text, str) else text
    if content.find(b"-0") < 0 or not re.search(_NEGATIVE_ZERO, content):  # `in` would try it for a number first
        return value
    # There is no such integer as `-0`, so it is a decimal (reference/matching.md §0.1).
    return _loads_uncollected(
        re.sub(_NEGATIVE_ZEROS, lambda found: b"-0.0" if found[0] == b"-0" else found[0], content)
    )


def parse_exact(text: bytes | str) -> Json:
    """Parse a JSON text, and keep integers of any length as they are.

    Raises:
        NotJson: as `parse` does.
    """
    value = parse(text)
    content = text.encode() if isinstance(text, str) else text
    if not re.search(_LONG_INTEGER, content):
        return value
    from json import loads  # late: few documents have such

    try:
        return loads(content)
    except (ValueError, RecursionError):  # Python reads no numbers of thousands of digits
        return value


_LONG_INTEGER = rb"[0-9]{19}"


def parse_document(content: bytes | str) -> Json:
    """Parse what is a file, or was posted as one: it may begin with a byte order mark.

    Raises:
        NotJson: as `parse` does; of what is in another encoding than UTF-8, it says that.
    """
    try:
        return parse(content.removeprefix("\ufeff") if isinstance(content, str) else content.removeprefix(_MARK))
    except NotJson:
        found = _other_encoding(content) if isinstance(content, bytes) else None
        if found is None:
            raise
        raise NotJson(f"{found}: save it as UTF-8") from None


_MARK = "\ufeff".encode()


def _other_encoding(content: bytes) -> str | None:
    """Say how a text is seen not to be UTF-8; None where it is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        return "it is in UTF-16 or UTF-32, not in UTF-8"
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"it is not in UTF-8, perhaps in Latin-1, as the byte 0x{content[error.start]:02x} on line {line} shows"
    return None


_NEGATIVE_ZERO = rb"-0(?![0-9.eE])"
_NEGATIVE_ZEROS = rb'(?s:"(?:[^"\\]|\\.)*+"|-0(?![0-9.eE]))'

_UNCOLLECTED = 64 * 1024
"""Of a megabyte, the collector takes five times as long as the parser, in search of garbage that it does not make."""


def _loads_uncollected(text: bytes | str) -> Json:
    if not gc.isenabled():
        return orjson.loads(text)
    gc.disable()
    try:
        return orjson.loads(text)
    finally:
        gc.enable()


_READ_WHOLE = 4096
"""Up to how many bytes of a text are read again to find its fault."""


def _fault(text: bytes, error: orjson.JSONDecodeError) -> str:
    from pactmock.pact.json.diagnosis import diagnose, diagnose_at  # late: most of what is read is JSON

    found = diagnose(text) if len(text) <= _READ_WHOLE else diagnose_at(text, stop_of(text, error))
    # What only orjson refuses is told in its words.
    return found or f"{str(error).partition(': line ')[0]} at line {error.lineno} column {error.colno}"


def stop_of(text: bytes, error: orjson.JSONDecodeError) -> int:
    """Return where orjson stopped, in bytes. It looks first whether all is UTF-8, and reads nothing when it is not."""
    try:
        text.decode()
    except UnicodeDecodeError as invalid:
        try:
            orjson.loads(text[: invalid.start])
        except orjson.JSONDecodeError as earlier:
            return len(earlier.doc[: earlier.pos].encode())
        return invalid.start
    return len(error.doc[: error.pos].encode())


def compact(value: Json) -> str:
    """Render a value without spaces and with sorted keys (reference/matching.md §0.1)."""
    return _dump(value, orjson.OPT_SORT_KEYS).decode()


def compact_bytes(value: Json) -> bytes:
    """Render as `compact` does, as UTF-8."""
    # A copy, as orjson writes into a kilobyte: when a thousand bodies keep theirs, each takes 1.7 us, and copied 0.2.
    return _dump(value, _SORTED_LINE)[:-1]


_SORTED_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def in_order(value: Json, *, pretty: bool = False) -> bytes:
    """Render with the members of objects in their order, and with integers of any length; `pretty` as files are."""
    try:
        return _dump(value, orjson.OPT_INDENT_2 if pretty else 0)
    except orjson.JSONEncodeError:
        from json import dumps  # late: few documents have such integers

        text = dumps(value, ensure_ascii=False, indent=2 if pretty else None, separators=None if pretty else (",", ":"))
        return text.encode()


def pretty_bytes(value: Json) -> bytes:
    """Render as a pact file is written: two spaces, sorted keys, no newline at the end."""
    return _dump(value, orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _dump(value: Json, option: int) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError as error:
        if "ecursion" in str(error):
            raise TooLarge("JSON is nested too deep: pactmock takes up to 254 levels") from None
        raise


def to_text(value: Json) -> str:
    """Return a string as it is, null as the empty text, anything else as compact JSON (`json_to_string`, §0.1)."""
    if isinstance(value, str):
        return value
    return "" if value is None else compact(value)


def type_name(value: Json) -> str:
    """Name the JSON type the way mismatch texts do, for example `Integer`."""
    return _TYPE_NAMES[type(value)]


_TYPE_NAMES: dict[type, str] = {
    dict: "Object",
    list: "Array",
    type(None): "Null",
    bool: "Boolean",
    int: "Integer",
    float: "Decimal",
    str: "String",
}


def equal(left: Json, right: Json) -> bool:
    """Compare deeply and strictly: `1`, `1.0` and `true` are three different values (§0.1)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return len(left) == len(right) and all(key in right and equal(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return bool(left == right)


def to_index(value: Json) -> int | None:
    """Read a count or an index the lenient way of pact files, or None when it is neither (`json_to_num`, §0.1)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value >= 0 else None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, str) and len(value) <= _MOST_DIGITS and value.isascii() and value.removeprefix("+").isdigit():
        return int(value)
    return None


def normalise(value: object) -> Json:
    """Turn Python values that a caller gave (tuples, int subclasses, huge integers) into plain JSON values.

    Raises:
        NotJson: when there is something in it that JSON cannot say.
    """
    try:
        return orjson.loads(orjson.dumps(_shrink(value), option=orjson.OPT_NON_STR_KEYS))
    except TypeError as error:
        raise NotJson(str(error)) from None


def _shrink(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and not _MIN_INTEGER <= value <= _MAX_INTEGER:
        return float(value)
    if isinstance(value, Mapping):
        return {key: _shrink(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_shrink(item) for item in value]
    return value
