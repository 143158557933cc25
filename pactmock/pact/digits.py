"""Digits that somebody else wrote, as a number: Python refuses to read thousands of them, also where most are zeros."""

from __future__ import annotations

_MOST = 25
"""More than the largest integer of 64 bits has."""


def integer_of(digits: str) -> int:
    """Return the integer of digits with or without a sign; of very many, one that is still too large for 64 bits.

    Raises:
        ValueError: for what are no digits.
    """
    significant = digits.lstrip("+-0") or "0"
    number = int(significant[:_MOST] if significant.isdecimal() else significant)
    return -number if digits.startswith("-") else number
