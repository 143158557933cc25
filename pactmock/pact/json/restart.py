"""Where in a refused JSON text reading has to begin again to find its fault: shortly before the parser stopped.

Reading ten megabytes in Python takes half a minute. But what stands before the place where the parser stopped is fine,
so only its brackets are looked at, all at once, to know what is open there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import accumulate, islice
from typing import NamedTuple


class Expects(Enum):
    """What stands next."""

    VALUE = "a value"
    FIRST = "the first thing in a list or an object, or its end"
    COLON = "the colon behind a key"
    AFTER = "a comma, or the end of what is open"


class Restart(NamedTuple):
    """Where reading begins again: the bracket that is open there, if any, how many are, and what stands next."""

    at: int
    container: bytes
    depth: int
    expects: Expects


_STRING = re.compile(rb'"[^"]*+"')
_TO_A_BRACKET = re.compile(rb'(?:[^\[\]{}"]|"[^"]*+")*+[\[\]{}]')
_OTHER_THAN_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = [{"[": 1, "{": 1, "]": -1, "}": -1}.get(chr(code), 0) for code in range(256)]
_SPACE = b" \t\n\r"
_IN_SCALARS = b"+-.0123456789eEaflnrstu"


class FineText:
    """The part of a text that a parser found nothing wrong with."""

    def __init__(self, text: bytes, stop: int) -> None:
        # Escapes are made harmless without moving anything: a quote that is left begins or ends a string.
        clean = text[:stop].replace(b"\\\\", b"__").replace(b'\\"', b"__")
        is_in_string = clean.count(b'"') % 2
        self._clean = clean[: clean.rfind(b'"')] if is_in_string else clean.rstrip(_IN_SCALARS)
        self._brackets = _STRING.sub(b"", self._clean).translate(None, _OTHER_THAN_BRACKETS)

    def first_at_depth(self, depth: int) -> int | None:
        """Return the position of the first bracket that opens this level, counted from 1; None when none does."""
        if max(self._levels(), default=0) < depth:
            return None
        number = next(number for number, level in enumerate(self._levels()) if level == depth)
        return next(islice(_TO_A_BRACKET.finditer(self._clean), number, None)).end() - 1

    def _levels(self) -> Iterator[int]:
        return accumulate(map(_STEPS.__getitem__, self._brackets))

    @property
    def end(self) -> Restart:
        """Where it ends, before the token that the parser stopped at or in."""
        opened = self._brackets
        for _ in range(_PASSES):
            opened = opened.replace(b"[]", b"").replace(b"{}", b"")
        container, depth = _innermost(opened), sum(map(_STEPS.__getitem__, opened))
        before = self._clean.rstrip(_SPACE)
        at, expects = self._next(before, container)
        return Restart(at, container, depth, expects)

    def _next(self, before: bytes, container: bytes) -> tuple[int, Expects]:
        last = before[-1:]
        if last in {b"{", b"["}:
            return len(before), Expects.FIRST
        if last in {b":", b""}:
            return len(before), Expects.VALUE
        if last == b",":
            return len(before) - 1, Expects.AFTER
        if last == b'"' and container == b"{":
            ahead = before[: before.rfind(b'"', 0, -1)].rstrip(_SPACE)
            return len(before), Expects.AFTER if ahead.endswith(b":") else Expects.COLON
        return len(before), Expects.AFTER


_PASSES = 4
"""How often pairs of brackets are taken out at once, before the rest is gone through one by one."""


def _innermost(brackets: bytes) -> bytes:
    level = 0
    for code in reversed(brackets):
        level += _STEPS[code]
        if level > 0:
            return bytes([code])
    return b""
