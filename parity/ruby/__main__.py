"""`python -m parity.ruby`: play the scenarios on both, and fail when they do not agree; or record anew."""

from __future__ import annotations

import sys

import click

from parity.ruby import record
from parity.ruby.comparing import Disagreement, changes, disagreements
from parity.ruby.inside import inside
from parity.ruby.playing import play_all
from parity.ruby.reading import files, scenarios
from parity.ruby.scenario import Scenario
from parity.ruby.service import VARIABLE, Start, find_ruby


@click.command()
@click.option("--record", "records", is_flag=True, help="Play on the Ruby service only, and record what it answers.")
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...], *, records: bool) -> None:
    """Play the scenarios of the files whose names begin with NAMES (of all) on the Ruby service and on ours.

    Where no Ruby service is named, ours is held against what was recorded.
    """
    ruby = find_ruby()
    if records and ruby is None:
        raise click.UsageError(f"there is no Ruby service to record: name its executable in {VARIABLE}")
    found = 0
    for file in files():
        if not names or file.name.startswith(names):
            played = scenarios(file)
            if records and ruby is not None:
                record.write(file.stem, play_all(played, ruby))
            else:
                found += _show(file.stem, played, _compare(file.stem, played, ruby))
    sys.exit(1 if found else 0)


def _compare(name: str, played: list[Scenario], ruby: Start | None) -> list[Disagreement]:
    recorded = record.read(name)
    of_ruby = play_all(played, ruby) if ruby else recorded
    of_ours = play_all(played, inside)
    return [*changes(played, recorded, of_ruby), *disagreements(played, of_ruby, of_ours)]


def _show(name: str, played: list[Scenario], found: list[Disagreement]) -> int:
    steps = sum(len(scenario.steps) for scenario in played)
    click.echo(f"{name}: {steps} steps, {len(found)} disagreements")
    for disagreement in found:
        click.echo(f"  {disagreement}")
    return len(found)


if __name__ == "__main__":
    main()
