"""Why a text is not JSON, in the words and with the positions of the reference's parser.

The parser that pactmock uses says it in other words, and these stand in mismatch texts that people compare. So a text
that was refused is read once more, slowly, up to the first fault; a long one from shortly before the place where the
parser stopped. Lines count from 1; the column is that of the byte at fault, or of the last one where the text ends too
early.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pactmock.pact.json.restart import Expects, FineText

_SPACE = re.compile(rb"[ \t\n\r]*+")
_DIGITS = re.compile(rb"[0-9]*+")
_PLAIN = re.compile(rb'(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*+')
_LITERALS = {b"t": b"true", b"f": b"false", b"n": b"null"}
_NUMBER = re.compile(rb"-?(0|[1-9][0-9]*)")
_ESCAPES = frozenset(b'"\\/bfnrtu')
_DEEPEST = 127
_END_OF_OBJECT, _END_OF_LIST = "EOF while parsing an object", "EOF while parsing a list"


class _Fault(Exception):
    """The first fault, and the number of bytes up to and with the one at fault."""

    def __init__(self, reason: str, consumed: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.consumed = consumed


def diagnose(text: bytes) -> str | None:
    """Return the first fault of a text, `trailing comma at line 1 column 3`, or None when there is none."""
    return _fault_of(text, lambda reader: reader.whole())


def diagnose_at(text: bytes, stop: int) -> str | None:
    """Return what `diagnose` does, for a text in which there is no fault before a position but that it is too deep.

    None says that nothing is wrong there either.
    """
    return _fault_of(text, lambda reader: reader.resume(FineText(text, stop)))


def _fault_of(text: bytes, read: Callable[[_Reader], None]) -> str | None:
    try:
        read(_Reader(text))
    except _Fault as fault:
        before = text[: fault.consumed]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1)
        return f"{fault.reason} at line {line} column {column}"
    return None


def _end_of(run: re.Pattern[bytes], text: bytes, at: int) -> int:
    """Return where a run ends that may be empty."""
    found = run.match(text, at)
    return found.end() if found else at


class _Reader:
    """Reads a text from left to right."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.at = 0

    def _skip_space(self) -> None:
        self.at = _end_of(_SPACE, self.text, self.at)

    def _peek(self) -> bytes:
        return self.text[self.at : self.at + 1]

    def _next(self, reason_at_end: str) -> bytes:
        """Skip white space and look at the next byte; the end of the text is a fault here."""
        self._skip_space()
        if self.at >= len(self.text):
            raise _Fault(reason_at_end, len(self.text))
        return self._peek()

    def _fault(self, reason: str) -> _Fault:
        return _Fault(reason, self.at + 1)

    def whole(self) -> None:
        """Read the text from its beginning."""
        self.value(0)
        self.end()

    def resume(self, fine: FineText) -> None:
        """Read what follows upon the part of the text that is fine, to the end of what is open there."""
        too_deep = fine.first_at_depth(_DEEPEST + 1)
        if too_deep is not None:
            self.at = too_deep
            raise self._fault("recursion limit exceeded")
        begins = fine.end
        self.at = begins.at
        if begins.container and begins.expects is Expects.FIRST:
            self._inside(begins.container, begins.depth)
        elif begins.container == b"{":
            self._resume_object(begins.depth, begins.expects)
        elif begins.container == b"[":
            if not self._closes("]", _END_OF_LIST):
                self._items(begins.depth)
        else:
            if begins.expects is Expects.VALUE:
                self.value(0)
            self.end()

    def _resume_object(self, depth: int, expects: Expects) -> None:
        if expects is Expects.COLON:
            self._colon()
            expects = Expects.VALUE
        if expects is Expects.VALUE:
            self.value(depth)
        if not self._closes("}", _END_OF_OBJECT):
            self._members(depth)

    def end(self) -> None:
        self._skip_space()
        if self.at < len(self.text):
            raise self._fault("trailing characters")

    def value(self, depth: int) -> None:
        start = self._next("EOF while parsing a value")
        if start in {b"{", b"["}:
            if depth >= _DEEPEST:
                raise self._fault("recursion limit exceeded")
            self.at += 1
            self._inside(start, depth + 1)
        elif start == b'"':
            self._string()
        elif start in _LITERALS:
            self._literal(_LITERALS[start])
        elif start == b"-" or start.isdigit():
            self._number()
        else:
            raise self._fault("expected value")

    def _literal(self, word: bytes) -> None:
        for expected in word:
            if self.at >= len(self.text):
                raise _Fault("EOF while parsing a value", len(self.text))
            if self.text[self.at] != expected:
                raise self._fault("expected ident")
            self.at += 1

    def _number(self) -> None:
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            self.at += 1
            self._bad_number()
            return
        self.at = found.end()
        if found[1] == b"0" and self._peek().isdigit():
            raise self._fault("invalid number")
        if self._peek() == b".":
            self.at += 1
            self._digits()
        if self._peek() in {b"e", b"E"}:
            self.at += 1
            if self._peek() in {b"+", b"-"}:
                self.at += 1
            self._digits()
        if float(self.text[found.start() : self.at]) in {float("inf"), float("-inf")}:
            raise _Fault("number out of range", self.at)

    def _digits(self) -> None:
        if not self._peek().isdigit():
            self._bad_number()
        self.at = _end_of(_DIGITS, self.text, self.at)

    def _bad_number(self) -> None:
        if self.at >= len(self.text):
            raise _Fault("EOF while parsing a value", len(self.text))
        raise self._fault("invalid number")

    def _string(self) -> None:
        self.at += 1
        start = self.at
        while True:
            self.at = _end_of(_PLAIN, self.text, self.at)
            if self.at >= len(self.text):
                raise _Fault("EOF while parsing a string", len(self.text))
            byte = self.text[self.at]
            self.at += 1
            if byte == ord('"'):
                try:
                    self.text[start : self.at - 1].decode()
                except UnicodeDecodeError:
                    raise _Fault("invalid unicode code point", self.at) from None
                return
            if byte == ord("\\"):
                self._escape()
            else:
                raise _Fault("control character (\\u0000-\\u001F) found while parsing a string", self.at)

    def _escape(self) -> None:
        if self.at >= len(self.text):
            raise _Fault("EOF while parsing a string", len(self.text))
        byte = self.text[self.at]
        self.at += 1
        if byte not in _ESCAPES:
            raise _Fault("invalid escape", self.at)
        if byte == ord("u"):
            self._code_point()

    def _code_point(self) -> None:
        code = self._hex()
        if 0xDC00 <= code <= 0xDFFF:
            raise _Fault("lone leading surrogate in hex escape", self.at)
        if 0xD800 <= code <= 0xDBFF:
            for expected in (b"\\", b"u"):
                if self.at >= len(self.text):
                    raise _Fault("EOF while parsing a string", len(self.text))
                self.at += 1
                if self.text[self.at - 1 : self.at] != expected:
                    raise _Fault("unexpected end of hex escape", self.at)
            if not 0xDC00 <= self._hex() <= 0xDFFF:
                raise _Fault("lone leading surrogate in hex escape", self.at)

    def _hex(self) -> int:
        digits = self.text[self.at : self.at + 4]
        if len(digits) < 4:
            raise _Fault("EOF while parsing a string", len(self.text))
        self.at += 4
        try:
            return int(digits.decode("ascii"), 16)
        except ValueError:
            raise _Fault("invalid escape", self.at) from None

    def _inside(self, opening: bytes, depth: int) -> None:
        """Read an object or a list behind its opening bracket."""
        is_object = opening == b"{"
        if self._next(_END_OF_OBJECT if is_object else _END_OF_LIST) == (b"}" if is_object else b"]"):
            self.at += 1
        elif is_object:
            self._members(depth)
        else:
            self._items(depth)

    def _members(self, depth: int) -> None:
        while True:
            if self._next(_END_OF_OBJECT) != b'"':
                raise self._fault("key must be a string")
            self._string()
            self._colon()
            self.value(depth)
            if self._closes("}", _END_OF_OBJECT):
                return

    def _colon(self) -> None:
        if self._next(_END_OF_OBJECT) != b":":
            raise self._fault("expected `:`")
        self.at += 1

    def _items(self, depth: int) -> None:
        while True:
            self.value(depth)
            if self._closes("]", _END_OF_LIST):
                return

    def _closes(self, closing: str, reason_at_end: str) -> bool:
        """Read the closing bracket, or the comma before the next item."""
        if self._next(reason_at_end) == closing.encode():
            self.at += 1
            return True
        if self._peek() != b",":
            raise self._fault(f"expected `,` or `{closing}`")
        self.at += 1
        if self._next("EOF while parsing a value") == closing.encode():
            raise self._fault("trailing comma")
        return False
