"""Reports as JUnit XML, which CI servers read: a suite for each mock server, a test case for each interaction.

It keeps to what the readers have in common: the schema of Ant's reports and the one of Jenkins, GitLab's and GitHub's
readers, which take one result for each case. XML has no place for most control characters, not even escaped, so they
are written as elsewhere in reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET  # only to write

from pactmock.matching.texts.shortening import cut
from pactmock.reports.cases import ERROR, FAILED, PASSED, SKIPPED, Case, cases
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible

_TAGS = {FAILED: "failure", ERROR: "error", SKIPPED: "skipped"}
_LONGEST_NAME = 500


def render(report: Report) -> str:
    """Write a report as one XML document."""
    root = ET.Element("testsuites")
    for number, server in enumerate(report.servers):
        root.append(_suite(number, server))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(number: int, server: ServerReport) -> ET.Element:
    listed = cases(server)
    of_state = {state: sum(case.state == state for case in listed) for state in _TAGS}
    seconds = f"{max(0.0, server.asked - server.created):.3f}"
    suite = ET.Element(
        "testsuite",
        name=_name(server.title),
        package=_package(server),
        id=str(number),
        timestamp=datetime.fromtimestamp(server.created, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
        tests=str(len(listed)),
        failures=str(of_state[FAILED]),
        errors=str(of_state[ERROR]),
        skipped=str(of_state[SKIPPED]),
        time=seconds,
    )
    properties = ET.SubElement(suite, "properties")
    for name, text in (("id", server.id), ("url", server.url), ("pact", server.written)):
        if text:
            ET.SubElement(properties, "property", name=name, value=_text(visible(text)))
    class_name = f"{_package(server)}.{_without_dots(server.provider)}"
    suite.extend(_case(class_name, case) for case in listed)
    _lines(suite, "system-out", [])
    _lines(suite, "system-err", [f"warning: {visible(text)}" for text in server.warnings])
    return suite


def _case(class_name: str, case: Case) -> ET.Element:
    element = ET.Element("testcase", classname=class_name, name=_name(case.name), time="0")
    if case.state == PASSED:
        return element
    result = ET.SubElement(element, _TAGS[case.state], message=_text(case.reason))
    if case.state != SKIPPED:  # Ant's schema has no type there
        kinds = dict.fromkeys(problem.type for problem in case.problems)
        result.set("type", " ".join(kinds) or case.state)
    lines = [text for each in case.problems for text in (each.headline, *each.lines)]
    result.text = _text("\n".join((*lines, *case.lines)))
    return element


def _lines(suite: ET.Element, name: str, lines: Sequence[str]) -> None:
    ET.SubElement(suite, name).text = _text("\n".join(lines))


def _package(server: ServerReport) -> str:
    return _without_dots(server.consumer)


def _without_dots(participant: str) -> str:
    """Name a participant as a part of a class name, whose parts are told apart by dots."""
    return _name(participant).replace(".", "_")


def _name(text: str) -> str:
    """Return what can be a name in all readers: one line, and not empty."""
    return _text(cut(visible(text), _LONGEST_NAME)).strip() or "(none)"


def _text(text: str) -> str:
    return _NOT_XML.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


_NOT_XML = re.compile("[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold."""
