"""`--report FORMAT[=FILE]`: where the reports of a command go. That one cannot be written is known before all else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from pactmock.cli.failures import Failure
from pactmock.cli.options import Command, option
from pactmock.cli.output.colour import painted

if TYPE_CHECKING:
    from pactmock.reports.formats import Format
    from pactmock.reports.report import Report

_ANNOTATIONS = "github"
_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file to which a step of GitHub Actions adds its summary, as Markdown."""


def report_option(command: Command) -> Command:
    """Add the option; the command gets its values as `report`, which `reports_to` takes."""
    add: Callable[[Command], Command] = option(
        "--report",
        metavar="FORMAT[=FILE]",
        multiple=True,
        help="Report as text, json, junit, markdown, github or html: to a file, else in place of the text; repeatable.",
    )
    return add(command)


class Reports:
    """The reports that a command was asked for. They are delivered once; of those that are not, no file stays."""

    def __init__(self, printed: Sequence[Format]) -> None:
        self._printed = printed
        self._files: list[tuple[Format, Path, IO[str]]] = []
        self._is_delivered = False

    def open(self, chosen: Format, path: Path, mode: str = "w") -> None:
        """Have a report go to a file; with the mode `a`, to its end.

        Raises:
            Failure: when it cannot be written.
        """
        try:
            if mode == "w":
                path.parent.mkdir(parents=True, exist_ok=True)
            file: Any = path.open(mode, encoding="utf-8", newline="\n")
        except (OSError, ValueError) as error:
            raise _not_written(path, error) from None
        self._files.append((chosen, path, file))

    def deliver(self, report: Report, text: str) -> None:
        """Print a report and write it to the files; `text` is what the command says when no other is printed.

        Annotations are lines among others, so the text is printed with them; any other format is all that is printed.

        Raises:
            Failure: when a file cannot be written after all.
        """
        annotations = next((item for item in self._printed if item.name == _ANNOTATIONS), None)
        whole = next((item for item in self._printed if item.name != _ANNOTATIONS), None)
        shown = text if whole is None else whole.render(report)
        if annotations is not None:
            from pactmock.reports.github import without_commands

            shown = without_commands(shown) + annotations.render(report)
        # A report is UTF-8 wherever it goes, also on a terminal that has not all of its signs.
        try:
            click.echo(shown.encode() if self._printed else painted(shown), nl=bool(shown) and not shown.endswith("\n"))
        except BrokenPipeError:
            raise  # nobody reads on, and click ends quietly
        except OSError as error:
            raise Failure(f"The report cannot be printed: {error.strerror}") from None
        finally:
            self._write(report)

    def _write(self, report: Report) -> None:
        for chosen, path, file in self._files:
            try:
                _put(chosen.render(report), path, file)
            except OSError as error:
                raise _not_written(path, error) from None
        self._is_delivered = True

    def close(self) -> None:
        """Close the files, and remove those that hold no report."""
        for _, path, file in self._files:
            with suppress(OSError):
                file.close()
            if not self._is_delivered and file.mode == "w" and path.is_file():
                path.unlink()


def _put(text: str, path: Path, file: IO[str]) -> None:
    """Write to an open file, or to a new one where its name is gone."""
    if not _is_there(path, file):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(file.mode, encoding="utf-8", newline="\n") as anew:
            anew.write(text)
        return
    file.write(text)
    file.flush()


def _is_there(path: Path, file: IO[str]) -> bool:
    """Tell whether a name still leads to a file: the command of a run may have begun with a clean directory."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


def _not_written(path: Path, error: Exception) -> Failure:
    reason = error.strerror if isinstance(error, OSError) else error
    return Failure(f"The report cannot be written to {path}: {reason}")


@contextmanager
def reports_to(given: Sequence[str]) -> Iterator[Reports]:
    """Open what the reports of a command go to. What an earlier run has left there is gone from then on.

    Raises:
        Failure: when a format is not known, two reports would go to one place, or a file cannot be written.
    """
    wanted = [(_format(name), path) for name, path in map(_apart, given)]
    _check_places(given)
    reports = Reports([chosen for chosen, path in wanted if not path])
    try:
        for chosen, path in wanted:
            if path:
                reports.open(chosen, Path(path))
        summary = os.environ.get(_SUMMARY)
        if summary and any(chosen.name == _ANNOTATIONS for chosen, _ in wanted):
            reports.open(_format("markdown"), Path(summary), "a")
        yield reports
    finally:
        reports.close()


def _apart(text: str) -> tuple[str, str]:
    name, separator, path = text.partition("=")
    if separator and not path:
        raise Failure(f"--report {text} names no file: write {name}=FILE, or {name} to have it printed")
    return name, path


def _format(name: str) -> Format:
    from pactmock.errors import InvalidParameter
    from pactmock.reports.formats import named

    try:
        return named(name)
    except InvalidParameter as error:
        raise Failure(error.message) from None


def _check_places(given: Sequence[str]) -> None:
    printed = [text for text in given if "=" not in text and text != _ANNOTATIONS]
    if len(printed) > 1:
        raise Failure(f"{' and '.join(printed)} cannot both be printed: give one of them a FILE")
    paths = [path for _, path in map(_apart, given) if path]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise Failure(f"Two reports cannot both go to {twice}: name another file for one of them")
