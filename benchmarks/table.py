"""The figures as a table in Markdown, for docs/performance.md: a row a workload, the median of each peer."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.workload import Workload

Figures = Mapping[str, Sequence[float]]
"""What was measured of one workload: for each peer that played it, a figure a round."""

_SOME, _MANY = 10, 100
"""From so much on, one figure behind the point says enough, and none."""
_A_SECOND = "/s"


def lines(workloads: Sequence[Workload], results: Mapping[str, Figures], names: Sequence[str]) -> Iterator[str]:
    """Write the table: the first of the named beside the second, and beside all others in one column."""
    mine, *others = names
    heads = ["workload", mine, *others[:1], *(["ratio"] if others else []), *(["others"] if others[1:] else [])]
    rows = [_row(workload, results[workload.name], mine, others) for workload in workloads]
    return in_columns(heads, rows)


def in_columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write any table in Markdown, its columns as wide as what stands in them."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for cells in (heads, ["-" * width for width in widths], *rows):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _row(workload: Workload, figures: Figures, mine: str, others: Sequence[str]) -> list[str]:
    cells = [workload.name, _median(workload, figures, mine)]
    if others:
        cells += [_median(workload, figures, others[0]), ratio(workload, figures, mine, others[0])]
    if others[1:]:
        cells.append("; ".join(_beside(workload, figures, mine, name) for name in others[1:] if name in figures))
    return cells


def _beside(workload: Workload, figures: Figures, mine: str, other: str) -> str:
    found = ratio(workload, figures, mine, other)
    return f"{other} {_median(workload, figures, other)}" + (f" ({found})" if found else "")


def _median(workload: Workload, figures: Figures, name: str) -> str:
    if name not in figures:
        return ""
    shown = _shown(statistics.median(figures[name]), 1)
    return shown + _A_SECOND if workload.unit.endswith(_A_SECOND) else f"{shown} {workload.unit}"


def ratio(workload: Workload, figures: Figures, mine: str, other: str) -> str:
    """Say how many times better the first is, round by round, and of that the median; nothing where one is missing."""
    if mine not in figures or other not in figures:
        return ""
    pairs = zip(figures[mine], figures[other], strict=False)
    ratios = [left / right if workload.more_is_better else right / left for left, right in pairs if right and left]
    return _shown(statistics.median(ratios), 2) if ratios else ""


def _shown(figure: float, digits: int) -> str:
    return f"{figure:,.0f}" if figure >= _MANY else f"{figure:.{min(digits, 1) if figure >= _SOME else digits}f}"
