"""Reports as annotations of GitHub Actions: a line for each thing that did not match, which GitHub shows at the run.

GitHub reads commands from the output of a step, wherever a line begins with `::` or holds `##[`. So what is printed
beside annotations is put where it reads none, and in an annotation all is one line.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from pactmock.matching.texts.shortening import cut
from pactmock.reports.cases import ERROR, FAILED, SKIPPED, Case, cases
from pactmock.reports.counted import counted
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible

_MOST = 9
"""How many annotations of one level are made, besides one that counts the others: GitHub shows ten of a step."""

_LONGEST = 2000


def render(report: Report) -> str:
    """Write a report as lines of workflow commands."""
    said = [(server, case) for server in report.servers for case in cases(server)]
    errors = [_annotation("error", server, case) for server, case in said if case.state in {FAILED, ERROR}]
    warnings = [_annotation("warning", server, case) for server, case in said if case.state == SKIPPED]
    lines = [*_first("error", errors), *_first("warning", warnings)]
    return "".join(f"{line}\n" for line in lines or [_all_matched(report)])


def _first(level: str, annotations: list[str]) -> Iterator[str]:
    yield from annotations[:_MOST]
    if len(annotations) > _MOST:
        yield _command(level, "pactmock", f"and {len(annotations) - _MOST:,} more: the report has them all")


def _annotation(level: str, server: ServerReport, case: Case) -> str:
    said = [problem.sentence for problem in case.problems] or [case.reason]
    return _command(level, f"{visible(server.title)}: {case.name}", "\n".join((*said, *case.lines)))


def _all_matched(report: Report) -> str:
    count = len(report.servers)
    if not report.passed:
        return _command("error", "pactmock", "No mock server was verified")
    return _command("notice", "pactmock", f"All matched, on {counted(count, 'mock server')}")


def _command(level: str, title: str, text: str) -> str:
    return f"::{level} title={_property(cut(title, 250))}::{_data(cut(text, _LONGEST))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def without_commands(text: str) -> str:
    """Put a text where GitHub reads no commands: between two lines with a word that nobody can know before."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}\n{text.removesuffix(chr(10))}\n::{word}::\n"
