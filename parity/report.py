"""What the tool says in the end: a table of the kinds, and each disagreement once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parity.case import Json
from parity.known import Disagreement, Row

VERDICT_PERCENT = 99.5
TEXTS_PERCENT = 98.0


@dataclass
class Tally:
    """The counts of one kind: what agrees, and of the rest what rows of docs/differences.toml explain."""

    kind: str
    cases: int = 0
    crashes: int = 0
    verdicts: int = 0
    texts: int = 0
    written: int = 0
    compared_files: int = 0
    known_verdicts: int = 0
    known_texts: int = 0
    known_written: int = 0

    @property
    def verdict_percent(self) -> float:
        """In how many cases the verdict agrees but for the rows."""
        return _percent(self.verdicts + self.known_verdicts, self.cases)

    @property
    def texts_percent(self) -> float:
        """In how many cases verdict and texts agree but for the rows."""
        return _percent(self.texts + self.known_texts, self.cases)

    @property
    def written_percent(self) -> float:
        """How many of the written pacts agree but for the rows."""
        return _percent(self.written + self.known_written, self.compared_files)

    @property
    def is_good(self) -> bool:
        """Whether enough agrees."""
        return self.verdict_percent >= VERDICT_PERCENT and self.texts_percent >= TEXTS_PERCENT


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


@dataclass
class Finding:
    """Disagreements of one class: the smallest form, what explains it, how often it came in which kinds."""

    smallest: Disagreement
    row: Row | None
    count: int = 0
    kinds: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        if self.row is None:
            return "UNEXPLAINED"
        return f"row {self.row.number}: {self.row.sentence}"


def table(tallies: Sequence[Tally]) -> list[str]:
    """Render the table: what agrees but for the rows, and in how many cases rows explain what does not."""
    known = " ".join(f"{name:>8}" for name in ("verdict", "+ texts", "written"))
    head = f"{'kind':<14} {'cases':>6} {known}   by rows: {known} {'crashes':>8}"
    lines = [
        f"{t.kind:<14} {t.cases:>6} {t.verdict_percent:>7.2f}% {t.texts_percent:>7.2f}% {t.written_percent:>7.2f}%"
        f"            {t.known_verdicts:>8} {t.known_texts:>8} {t.known_written:>8} {t.crashes:>8}"
        + ("" if t.is_good else "  under the threshold")
        for t in tallies
    ]
    return [head, *lines]


def findings(found: Iterable[Finding]) -> list[str]:
    """Render the disagreements: the unexplained first, the frequent before the rare."""
    ordered = sorted(found, key=lambda item: (item.row is not None, item.row.number if item.row else 0, -item.count))
    return [line for finding in ordered for line in _finding(finding)]


def _finding(finding: Finding) -> list[str]:
    smallest = finding.smallest
    comparison = smallest.comparison
    kinds = ", ".join(sorted(finding.kinds))
    return [
        "",
        f"{finding.title} ({finding.count} times, in {kinds}; {comparison.signature[0]}; {smallest.case.name})",
        *(f"    {line}" for line in _dump(smallest.case.to_json()).splitlines()),
        *(f"  only the reference: {line}" for line in _shown(comparison.only_reference)),
        *(f"  only pactmock:      {line}" for line in _shown(comparison.only_own)),
    ]


_SHOWN = 8


def _shown(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"... and {rest} more"] if rest > 0 else [])]


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
