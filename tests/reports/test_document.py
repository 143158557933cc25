"""The JSON of a report is all of it: whoever has it can make every other format."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from pactmock.control.reports import Reported
from pactmock.reports.document import read_report
from pactmock.reports.formats import FORMATS
from pactmock.reports.report import Report
from tests.reports.reported import reports


@given(report=reports())
def test_any_report_is_the_same_after_a_way_through_json(report: Report) -> None:
    text = FORMATS["json"].render(report)
    Reported.model_validate_json(text)
    back = read_report(json.loads(text))
    assert [replace(server, explanations=()) for server in back.servers] == [
        replace(server, explanations=()) for server in report.servers
    ]
    for name in FORMATS:
        assert FORMATS[name].render(back) == FORMATS[name].render(report)


def test_where_no_mock_server_was_asked_nothing_passed() -> None:
    assert not Report(()).passed
    assert json.loads(FORMATS["json"].render(Report(())))["passed"] is False
