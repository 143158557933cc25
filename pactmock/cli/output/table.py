"""Tables on a terminal, and plain columns where there is none, so that a script can read them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from pactmock.cli.output.colour import is_wanted
from pactmock.reports.visible import visible


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with lines on a terminal, else with columns of spaces; control characters are escaped."""
    rows = [tuple(map(visible, row)) for row in rows]
    if sys.stdout.isatty():
        _show_rich(columns, rows)
        return
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    for row in (columns, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _show_rich(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(f"[{_COLOURS[cell]}]{cell}[/]" if cell in _COLOURS else escape(cell) for cell in row))
    Console(no_color=not is_wanted()).print(table)


_COLOURS = {"ok": "green", "error": "red"}
