"""Reports as one page of HTML, to be kept with a build: no script, nothing that is loaded, any width, light and dark.

It reads as well where its style is not taken: some CI servers allow none.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html import escape

from pactmock.matching.explaining.explanation import NOT_FOUND, Explanation
from pactmock.reports.cases import ERROR, FAILED, PASSED, SKIPPED, Case, case_name, cases
from pactmock.reports.counted import counted
from pactmock.reports.findings import Finding, findings, not_listed
from pactmock.reports.problems import Problem
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #c62828; --good: #2e7d32; --odd: #b26a00; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); }
td, code, p, li, h1, h2, summary { overflow-wrap: anywhere; }
code, pre, .values td { font: 14px/1.45 ui-monospace, monospace; white-space: pre-wrap; }
.values { table-layout: fixed; margin: .3rem 0; } .values .differs { background: #c6282822; }
section.problem { border-left: 4px solid var(--bad); padding: .1rem 1rem; margin: 1rem 0; background: var(--soft); }
.passed { color: var(--good); } .failed, .error { color: var(--bad); } .skipped { color: var(--odd); }
.state { font-weight: bold; white-space: nowrap; } footer { margin-top: 3rem; opacity: .7; }
"""

_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"


def render(report: Report) -> str:
    """Write a report as a page."""
    title = "Pact: all matched" if report.passed else _title(report)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f'<h1 class="{PASSED if report.passed else FAILED}">{title}</h1>',
            *(line for server in report.servers for line in _server(server)),
            "</body>",
            "</html>",
            "",
        ]
    )


def _title(report: Report) -> str:
    if not report.servers:
        return "Pact: no mock server was verified"
    failed = sum(not server.passed for server in report.servers)
    return f"Pact: {failed} of {counted(len(report.servers), 'mock server')} failed"


def _server(server: ServerReport) -> Iterator[str]:
    listed = cases(server)
    yield "<article>"
    yield f"<h2>{_text(server.title)}</h2>"
    yield f'<p class="{PASSED if server.passed else FAILED}">{_verdict(server)}</p>'
    if listed:
        yield "<table><thead><tr><th>State</th><th>What</th><th>Request</th><th>Served</th></tr></thead><tbody>"
        yield from map(_row, listed)
        yield "</tbody></table>"
    for case in listed:
        for problem in case.problems:
            yield from _problem(problem)
        if case.lines:
            yield f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in case.lines)}</ul>"
    asked = datetime.fromtimestamp(server.asked, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"<footer>{_text(server.id)} at {_text(server.url)}, {asked}</footer>"
    yield "</article>"


def _verdict(server: ServerReport) -> str:
    if not server.matched:
        return counted(server.problems, "problem")
    if server.error:
        return f"All matched, and the pact could not be written: {_text(server.error)}"
    return "All matched" + (f"; the pact is in {_code(server.written)}" if server.written else "")


_SAID = {PASSED: "✓ passed", FAILED: "✗ failed", ERROR: "✗ error", SKIPPED: "! skipped"}


def _row(case: Case) -> str:
    reason = f"<br>{_text(case.reason)}" if case.reason and not case.problems else ""
    state = f'<td class="state {case.state}">{_SAID[case.state]}</td>'
    served = "" if case.served is None else f"{case.served:,}"
    return f"<tr>{state}<td>{_text(case.name)}{reason}</td><td>{_code(case.target)}</td><td>{served}</td></tr>"


def _problem(problem: Problem) -> Iterator[str]:
    yield '<section class="problem">'
    yield f"<h3>{_text(problem.headline)}</h3>"
    if problem.explanation is None:
        yield f"<p>{_text(problem.sentence)}</p>"
        yield from (f"<p>{_text(line.strip())}</p>" for line in problem.lines)
    else:
        yield from _explanation(problem.explanation)
    yield "</section>"


def _explanation(explanation: Explanation) -> Iterator[str]:
    if explanation.interaction is not None:
        label = "Nearest interaction" if explanation.type == NOT_FOUND else "Interaction"
        yield f"<p>{label}: {_text(case_name(explanation.interaction))}</p>"
    if explanation.error:
        yield f"<p>{_text(explanation.error)}</p>"
    if explanation.near:
        matched = ", ".join(part.part for part in explanation.parts if part.matched)
        yield f"<p>Matched: {_text(matched or 'nothing')}</p>"
    for part in explanation.parts:
        for finding in findings(part):
            yield from _finding(finding)
        if part.more:
            yield f"<p>{_text(not_listed(part))}</p>"
    if explanation.advice:
        yield f"<p><strong>Advice:</strong> {_text(explanation.advice)}</p>"


def _finding(finding: Finding) -> Iterator[str]:
    texts = "<br>".join(map(_text, finding.texts))
    more = f"<br>and {finding.more:,} more here" if finding.more else ""
    yield f"<p><strong>{_text(finding.where)}:</strong> {texts}{more}</p>"
    yield '<table class="values"><thead><tr><th>expected</th><th>actual</th></tr></thead><tbody>'
    for left, right in finding.pairs:
        row = '<tr class="differs">' if left != right else "<tr>"
        yield f"{row}<td>{_text(left)}</td><td>{_text(right)}</td></tr>"
    yield "</tbody></table>"
    if finding.rule:
        yield f"<p>Decided by the rule at {_code(finding.rule)}</p>"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _text(text: str) -> str:
    return escape(visible(text).replace("\ufffe", "\\u{fffe}").replace("\uffff", "\\u{ffff}"))
