"""Cuts what an explanation shows to a size that can be kept, sent and read.

A request of a few megabytes must not make an explanation of gigabytes. Whatever is shown is measured by what it takes
as JSON, where a control character is six bytes, so that bounds of parts add up to a bound of the whole.
"""

from __future__ import annotations

import codecs

from pactmock.pact.json.values import Json, compact_bytes

VALUE = 1024
"""How many bytes a value, the text of a mismatch, a path or a name has as JSON at the most."""

_ELLIPSIS = "…"
_SMALLEST = 64
"""Below so many bytes nothing is shown but the ellipsis."""
_MARK = 40
"""What it takes to say how many items are left out."""
LONGEST_ESCAPE = 6
"""How many bytes of JSON a character takes at the most."""
_DEEPEST = 64


def size(value: Json) -> int:
    """Return how many bytes a value has as compact JSON."""
    return len(compact_bytes(value))


def cut(text: str, room: int = VALUE, length: str | None = None) -> str:
    """Shorten a text to some bytes of JSON. An ellipsis and the length tell that it was longer: `ab… (9 characters)`.

    `length` says how long the whole is, where this is only its beginning.
    """
    if length is None and (len(text) * LONGEST_ESCAPE + 2 <= room or (len(text) <= room and size(text) <= room)):
        return text
    end = f"{_ELLIPSIS} ({length or f'{len(text):,} characters'})"
    space = room - size(end)
    fits, too_many = 0, min(len(text), max(space, 0)) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if size(text[:middle]) - 2 <= space:
            fits = middle
        else:
            too_many = middle
    return text[:fits] + end


def cut_content(content: bytes, otherwise: str | None = None, room: int = VALUE) -> str:
    """Shorten some bytes to the beginning of their text.

    `otherwise` is shown where they are no text; without it, what is none in them is shown by the sign for that.
    """
    is_whole = len(content) <= room
    if content.isascii() and len(content) * LONGEST_ESCAPE + 2 <= room:
        return content.decode()
    decoder = codecs.getincrementaldecoder("utf-8")("replace" if otherwise is None else "strict")
    try:
        text = decoder.decode(content[:room], final=is_whole)
    except UnicodeDecodeError:
        return otherwise or ""
    return cut(text, room, None if is_whole else f"{len(content):,} bytes")


def room_after(value: Json, room: int) -> int:
    """Return how much room a value leaves, roughly; it looks at no more of the value than has room."""
    if isinstance(value, str):
        return room - len(value)
    room -= 1
    if isinstance(value, list):
        for item in value:
            room = room_after(item, room)
            if room < 0:
                break
    elif isinstance(value, dict):
        for name, item in value.items():
            room = room_after(item, room - len(name))
            if room < 0:
                break
    return room


def fitted(value: Json, room: int) -> Json:
    """Shorten a JSON value to some bytes, if it has more.

    Then texts longer than a kilobyte are cut, and lists and objects say how many of their items are left out.
    """
    if room_after(value, room) >= 0 and size(value) <= room:
        return value
    return _Fitting(room).fit(value, 0)


class _Fitting:
    """One value on its way into a room. It looks at no more of the value than fits."""

    def __init__(self, room: int) -> None:
        self.left = room - _MARK

    def fit(self, value: Json, depth: int) -> Json:
        if self.left < _SMALLEST or (depth > _DEEPEST and isinstance(value, dict | list)):
            self.left -= size(_ELLIPSIS)
            return _ELLIPSIS
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return self._list(value, depth)
        shown = cut(value, min(VALUE, self.left)) if isinstance(value, str) else value
        self.left -= size(shown)
        return shown

    def _list(self, items: list[Json], depth: int) -> list[Json]:
        kept: list[Json] = []
        self.left -= _MARK
        for item in items:
            if self.left < _SMALLEST:
                return [*kept, f"{_ELLIPSIS} {len(items) - len(kept):,} more"]
            kept.append(self.fit(item, depth + 1))
            self.left -= 1
        self.left += _MARK - 2
        return kept

    def _object(self, members: dict[str, Json], depth: int) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        self.left -= _MARK
        for done, (name, value) in enumerate(members.items()):
            shown = cut(name, min(VALUE, max(self.left, _SMALLEST)))
            self.left -= size(shown) + 2
            if self.left < _SMALLEST:
                return kept | {_ELLIPSIS: f"{len(members) - done:,} more"}
            kept[shown] = self.fit(value, depth + 1)
        self.left += _MARK - 2
        return kept
