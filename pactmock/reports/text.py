"""Reports as text for a person at a terminal: a numbered paragraph for each thing that did not match.

Whatever was received is shown with its control characters escaped, so no value can look like a line of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactmock.matching.explaining.explanation import Explanation
from pactmock.reports.counted import counted
from pactmock.reports.problems import problems
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible

_ROOM = 4_000_000
"""How many characters the details of a mock server have."""


def render(whole: Report) -> str:
    """Write a report of mock servers, with a blank line between two of them."""
    return "\n\n".join("\n".join(on_server(_title(server), server)) for server in whole.servers) + "\n"


def on_server(title: str, server: ServerReport) -> Iterator[str]:
    """Yield the lines on one mock server below a title."""
    return report(title, server.explanations, server.warnings, server.not_tested, server.unlisted)


def _title(server: ServerReport) -> str:
    title = visible(server.title)
    if not server.matched:
        return f"{title}: {counted(server.problems, 'problem')}"
    if server.error:
        return f"{title}: all matched, and the pact could not be written: {visible(server.error)}"
    return f"{title}: all matched" + (f", the pact is in {visible(server.written)}" if server.written else "")


def report(
    title: str,
    explanations: Iterable[Explanation],
    warnings: Iterable[str] = (),
    not_tested: int = 0,
    unlisted: int = 0,
) -> Iterator[str]:
    """Yield the lines of a report below a title, a numbered paragraph for each explanation, and the pact's warnings.

    `not_tested` is how many messages of the pact do not count, `unlisted` how many more things did not match.
    """
    yield title
    for number, problem in enumerate(problems(explanations, _ROOM), 1):
        yield ""
        yield f"{number}) {problem.headline}"
        yield from problem.lines
    if unlisted:
        yield ""
        yield f"and {unlisted:,} more that the service counted and did not list"
    for number, warning in enumerate(warnings):
        if not number:
            yield ""
        yield f"warning: {visible(warning)}"
    if not_tested:
        yield ""
        yield untested(not_tested)


def untested(messages: int) -> str:
    """Say that messages of a pact were not tested."""
    return f"not tested: {counted(messages, 'message')} of this pact, as nobody asked for one here"
