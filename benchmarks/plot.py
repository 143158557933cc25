"""The figures as a picture: a group of bars a workload, the height on a scale of powers of ten."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

_WIDTH = 0.8


def draw(results: Mapping[str, Mapping[str, Sequence[float]]], path: Path) -> bool:
    """Draw the medians of all workloads that count things a second; tell whether there were any, and matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = {name: figures for name, figures in results.items() if name.startswith(("GET", "POST", "mis", "life"))}
    if not rows:
        return False
    peers = list(dict.fromkeys(peer for figures in rows.values() for peer in figures))
    figure, axes = plt.subplots(figsize=(12, 1 + len(rows) * 0.6), layout="constrained")
    for offset, peer in enumerate(peers):
        positions = [row + _WIDTH * offset / len(peers) for row in range(len(rows))]
        medians = [statistics.median(figures.get(peer) or [0.0]) for figures in rows.values()]
        axes.barh(positions, medians, height=_WIDTH / len(peers), label=peer)
    axes.set_xscale("log")
    axes.set_xlabel("per second, on a scale of powers of ten")
    axes.set_yticks([row + _WIDTH / 2 for row in range(len(rows))], list(rows))
    axes.invert_yaxis()
    axes.legend(loc="lower right")
    figure.savefig(path)
    plt.close(figure)
    return True
