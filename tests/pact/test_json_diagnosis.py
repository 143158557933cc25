"""What is not JSON is told in the words and with the positions of the reference's parser."""

from __future__ import annotations

import re
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactmock.errors import NotJson
from pactmock.pact.json import values as json_value
from pactmock.pact.json.diagnosis import diagnose, diagnose_at


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b"{", "EOF while parsing an object at line 1 column 1"),
        (b"[1", "EOF while parsing a list at line 1 column 2"),
        (b'"a', "EOF while parsing a string at line 1 column 2"),
        (b'{"a"', "EOF while parsing an object at line 1 column 4"),
        (b'{"a":', "EOF while parsing a value at line 1 column 5"),
        (b"100 dollars", "trailing characters at line 1 column 5"),
        (b"{a: 1}", "key must be a string at line 1 column 2"),
        (b'{"a" 1}', "expected `:` at line 1 column 6"),
        (b'{"a": 1 "b"}', "expected `,` or `}` at line 1 column 9"),
        (b"[1 2]", "expected `,` or `]` at line 1 column 4"),
        (b"[1,]", "trailing comma at line 1 column 4"),
        (b'{"a":1,}', "trailing comma at line 1 column 8"),
        (b"[\n1,\n x]", "expected value at line 3 column 2"),
        (b"tru", "EOF while parsing a value at line 1 column 3"),
        (b"trux", "expected ident at line 1 column 4"),
        (b"01", "invalid number at line 1 column 2"),
        (b"1.", "EOF while parsing a value at line 1 column 2"),
        (b"1.x", "invalid number at line 1 column 3"),
        (b"1e999", "number out of range at line 1 column 5"),
        (b'"\\x"', "invalid escape at line 1 column 3"),
        (b'"\x01"', "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 2"),
        (b'"\\ud800"', "unexpected end of hex escape at line 1 column 8"),
        (b'"\\udc00"', "lone leading surrogate in hex escape at line 1 column 7"),
        (b'"\xff"', "invalid unicode code point at line 1 column 3"),
        (b"[" * 128, "recursion limit exceeded at line 1 column 128"),
    ],
)
def test_the_first_fault_is_named(text: bytes, fault: str) -> None:
    assert diagnose(text) == fault
    if text != b"[" * 128:
        with pytest.raises(NotJson) as caught:
            json_value.parse(text)
        assert caught.value.reason == fault


@given(
    st.binary(max_size=12)
    | st.text(st.sampled_from('{}[]",:\\ntruefalsn0123456789.eE+- \nu'), max_size=16).map(str.encode)
)
def test_a_fault_is_found_just_where_parsing_fails(text: bytes) -> None:
    fault = diagnose(text)
    if fault is None:
        json_value.parse(text)
    else:
        with pytest.raises(NotJson, match=re.escape(fault)):
            json_value.parse(text)


_pieces = st.sampled_from(
    ["{", "}", "[", "]", '"', ",", ":", "\\", "n", "u00e9", "true", "nul", "0", "1", "-", ".", "e", " ", "\n", "\x01",
     "é", '\\"', '\\\\', '"a"', '"b" : ', "\\ud800", "1e999", "[1, 2], ", '{"k": [1]}', "[" * 127]
)  # fmt: skip


def _stop(text: bytes) -> int | None:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return json_value.stop_of(text, error)
    return None


@settings(max_examples=1000)
@given(st.lists(_pieces, max_size=20).map("".join).map(str.encode), st.binary(max_size=2))
def test_reading_from_where_the_parser_stopped_finds_what_reading_all_finds(text: bytes, more: bytes) -> None:
    text += more
    stop = _stop(text)
    assert stop is None or diagnose_at(text, stop) == diagnose(text)


_HALF = 2 * 1024 * 1024


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"1," * _HALF + b"x]",
        b"[" + b'"a",' * _HALF + b"x]",
        b"[" + b'{"a":1},' * _HALF + b"x]",
        b'"' + b"\\n" * _HALF + b"\\x",
        b"[" + b"[" * 100 + b"]" * 100 + b"," + b"[]," * _HALF + b"x]",
        b"1" * _HALF + b"x",
        b"[" + b'"a",' * _HALF + b'"\xff"]',
    ],
    ids=["numbers", "strings", "objects", "escapes", "lists", "digits", "no UTF-8"],
)
def test_a_fault_at_the_end_of_megabytes_is_found_in_a_moment(text: bytes) -> None:
    """Ten megabytes took up to 42 seconds."""
    started = time.thread_time()
    with pytest.raises(NotJson):
        json_value.parse(text)
    assert time.thread_time() - started < 10


@pytest.mark.parametrize("text", ["-0", " -0\n", "-0.0", "-0e1"])
def test_a_negative_zero_is_a_decimal(text: str) -> None:
    """reference/matching.md §0.1: whatever is no 64-bit integer is one."""
    assert json_value.type_name(json_value.parse(text)) == "Decimal"
    assert json_value.compact(json_value.parse(text.encode())) == "-0.0"


def test_what_looks_like_a_negative_zero_stays_as_it_is() -> None:
    text = rb'["-0", "a\"-0,", "\\", -0, -1, 0, 10, "2000-01-0", {"-0": -0.5}, "\\\"", -0]'
    read = ["-0", 'a"-0,', "\\", -0.0, -1, 0, 10, "2000-01-0", {"-0": -0.5}, '\\"', -0.0]
    assert json_value.parse(text) == read
    assert [type(item) for item in json_value.parse(text)] == [type(item) for item in read]
