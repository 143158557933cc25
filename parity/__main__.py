"""`python -m parity`: play, count, report, and fail when the two do not agree enough."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

import click

from parity import report
from parity.draw.cases import draw_all
from parity.draw.kinds import KINDS
from parity.players import VARIABLE, find_reference, players
from parity.playing import Table
from parity.session import Session


@click.command()
@click.option("--cases", default=200, type=click.IntRange(1), help="How many cases of each kind and seed.")
@click.option("--seed", "seeds", default=(1,), type=int, multiple=True, help="Draws the cases; may be given again.")
@click.option("--kind", "kinds", default=(), type=click.Choice(list(KINDS)), multiple=True, help="Only these kinds.")
@click.option("--keep-going", is_flag=True, help="Play all kinds, also after one with what is not explained.")
def main(cases: int, seeds: tuple[int, ...], kinds: tuple[str, ...], keep_going: bool) -> None:
    """Play random pacts on the reference and on pactmock, and compare what they say."""
    reference = find_reference()
    if reference is None:
        click.echo(
            f"There is no Rust server: install the npm package @pact-foundation/pact-cli, or name it in {VARIABLE}"
        )
        sys.exit(2)
    started = time.monotonic()
    with players(reference) as pair, asyncio.Runner(loop_factory=_loop_factory()) as runner:
        session = runner.run(_play(Table(*pair), cases, seeds, kinds or tuple(KINDS), keep_going=keep_going))
    sys.exit(_conclude(session, time.monotonic() - started))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _play(
    table: Table, cases: int, seeds: tuple[int, ...], kinds: tuple[str, ...], *, keep_going: bool
) -> Session:
    session = Session(table)
    await table.start()
    for kind in kinds:
        await session.play(kind, (case for seed in seeds for case in draw_all(kind, cases, seed)))
        if not keep_going and any(found.row is None for found in session.findings.values()):
            break
    return session


def _conclude(session: Session, seconds: float) -> int:
    unexplained = sum(found.row is None for found in session.findings.values())
    for line in (*report.table(session.tallies), *report.findings(session.findings.values())):
        click.echo(line)
    played = sum(tally.cases + tally.crashes for tally in session.tallies)
    click.echo(f"\n{played} cases in {seconds:.0f} s; {unexplained} kind(s) of disagreement are unexplained")
    return 0 if unexplained == 0 and all(tally.is_good for tally in session.tallies) else 1


if __name__ == "__main__":
    main()
