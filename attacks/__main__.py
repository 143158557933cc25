"""Play the attacks one after the other, each against a fresh service, and print what they cost."""

from __future__ import annotations

import sys

import click

from attacks.attack import MEGABYTE
from attacks.catalogue import ATTACKS
from attacks.measuring import Measured, play
from pactmock.cli.output.table import show_table

_HEADINGS = ("", "attack", "health ms", "neighbour ms", "memory MB", "end s", "took s", "machine ms", "holds")


@click.command()
@click.option("--only", "numbers", type=int, multiple=True, help="Only the attacks of this number.")
@click.option("--named", default="", help="Only attacks whose name holds this text.")
@click.option("--factor", default=1.0, show_default=True, help="Loosen the limits, on a machine that others use too.")
@click.option("--list", "lists", is_flag=True, help="List the attacks, and play none.")
def main(numbers: tuple[int, ...], named: str, factor: float, lists: bool) -> None:
    """Attack a fresh service with each program; exit with 1 when one of them breaks a promise or a limit."""
    chosen = [attack for attack in ATTACKS if (not numbers or attack.number in numbers) and named in attack.name]
    if lists:
        click.echo("\n".join(map(str, chosen)))
        return
    broken: dict[str, list[str]] = {}
    rows = []
    for attack in chosen:
        measured = play(attack, factor)
        broken[str(attack)] = measured.beyond(attack.limits.times(factor))
        rows.append(_row(measured, holds=not broken[str(attack)]))
        for said in broken[str(attack)]:
            click.echo(f"{attack}: {said}", err=True)
    show_table(_HEADINGS, rows)
    if failed := sum(map(bool, broken.values())):
        click.echo(f"{failed} of {len(chosen)} attacks break a promise or a limit", err=True)
        sys.exit(1)


def _row(measured: Measured, *, holds: bool) -> list[str]:
    watched = measured.watched
    return [
        str(measured.attack.number),
        measured.attack.name,
        f"{watched.health * 1000:.0f}",
        f"{watched.neighbour * 1000:.0f}",
        f"{measured.memory / MEGABYTE:.0f}",
        f"{measured.end:.2f}",
        f"{measured.took:.1f}",
        f"{watched.machine * 1000:.0f}",
        "yes" if holds else "NO",
    ]


if __name__ == "__main__":
    main()
