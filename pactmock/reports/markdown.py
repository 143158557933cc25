"""Reports as Markdown, for the summary of a step and for comments: a table of what was asked for, and what differs.

Values stand in code spans of HTML, with each character that Markdown, GitHub or GitLab might read written as a
reference, or in blocks fenced by more backticks than they hold. So none becomes a heading, a link or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pactmock.matching.texts.shortening import cut
from pactmock.reports.cases import ERROR, FAILED, PASSED, SKIPPED, Case, cases
from pactmock.reports.counted import counted
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible

_SIGNS = {PASSED: "✅", FAILED: "❌", ERROR: "❌", SKIPPED: "⚠️"}
_MOST_ROWS = 200
"""How many test cases of a mock server are listed."""

_LONGEST_REASON = 300
_ROOM = 900_000
"""How many bytes a report has: GitHub takes a summary of a megabyte."""

_LEFT_OUT = "More is left out here, as this report is long: the formats `text` and `json` have it."


def render(report: Report) -> str:
    """Write a report as GitHub Flavored Markdown. It begins with a blank line, as it may follow another text."""
    room, blocks = _ROOM, [_summary(report)]
    for block in (block for server in report.servers for block in _server(server)):
        room -= len(block.encode()) + 2
        if room < 0:
            blocks.append(_LEFT_OUT)
            break
        blocks.append(block)
    return "\n" + "\n\n".join(blocks) + "\n"


def _summary(report: Report) -> str:
    count, passed = len(report.servers), sum(server.passed for server in report.servers)
    if not count:
        return "**Pact: no mock server was verified.**"
    said = f"{passed} of {counted(count, 'mock server')} matched"
    return f"**Pact: {said}.**"


def _server(server: ServerReport) -> Iterator[str]:
    listed = cases(server)
    yield f"### {_SIGNS[PASSED if server.passed else FAILED]} {_code(server.title)}"
    yield _verdict(server)
    if listed:
        yield _table(listed)
    for case in listed:
        if case.problems or case.lines:
            lines = [*(text for each in case.problems for text in (each.headline, *each.lines)), *case.lines]
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", "\n".join(lines))), default=0))
            block = "\n".join([f"{fence}text", *lines, fence])
            yield f"<details><summary>{_code(case.name)}</summary>\n\n{block}\n\n</details>"


def _verdict(server: ServerReport) -> str:
    if not server.matched:
        return f"{counted(server.problems, 'problem')}."
    if server.error:
        return f"All matched, and the pact could not be written: {_code(server.error)}"
    return "All matched." + (f" The pact is in {_code(server.written)}." if server.written else "")


def _table(listed: Sequence[Case]) -> str:
    shown = listed
    if len(listed) > _MOST_ROWS:  # what did not pass goes before what did
        shown = sorted(listed, key=lambda case: case.state == PASSED)[:_MOST_ROWS]
    rows = ["| | | requests |", "|---|---|---|", *map(_row, shown)]
    return "\n".join([*rows, *([f"| | and {len(listed) - len(shown):,} more | |"] if len(listed) > len(shown) else [])])


def _row(case: Case) -> str:
    reason = "" if case.problems or not case.reason else f": {_code(cut(case.reason, _LONGEST_REASON))}"
    return f"| {_SIGNS[case.state]} | {_code(case.name)}{reason} | {'' if case.served is None else case.served} |"


def _code(text: str) -> str:
    """Write a value as a code span of HTML: unlike one of backticks it may stand in a table whatever it holds."""
    return f"<code>{_READ.sub(lambda found: f'&#{ord(found[0])};', visible(text))}</code>"


_READ = re.compile(r"[!#$%&()*:<>@\[\\\]^`{|}~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=www)\.|(?<= ) |^ | $")
"""What could be read in a line: marks that mean something to Markdown, and spaces that would go."""
