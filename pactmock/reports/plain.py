"""Texts of mismatches in plain English, for people.

Programs get the reference's own texts (reference/matching.md §0.2, §8.3), in which words of its parsers stand:
`Error(Nom(":00", TakeWhileMN))`, `Plugin { name: "x", values: Object {} }`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pactmock.reports.rendered import as_in_a_pact

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_KINDS = {
    "InvalidDayInMonth": "day of a month",
    "InvalidDayInYear": "day of a year",
    "InvalidDayOfWeek": "day of a week",
    "InvalidHour": "hour",
    "InvalidMinute": "minute or second",
    "InvalidMonth": "month",
    "InvalidQuarter": "quarter",
    "InvalidTimezone": "time zone",
    "InvalidWeekInYear": "week",
}
_OFFSET = re.compile(r"pattern of '[^']*(?:'[^']*'[^']*)*[ZXx]")


def plain(text: str) -> str:
    """Say a mismatch in plain English, where it has words of a parser or of a program; others stay as they are."""
    text = as_in_a_pact(text)
    if not _ODD.search(text):
        return text
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


_ODD = re.compile(r"Error\(|Remaining data|Plugin \{|Element \{|catalogue entry|^Expected (?:empty )?body .*Present\(")


def _goes_on(found: re.Match[str]) -> str:
    rest = _unquoted(found[1])
    if not rest:
        return "it ends before the format does"
    is_offset = _OFFSET.search(found.string) and re.match(r":?[0-9]{2}", rest)
    hint = "; of offsets, Z to ZZZ read +0100, and XXX reads +01:00" if is_offset else ""
    return f"at '{rest}' it is not as the format has it{hint}"


def _present(found: re.Match[str]) -> str:
    size = f"{found['size']} ({found['type']})" if found["type"] else found["size"]
    return f"Expected an empty body but received {size}" if found["empty"] else f"Expected a body of {size}"


def _element(found: re.Match[str]) -> str:
    return f"<{_unquoted(found[1])}:{_unquoted(found[2])}/>" if found[1] else f"<{_unquoted(found[2])}/>"


_WORDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"Error\(Nom\({_QUOTED}, \w+\)\)", re.DOTALL), _goes_on),
    (
        re.compile(rf"Error\(({'|'.join(_KINDS)})\({_QUOTED}\)\)", re.DOTALL),
        lambda found: f"'{_unquoted(found[2])}' is no {_KINDS[found[1]]}",
    ),
    (
        re.compile(rf"Error\(FullTimezonesNotSupported\({_QUOTED}\)\)", re.DOTALL),
        lambda _found: "full names of time zones, as zzzz asks for, are not read",
    ),
    (
        re.compile(rf"Remaining data after applying pattern {_QUOTED}", re.DOTALL),
        lambda found: f"it goes on with '{_unquoted(found[1])}' where the format ends",
    ),
    (
        re.compile(rf"using Plugin \{{ name: {_QUOTED}, values: .*\}}", re.DOTALL),
        lambda found: f"using the rule '{_unquoted(found[1])}', which nothing here knows",
    ),
    (
        re.compile(r"Could not apply the '([^']*)' matching rule - No catalogue entry found for key '\1'"),
        lambda found: f"Nothing here knows the matching rule '{found[1]}'",
    ),
    (
        re.compile(
            r"^Expected (?:body|(?P<empty>empty body but received))"
            r" Present\((?P<size>\d+ bytes)(?:, (?P<type>[^)]*))?\)"
        ),
        _present,
    ),
    (
        re.compile(
            rf"Element \{{ name: QName \{{ namespace_uri: (?:None|Some\({_QUOTED}\)), local_part: {_QUOTED} \}} \}}"
        ),
        _element,
    ),
)


def _unquoted(text: str) -> str:
    return _ESCAPES.sub(lambda found: _CHARACTERS.get(found[1], found[1]), text)


_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
