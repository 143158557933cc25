"""Reports for tests: of mock servers that were really asked, and with values that nobody would choose."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from pactmock.matching.book import Book
from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explain import explain, missing
from pactmock.matching.explaining.explanation import Difference, Explanation, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.pact.documents import reading
from pactmock.pact.json.values import compact_bytes
from pactmock.reports.listed import ListedInteraction, ListedMessage
from pactmock.reports.report import Report, ServerReport
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.received import received


async def report_on(
    document: Mapping[str, Any], requests: Iterable[tuple[str, str]] = (), **options: Any
) -> ServerReport:
    """Play a pact over HTTP, send requests of a method and a target, and report."""
    server = MockServer(reading.read_pact(document), MockServerOptions(**options))
    await server.start()
    try:
        for method, target in requests:
            await asyncio.to_thread(_send, method, server.url + target)
        return server.report()
    finally:
        await server.stop()


def _send(method: str, url: str) -> None:
    try:
        urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=HANG).close()
    except urllib.error.HTTPError as error:
        error.close()


odd = st.text(max_size=40) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "]]>",
        "\ufffe\uffff\x00\x1b[2J",
        "\n::error::forged",
        "##[error]forged",
        "%0A::error::",
        "a|b`c``d```e",
        "```\n# forged\n```",
        "~~~\n| a | b |\n|---|---|",
        "[x](javascript:alert(1)) ![y](http://z) @team #1 :smile: $a$",
        "</code></td></tr></table></pre></details>",
        '"><img src=x onerror=alert(1)>',
        "\u202eabc\u2028def\x85",
        "&#60;b&#62;&amp;",
        " ",
        "\\|\\`\\",
        " __a__ *b* _c_d_ ~~e~~ user_id",
        "www.example.com <a@b.c> https://example.com",
        "--- \n***\n1. a\n- b\n> c",
    ]
)


def _named(description: str, states: list[str], key: str) -> InteractionName:
    return InteractionName(description, key, 0, tuple({"name": name} for name in states))


@st.composite
def explanations(draw: st.DrawFn) -> list[Explanation]:
    """Explanations of every kind, of requests that were really compared, with odd values wherever values are."""
    expected = draw(odd)
    got = draw(odd.filter(lambda text: text != expected))
    document = pact(
        interaction(draw(odd), {"method": "POST", "path": "/a", "body": {"a": expected}}),
        interaction(draw(odd), {"path": "/b", "headers": {"X-A": draw(st.sampled_from(["1", "<b>`|"]))}}),
    )
    book = Book(reading.read_pact(document).http_interactions)
    json_type = ("Content-Type", "application/json")
    body = compact_bytes({"a": got})
    found = [
        explain(book.match(received("POST", "/a", json_type, content=body))),
        explain(book.match(received("GET", "/b?x=%3Cb%3E", ("X-A", got.encode("ascii", "ignore").decode())))),
        explain(book.match(received("GET", draw(odd)))),
        missing(book.expectations[0]),
    ]
    difference = Difference("BodyMismatch", ("path", draw(odd)), expected, got, draw(odd))
    parts = (PartFinding("", (difference,)),)
    name = _named(draw(odd), draw(st.lists(odd, max_size=2)), "k")
    contents = {"contents": None}
    found += [
        Explanation(kinds.PLUGIN_MISMATCH, draw(odd), draw(odd), parts=parts, error=draw(odd)),
        Explanation(kinds.REFUSED, draw(odd), draw(odd), received=(draw(odd), draw(odd)), error=draw(odd)),
        Explanation(kinds.MISSING_MESSAGE, "Asynchronous/Messages", draw(odd), interaction=name, request=contents),
        Explanation(kinds.MESSAGE_FAILED, "Asynchronous/Messages", draw(odd), interaction=name, error=draw(odd)),
        Explanation(kinds.MESSAGE_MISMATCH, "Synchronous/Messages", draw(odd), interaction=name, parts=parts),
        replace(found[0], type=kinds.UNDECIDED),
    ]
    return [item for item in found if item.type != kinds.MATCH]


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Reports with odd values in every text."""
    found = tuple(draw(explanations()))
    listed = tuple(
        ListedInteraction(item.interaction, draw(odd), draw(odd), draw(st.booleans()), draw(st.integers(0, 2)))
        for item in found
        if item.interaction is not None and item.type not in kinds_of_messages
    )
    messages = (ListedMessage(_named(draw(odd), [draw(odd)], "k"), "Asynchronous/Messages", 1, 0, 1),)
    server = ServerReport(
        draw(odd),
        draw(odd),
        draw(odd),
        draw(st.booleans()),
        name=draw(st.none() | odd),
        url=draw(odd),
        explanations=found,
        unlisted=draw(st.integers(0, 3)),
        warnings=tuple(draw(st.lists(odd, max_size=2))),
        interactions=listed,
        messages=messages,
        not_tested=draw(st.integers(0, 1)),
        created=1.0,
        asked=2.5,
        written=draw(odd),
        error=draw(odd),
    )
    return Report((server, replace(server, matched=True, explanations=(), unlisted=0)))


kinds_of_messages = frozenset({kinds.MISSING_MESSAGE, kinds.MESSAGE_FAILED, kinds.MESSAGE_MISMATCH})
