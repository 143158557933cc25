"""Every format says the same of the same report, whatever stands in it, and has a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.reports.cases import cases
from pactmock.reports.formats import FORMATS, named
from pactmock.reports.listed import ListedInteraction
from pactmock.reports.report import Report, ServerReport
from pactmock.reports.visible import visible
from tests.pacts import interaction, pact
from tests.reports.reported import report_on, reports

PEOPLE = [name for name in FORMATS if name != "json"]


def _server(**members: Any) -> ServerReport:
    return ServerReport("id", "web", "api", **({"matched": False} | members))


@pytest.mark.parametrize("name", FORMATS)
async def test_a_format_says_what_did_not_match_was_not_expected_was_warned_of_and_was_not_tested(name: str) -> None:
    document = {
        **pact(version="4.0"),
        "interactions": [
            {"type": "Synchronous/HTTP", "description": "x", "request": {"path": "/a#b"}, "response": {}},
            {"type": "Asynchronous/Messages", "description": "a message", "contents": {"content": {"a": 1}}},
        ],
    }
    server = await report_on(document, [("GET", "/nowhere")])
    text = FORMATS[name].render(Report((server,)))
    assert "/nowhere" in text
    assert "fragment" in text or "#" in text or "&#35;" in text
    assert server.not_tested == 1
    assert "a message" in text or "1 message" in text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "server",
    [
        _server(),
        _server(unlisted=1),
        _server(matched=True, error="the disk is full"),
        _server(explanations=(Explanation(kinds.REFUSED, "GET", "/", error="too long"),)),
    ],
)
def test_no_format_is_green_when_the_verdict_is_not(server: ServerReport, name: str) -> None:
    good = FORMATS[name].render(Report((_server(matched=True),)))
    text = FORMATS[name].render(Report((server,)))
    assert text != good
    marks = {
        "text": "problem|could not be written",
        "json": '"passed": false',
        "junit": "<failure|<error",
        "markdown": "0 of 1 mock server matched",
        "github": "^::error ",
        "html": 'h1 class="failed"',
    }
    assert re.search(marks[name], text)
    assert not re.search(marks[name], good)


@pytest.mark.parametrize("name", PEOPLE)
def test_where_no_mock_server_was_asked_no_format_is_green(name: str) -> None:
    text = FORMATS[name].render(Report(()))
    assert name in {"text", "junit"} or "no mock server was verified" in text.lower()
    assert "<testcase" not in text


@given(report=reports())
def test_no_value_makes_a_line_of_the_text(report: Report) -> None:
    for line in FORMATS["text"].render(report).split("\n"):
        assert line.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", line)
    numbered = [line for line in FORMATS["text"].render(report).split("\n") if re.match(r"\d+\) ", line)]
    titles = [server for server in report.servers if re.match(r"\d+\) ", visible(server.title))]
    assert len(numbered) == sum(len(server.explanations) for server in report.servers) + len(titles)


@given(report=reports())
def test_every_line_for_github_is_one_command(report: Report) -> None:
    text = FORMATS["github"].render(report)
    lines = text.splitlines()
    assert text == "".join(f"{line}\n" for line in lines)
    assert all(re.fullmatch(r"::(error|warning|notice) title=[^:,\r\n]+::[^\r\n]*", line) for line in lines)
    assert len(lines) <= 20
    for _, message in (line[2:].split("::", 1) for line in lines):
        assert not re.sub("%(25|0A|0D)", "", message).count("%")


class _Elements(HTMLParser):
    """What a page consists of; texts are apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


_TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th",
    "td", "br", "ul", "li", "code", "strong", "section", "article", "footer",
}  # fmt: skip
_CLASSES = {"passed", "failed", "error", "skipped", "state", "values", "differs", "problem"}


@given(report=reports())
def test_no_value_is_an_element_of_the_page(report: Report) -> None:
    page = _Elements()
    page.feed(FORMATS["html"].render(report))
    page.close()
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= _TAGS
    for tag, attributes in page.elements:
        for name, text in attributes:
            assert name in {"lang", "class", "charset", "http-equiv", "content", "name"}, (tag, name)
            assert name != "class" or set((text or "").split()) <= _CLASSES
    assert sum(tag == "meta" for tag, _ in page.elements) == 3
    said = "".join(page.texts)
    for server in report.servers:
        for case in cases(server):
            assert case.name.replace("\ufffe", "\\u{fffe}").replace("\uffff", "\\u{ffff}") in said


def test_the_page_loads_nothing_and_allows_nothing_but_its_own_style() -> None:
    text = FORMATS["html"].render(Report((_server(),)))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'", policy[1])
    assert not re.search(r"<script|<link|<img|url\(|@import|style=", text)


def _shape(text: str) -> Iterator[str]:
    """The structure of a Markdown document: its blocks and what is inside lines, without the texts of values."""
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token.type
        for inner in token.children or ():
            yield inner.type if inner.type != "html_inline" else inner.content
        if token.type == "html_block":
            yield re.sub(r"(?<=<code>).*(?=</code></summary>)", "", token.content.strip())
        elif token.type == "fence":
            assert token.info == "text"


@given(report=reports())
def test_no_value_is_markup_of_the_markdown(report: Report) -> None:
    known = {
        "paragraph_open", "paragraph_close", "inline", "text", "softbreak", "strong_open", "strong_close",
        "heading_open", "heading_close", "<code>", "</code>", "fence", "html_block", "code_inline",
        "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close",
        "th_open", "th_close", "td_open", "td_close", "<details><summary><code></code></summary>", "</details>",
    }  # fmt: skip
    text = FORMATS["markdown"].render(report)
    shape = list(_shape(text))
    assert set(shape) <= known
    assert shape.count("strong_open") == 1
    assert shape.count("heading_open") == len(report.servers)
    listed = [cases(server) for server in report.servers]
    assert shape.count("tr_open") == sum(len(each) + 1 for each in listed if each)
    assert shape.count("td_open") == 3 * sum(map(len, listed))
    assert shape.count("fence") == sum(bool(case.problems or case.lines) for each in listed for case in each)
    for mark in "@":
        outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", text)
        assert mark not in outside, "nobody is called"


DIFFERENCES = tuple(Difference("BodyMismatch", ("path", "$"), "<" * 999, str(n), "`|`" * 300) for n in range(100))
LONG = Explanation(kinds.PLUGIN_MISMATCH, "grpc", "a/b", parts=(PartFinding("body", DIFFERENCES),))


@pytest.mark.parametrize("name", PEOPLE)
def test_a_report_has_a_bound(name: str) -> None:
    listed = tuple(
        ListedInteraction(InteractionName("|" * 1000, str(n)), "GET", "/" * 1000, received=True, served=1)
        for n in range(20_000)
    )
    server = _server(explanations=(LONG,) * 2000, interactions=listed, warnings=("&" * 1000,) * 100)
    size = len(FORMATS[name].render(Report((server,))).encode())
    assert size < {"markdown": 1_000_000, "github": 100_000}.get(name, 20_000_000)


def test_another_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(Exception, match="There is no report format 'sarif': use text, json, junit, markdown, github"):
        named("sarif")


async def test_of_a_mock_server_with_many_cases_those_that_did_not_pass_are_listed_first() -> None:
    many = pact(*(interaction(f"number {n}", {"path": f"/{n}"}) for n in range(300)))
    server = await report_on(many, [("GET", f"/{n}") for n in range(299)])
    text = FORMATS["markdown"].render(Report((server,)))
    assert "| ❌ | <code>number 299</code> | 0 |" in text
    assert "| | and 100 more | |" in text
