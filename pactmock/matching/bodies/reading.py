"""Bodies that have to be read before they can be compared, and what is said when one cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pactmock.matching import budget
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import BodyCheck, BodyMismatches, ExpectedPart, Part, mismatch

Document = TypeVar("Document")


class Unreadable(Exception):
    """Why a body cannot be read, in a sentence or less."""


def compile_read(
    expected: ExpectedPart,
    read: Callable[[Part], Document],
    compile_comparison: Callable[[Document], Callable[[Document], BodyMismatches]],
    kind: str = "",
    *,
    same_bytes_pass: bool = False,
) -> BodyCheck:
    """Compile a comparison of what two bodies say; the expected one is read once.

    `read`, or the comparison, raises `Unreadable`; each side that cannot be read is a mismatch, as `kind` where the
    texts name it. With `same_bytes_pass`, a body that is the expected one byte for byte is not even read.
    """

    def problem(side: str, actual: Part, reason: Unreadable) -> BodyMismatch:
        return mismatch("$", expected, actual, f"Failed to parse the {side} body{kind}: '{reason}'")

    def read_received(actual: Part) -> Document:
        budget.current().check_parsed(len(actual.content))
        return read(actual)

    def unreadable(actual: Part) -> list[BodyMismatch]:
        try:
            read_received(actual)
        except Unreadable as error:
            return [problem("actual", actual, error)]
        return []

    try:
        compare = compile_comparison(read(expected))
    except Unreadable as error:
        reason = error
        return lambda actual: [problem("expected", actual, reason), *unreadable(actual)]

    def check(actual: Part) -> BodyMismatches:
        if same_bytes_pass and actual.content == expected.content:
            return ()
        try:
            return compare(read_received(actual))
        except Unreadable as error:
            return [problem("actual", actual, error)]

    return check
