"""The dialect of the reference's patterns, rewritten in that of the `regex` package (reference/matching.md §0.3).

Oniguruma reads Ruby's syntax. Most of it means the same in both; what does not is rewritten here piece by piece, and
what Oniguruma does not take is refused, as a pattern that works here and not when the provider is verified helps
nobody. Sources of the rules: Oniguruma's `doc/RE`, and the released library, asked pattern by pattern.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pactmock.matching.patterns import characters
from pactmock.matching.patterns.group import Group, NotAPatternError


class Rewritten(NamedTuple):
    """A pattern for the `regex` package: how much it makes of it, and whether groups call themselves or each other."""

    text: str
    size: int
    calls: bool


_LARGEST_REPEAT = 100_000
"""Oniguruma takes no larger number."""


def rewrite(text: str) -> Rewritten:
    """Rewrite a pattern, to be compiled by the `regex` package in its version 1, with `^` and `$` at lines.

    Raises:
        NotAPatternError: where Oniguruma refuses what the package would take.
    """
    rewriter = _Rewriter(text)
    return Rewritten(rewriter.pattern(), rewriter.groups[0].size, rewriter.has_calls)


_QUANTIFIER = re.compile(r"(?P<simple>[*+?])(?P<mode>[+?]?)|(?P<interval>\{(?:\d+(?:,\d*)?|,\d+)\})(?P<reluctant>\??)")
_NO_OPTION = (
    "undefined group option: as in Ruby, a group has its name in (?<name>...), and (?m) lets a dot match newlines"
)
_IGNORED = re.compile(r"[\t-\r ]+|#.*")
_GROUP = re.compile(
    r"\(\?(?:(?P<comment>\#(?:\\.|[^)\\])*\))|(?P<look><?[=!])|(?P<plain>[:>])|<(?P<name>[^>]+)>|'(?P<quoted>[^']+)'"
    r"|(?P<on>[imx]*)(?P<off>-[imx]*)?(?P<end>[:)])|\(<?(?P<condition>\w+)>?\))",
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:[kg](?:<(?P<to>[^>]+)>|'(?P<quoted>[^']+)')|(?P<property>[pP]\{[^}]*\})"
    r"|x\{(?P<code>[0-9a-fA-F]+)\}|x(?P<byte>[0-9a-fA-F]{1,2})|u[0-9a-fA-F]{4}|(?:c|C-)(?P<control>.)|(?P<digits>\d+)|(?P<one>.))",
    re.DOTALL,
)

_BACK_REFERENCES = frozenset("123456789")
"""The numbers that are never octal."""
_LATER_LINE = r"(?:\A|(?<=\n)(?!\Z))"
"""`^` where it is not the first thing: it does not match after the newline that ends a text."""
_ANCHORS = frozenset(
    {"^", _LATER_LINE, "$", r"\b", r"\B", r"\A", r"\Z", characters.escaped("Z", in_set=False), r"\G", r"\K"}
)
_BRACKET = re.compile(r"\[:(\^?)(\w+):\]")


class _Rewriter:
    """Goes through one pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.groups = [Group()]
        self.ignores_case = False
        self.has_names = False
        self.numbered = 0
        self.needed_by: dict[str, frozenset[str]] = {}
        """For each group, those that it cannot do without."""
        self.has_calls = False
        self.has_numbers = False
        """Whether it refers to groups by number, which is not allowed where groups have names."""

    def pattern(self) -> str:
        while self.position < len(self.text):
            self._step()
        self._end_implicit()
        if len(self.groups) > 1:
            raise NotAPatternError("end pattern with unmatched parenthesis")
        if self.has_names and self.has_numbers:
            raise NotAPatternError("numbered backref/call is not allowed. (use name)")
        if self.has_calls and any(self._never_ends(name) for name in self.needed_by):
            raise NotAPatternError("never ending recursion")
        return self.groups[0].text

    def _never_ends(self, name: str) -> bool:
        """Tell whether a group cannot do without itself."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            new = self.needed_by.get(waiting.pop(), frozenset()) - seen
            seen |= new
            waiting += new
        return name in seen

    def _step(self) -> None:
        character = self.text[self.position]
        ignored = _IGNORED.match(self.text, self.position) if self.groups[-1].is_extended else None
        if ignored is not None:
            self.position = ignored.end()
            return
        quantifier = _QUANTIFIER.match(self.text, self.position)
        if quantifier is not None and (quantifier["simple"] or self.groups[-1].can_repeat is not None):
            self.position = quantifier.end()
            self._repeat(quantifier)
        elif character == "\\":
            self._add(self._escape(in_set=False), self._called)
        elif character == "[":
            self._add(self._set())
        elif character == "(":
            self._open()
        elif character == ")":
            self.position += 1
            self._close()
        elif character == "|":
            self.position += 1
            self.groups[-1].alternate()
        else:
            self.position += 1
            self._add(self._plain(character))

    def _add(self, piece: str, needs: frozenset[str] = frozenset()) -> None:
        self.groups[-1].add(piece, can_repeat=piece not in _ANCHORS, needs=needs)

    def _plain(self, character: str) -> str:
        if character == "^" and self.position > 1:
            return _LATER_LINE
        return f"\\{character}" if character in "{}" else character

    def _repeat(self, found: re.Match[str]) -> None:
        group = self.groups[-1]
        if found["simple"]:
            group.repeat(found["simple"] + found["mode"], 1)
            return
        times = _times(found["interval"])
        if found["reluctant"] and "," not in found["interval"]:
            group.repeat(found["interval"], times, then_maybe=True)  # of just n: n or none
        else:
            group.repeat(found["interval"] + found["reluctant"], times)

    def _open(self) -> None:
        found = _GROUP.match(self.text, self.position)
        if found is None and self.text.startswith("(?", self.position):
            raise NotAPatternError(_NO_OPTION)
        self.position = found.end() if found else self.position + 1
        if found is None:
            self.numbered += 1
            self.groups.append(self._inside("(", str(self.numbered)))
        elif found["comment"]:
            return
        elif found["end"]:
            self.groups.append(self._with_flags(found["on"], found["off"] or "", is_implicit=found["end"] == ")"))
        elif found["condition"]:
            self.groups.append(self._inside(f"(?({found['condition']})"))
        elif found["name"] or found["quoted"]:
            self.has_names = True
            name = found["name"] or found["quoted"]
            self.groups.append(self._inside(f"(?P<{name}>", name))
        else:
            self.groups.append(self._inside(found[0]))

    def _inside(self, opener: str, name: str = "") -> Group:
        return Group(opener, is_extended=self.groups[-1].is_extended, name=name)

    def _with_flags(self, on: str, off: str, *, is_implicit: bool) -> Group:
        """Begin a group with other flags: `m` is the package's `s`, and what `x` leaves out is left out here."""
        is_extended = ("x" in on or self.groups[-1].is_extended) and "x" not in off
        self.ignores_case |= "i" in on
        flags = (on + off).replace("m", "s").replace("x", "").removesuffix("-")
        return Group(f"(?{flags}:", is_implicit, is_extended)

    def _close(self) -> None:
        self._end_implicit()
        if len(self.groups) == 1:
            raise NotAPatternError("unmatched close parenthesis")
        group = self.groups.pop()
        can_repeat = not group.opener.startswith(("(?=", "(?!", "(?<=", "(?<!"))
        self.groups[-1].add(group.text, can_repeat=can_repeat, size=group.size, needs=group.needed)
        if group.name:
            self.needed_by[group.name] = group.needed

    def _end_implicit(self) -> None:
        while self.groups[-1].is_implicit:
            group = self.groups.pop()
            self.groups[-1].add(group.text, size=group.size, needs=group.needed)

    def _escape(self, *, in_set: bool) -> str:
        self._called: frozenset[str] = frozenset()
        found = _ESCAPE.match(self.text, self.position)
        if found is None:
            raise NotAPatternError("end pattern at escape")
        self.position = found.end()
        if found["code"] or found["byte"]:
            return characters.numbered(int(found["code"] or found["byte"], 16))
        if found["control"]:
            return characters.numbered(ord(found["control"]) & 0x1F)
        to = found["to"] or found["quoted"]
        self._called = frozenset({to}) if to and found[0][1] == "g" else frozenset()
        self.has_numbers |= (to or "").isdigit() or found["digits"] in _BACK_REFERENCES
        if to:
            self.has_calls |= found[0][1] == "g"
            return _reference(found[0][1], to)
        if found["property"] and self.ignores_case and not in_set:
            return f"(?-i:{found[0]})"  # a property of a character is that of its case, too
        return characters.escaped(found["one"], in_set=in_set) if found["one"] else found[0]

    def _set(self) -> str:
        """Rewrite a set, `[...]`, with the sets in it."""
        pieces = ["[^" if self.text.startswith("[^", self.position) else "["]
        self.position += len(pieces[0])
        if self.text.startswith("]", self.position):  # the first one ends no set
            self.position += 1
            pieces.append(r"\]")
        while self.position < len(self.text):
            character = self.text[self.position]
            bracket = _BRACKET.match(self.text, self.position)
            if character == "]":
                self.position += 1
                return "".join([*pieces, "]"])
            if bracket is not None:
                self.position = bracket.end()
                pieces.append(characters.bracket(*bracket.groups()))
            elif character == "[":
                pieces.append(self._set())
            elif character == "\\":
                pieces.append(self._escape(in_set=True))
            else:
                self.position += 1
                pieces.append(f"\\{character}" if character in "|~" else character)
        raise NotAPatternError("premature end of char-class")


def _times(interval: str) -> int:
    """Return how often an interval repeats at the least, and once where that may be never."""
    numbers = [int(number[:_LONGEST_NUMBER]) for number in re.findall(r"\d+", interval)]
    if max(numbers) > _LARGEST_REPEAT:
        raise NotAPatternError("too big number for repeat range")
    return 1 if interval.startswith("{,") else max(1, numbers[0])


_LONGEST_NUMBER = 9


def _reference(kind: str, to: str) -> str:
    """Rewrite a reference to what a group matched (`k`), or to the group itself (`g`)."""
    if kind == "g":
        return f"(?{to})" if to.isdigit() else f"(?&{to})"
    return f"(?:\\{to})" if to.isdigit() else f"(?P={to})"
