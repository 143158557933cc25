"""Play every workload on every peer in turn, and print and keep the table."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks import environment, load, table
from benchmarks.peers import Pactmock, Peer, installed, of_checkout, running
from benchmarks.plot import draw
from benchmarks.workload import Workload
from benchmarks.workloads import WORKLOADS, Refused

Figures = dict[str, list[float]]


@click.command()
@click.option("--rounds", default=3, show_default=True, help="How often every peer plays every workload.")
@click.option("--seconds", default=2.0, show_default=True, help="How long a load lasts.")
@click.option("--only", default="", help="Only workloads whose name holds this text.")
@click.option(
    "--beside",
    multiple=True,
    help="Only this peer beside pactmock, by name; can be given again. All that are installed are the default.",
)
@click.option(
    "--old",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="A checkout of an older pactmock, which is then the only peer.",
)
@click.option(
    "--by-processor",
    is_flag=True,
    help="Count what a second of the peer's processor time does, not one of the clock: where others use the machine.",
)
@click.option(
    "--keep-in",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(__file__).with_name("results"),
    help="The directory that figures, table and picture are kept in: by default benchmarks/results.",
)
def main(
    *,
    rounds: int,
    seconds: float,
    only: str,
    beside: tuple[str, ...],
    old: Path | None,
    by_processor: bool,
    keep_in: Path,
) -> None:
    """Measure pactmock side by side with its peers."""
    if not load.available():
        raise click.ClickException("wrk makes the load: install it, for example with `apt-get install wrk`")
    kinds: list[type[Peer]] = [Pactmock, of_checkout(old)] if old else _kinds(beside)
    chosen = [workload for workload in WORKLOADS if only in workload.name]
    results = {workload.name: _play(workload, kinds, rounds, _Clock(seconds, by_processor)) for workload in chosen}
    names = [kind.name for kind in kinds if any(kind.name in figures for figures in results.values())]
    written = list(table.lines(chosen, results, names))
    click.echo("\n".join(written))
    _keep(results, written, keep_in)


def _kinds(beside: Sequence[str]) -> list[type[Peer]]:
    """Return who is measured, ours first.

    Raises:
        click.ClickException: when somebody is named who is not there.
    """
    mine, *others = installed()
    known = [kind.name for kind in others]
    for name in beside:
        if name not in known:
            raise click.ClickException(f"there is no peer {name!r} here: there are {', '.join(known)}")
    return [mine, *(kind for kind in others if not beside or kind.name in beside)]


@dataclass(frozen=True, slots=True)
class _Clock:
    """How long a load lasts, and whether its figure is a rate by the clock or by the processor time of the peer."""

    seconds: float
    by_processor: bool

    def measure(self, workload: Workload, peer: Peer, *, is_warming_up: bool) -> float:
        seconds = min(self.seconds, 0.5) if is_warming_up else self.seconds
        if not self.by_processor or not workload.unit.endswith("s/s"):
            return workload.measure(peer, seconds)
        before = peer.processor_seconds()
        requests = workload.measure(peer, seconds) * load.whole_seconds(seconds)
        return requests / (peer.processor_seconds() - before)


def _play(workload: Workload, kinds: list[type[Peer]], rounds: int, clock: _Clock) -> Figures:
    """Play a workload on peers that are new: some go on with what they were asked long after nobody waits for it."""
    with running([kind for kind in kinds if workload.needs in kind.speaks]) as peers:
        return _measure(workload, peers, rounds, clock)


def _measure(workload: Workload, peers: list[Peer], rounds: int, clock: _Clock) -> Figures:
    figures: Figures = {}
    reasons: dict[str, Exception] = {}
    for turn in range(rounds + 1):
        for peer in peers if turn % 2 else reversed(peers):  # whoever comes first finds the machine otherwise
            try:
                figure = clock.measure(workload, peer, is_warming_up=not turn)
            except Refused as error:
                reasons[peer.name] = error
                continue
            finally:
                peer.come_to_rest()
            if turn:  # the first turn warms up
                figures.setdefault(peer.name, []).append(figure)
    for name, reason in reasons.items():
        click.echo(f"{workload.name}: not by {name}: {str(reason).partition(os.linesep)[0]}", err=True)
    return figures


def _keep(results: dict[str, Figures], written: Sequence[str], directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    when = time.strftime("%Y-%m-%dT%H-%M-%S")
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    machine["environment"] = "clean: no variables that start with " + ", ".join(environment.TUNING)
    path = directory / f"{when}.json"
    path.write_text(json.dumps({"when": when, "machine": machine, "figures": results}, indent=2))
    click.echo("Every peer was started in a clean environment (RUST_BACKTRACE and the like are not set).")
    path.with_suffix(".md").write_text("\n".join((*written, "")))
    click.echo(f"kept in {path}, and as Markdown in {path.with_suffix('.md')}")
    if draw(results, path.with_suffix(".png")):
        click.echo(f"drawn in {path.with_suffix('.png')}")


if __name__ == "__main__":
    main()
