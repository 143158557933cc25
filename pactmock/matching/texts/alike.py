"""What two texts have in common."""

from __future__ import annotations

from typing import AnyStr


def shared_beginning(one: AnyStr, other: AnyStr) -> int:
    """Count the characters, or bytes, that two texts begin with; by halves, as they may be very long."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least
