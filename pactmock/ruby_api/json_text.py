"""JSON that a client or the code under test sends, with the depth that Ruby reads at the most.

So nothing that comes in is too deep for what walks through it, and what was registered can be written.
"""

from __future__ import annotations

from pactmock.errors import NotJson
from pactmock.pact.json.values import Json, parse_exact
from pactmock.ruby_api.errors import RubyException

DEEPEST = 100


def read_json(content: bytes, what: str) -> Json:
    """Parse a text; `what` is its name for the error.

    Raises:
        RubyException: when it is no JSON, or nested too deep.
    """
    try:
        found = parse_exact(content)
    except NotJson as error:
        raise RubyException("JSON::ParserError", f"{what} is no JSON: {error.reason}") from None
    if content.count(b"[") + content.count(b"{") > DEEPEST and _is_deeper(found):
        raise RubyException("JSON::NestingError", f"{what} is nested too deep: {DEEPEST} levels are the most")
    return found


def _is_deeper(document: Json) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [item for each in level for item in _items(each)]
    return any(isinstance(each, dict | list) for each in level)


def _items(document: Json) -> list[Json]:
    if isinstance(document, dict):
        return list(document.values())
    return document if isinstance(document, list) else []
