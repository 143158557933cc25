"""Examples: a document without its matchers, and a value for a matcher that was given none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pactmock.contract.match.matcher import TYPE, to_json

_MOMENT = datetime(2000, 2, 1, 12, 30, tzinfo=UTC)
_GENERATOR = "pact:generator:type"


def example(document: Any) -> Any:
    """Return a document with each matcher replaced by its example, null where it has none.

    Raises:
        TypeError, ValueError: as `to_json` does.
    """
    return _bare(to_json(document))


def _bare(written: Any) -> Any:
    if isinstance(written, list):
        return [_bare(item) for item in written]
    if not isinstance(written, dict):
        return written
    if TYPE in written:
        return _bare(written.get("variants") if "variants" in written else written.get("value"))
    return {name: _bare(item) for name, item in written.items() if not name.startswith("pact:")}


def with_example(written: Any, otherwise: Any = "") -> Any:
    """Give a matcher in integration JSON an example where it has none and cannot do without: in a path, a header, XML.

    It is made by its generator, always the same one, so that the pact file of the next run is that of this one; where
    there is no generator it is `otherwise`.
    """
    if not isinstance(written, dict) or TYPE not in written or "value" in written or "variants" in written:
        return written
    return {**written, "value": _made(written) if _GENERATOR in written else otherwise}


def _made(written: dict[str, Any]) -> Any:
    from pactmock.authoring.collector import Collector
    from pactmock.authoring.integration_json import process
    from pactmock.generators.apply import generate_contents
    from pactmock.generators.context import repeatable
    from pactmock.pact.json.values import compact_bytes, parse
    from pactmock.pact.model import MessageContents
    from pactmock.pact.parts import body, content_type

    with Collector() as collector:
        processed = process(written, collector)
    contents = body.present(compact_bytes(processed.value), content_type.JSON)
    message = MessageContents(contents=contents, generators={"body": processed.generators})
    made = generate_contents(message, repeatable(1, _MOMENT))
    return parse(made.contents.content)
