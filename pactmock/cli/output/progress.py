"""Tells who waits at a terminal, after a second, what is waited for; a log of CI is not filled with that."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

_SECONDS = 1.0


@contextmanager
def told_when_slow(text: str) -> Iterator[None]:
    """Say `text` on the terminal, and for how long by now, while a block takes longer than a second."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(text, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(text: str, done: threading.Event) -> None:
    seconds, line = 0, ""
    while not done.wait(_SECONDS):
        seconds += 1
        line = f"{text}: {seconds} s"
        click.echo(f"\r{line}", nl=False, err=True)
    if line:
        click.echo(f"\r{' ' * len(line)}\r", nl=False, err=True)
