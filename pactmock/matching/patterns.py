"""Regular expressions of a pact: whole-text matches in the dialect of the reference (reference/matching.md §0.3).

The `regex` package runs them, and this is the one module that imports it. It lets go of the interpreter lock and
takes a timeout, so that a pattern like `(a+)+$` is a mismatch and not a hung service. Its dialect is close to
Oniguruma's; `_translate` covers what differs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from pactmock.errors import InvalidRule

TIMEOUT_SECONDS = 1.0
"""How long one pattern may work on one text."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `text` is as the pact has it."""

    text: str
    _compiled: Any

    def problem(self, text: str, shown: str | None = None) -> str | None:
        """Return None when the whole text matches, else why it does not; `shown` stands for the text there."""
        try:
            found = self._compiled.fullmatch(text, timeout=TIMEOUT_SECONDS)
        except TimeoutError:
            return f"'{self.text}' was given up on '{text}' after {TIMEOUT_SECONDS:g} second(s): simplify the pattern"
        return None if found else f"Expected '{text if shown is None else shown}' to match '{self.text}'"

    def search(self, text: str) -> Any:
        """Return the first match anywhere in a text, or None; generators replace what was found.

        Raises:
            TimeoutError: when that takes too long.
        """
        return self._compiled.search(text, timeout=TIMEOUT_SECONDS)

    def __repr__(self) -> str:
        return f"<Pattern {self.text!r}>"


@lru_cache(maxsize=8192)
def compile_pattern(text: str) -> Pattern:
    """Compile a pattern once for the whole process.

    Raises:
        InvalidRule: with the position and the reason.
    """
    try:
        return Pattern(text, regex.compile(_translate(text), regex.MULTILINE | _version_flag(text)))
    except regex.error as error:
        raise InvalidRule(f"'{text}' is not a valid regular expression - {error}") from None


def _version_flag(text: str) -> int:
    # Set operations, `[a-z&&[^aeiou]]`, exist only in the newer of the package's two behaviours.
    return int(regex.VERSION1 if "&&" in text else regex.VERSION0)


_HEX_DIGITS = "0-9a-fA-F"
_DIFFERENCES = re.compile(
    r"\\k<(?P<name>\w+)>"
    r"|\\x\{(?P<code>[0-9a-fA-F]+)\}"
    r"|\\h|\\H"
    r"|\\."
    r"|\(\?(?P<flags>[imx]*m[imx]*)(?P<off>-[imx]+)?(?P<end>[:)])"
    r"|\[\^?\]?|\]",
    re.DOTALL,
)


def _translate(text: str) -> str:
    """Rewrite what Oniguruma spells otherwise: `\\h` (a hex digit), `\\k<n>`, `\\x{41}`, and `(?m)` for dot-all."""
    depth = 0

    def rewrite(found: re.Match[str]) -> str:
        nonlocal depth
        piece = found[0]
        if piece.startswith("["):
            depth += 1
        elif piece == "]":
            depth = max(0, depth - 1)
        elif piece == r"\h":
            return _HEX_DIGITS if depth else f"[{_HEX_DIGITS}]"
        elif piece == r"\H" and not depth:
            return f"[^{_HEX_DIGITS}]"
        elif found["name"]:
            return f"(?P={found['name']})" if not found["name"].isdigit() else f"\\{found['name']}"
        elif found["code"]:
            return str(regex.escape(chr(int(found["code"], 16))))
        elif found["flags"]:
            return f"(?{found['flags'].replace('m', 's')}{(found['off'] or '').replace('m', 's')}{found['end']}"
        return piece

    return _DIFFERENCES.sub(rewrite, text)
