"""Form bodies described in integration JSON: an object of fields (reference/matching.md §10.2)."""

from __future__ import annotations

from urllib.parse import quote_plus

from pactmock.authoring.collector import Collector
from pactmock.authoring.integration_json import Processed, process
from pactmock.errors import InvalidPact, below
from pactmock.pact.json.values import Json, compact, to_text


def read_form(description: dict[str, Json], collector: Collector) -> Processed:
    """Make a form of its description; the value is its content.

    Raises:
        InvalidPact: for a field that is neither a text nor a number nor a list of them. The reference drops those,
            with their rules.
    """
    processed = process(description, collector)
    if not isinstance(processed.value, dict):
        raise InvalidPact("A form is an object of fields")
    pairs = []
    for name in sorted(processed.value):
        with below(name):
            pairs += [f"{_encode(name)}={_encode(text)}" for text in _texts(processed.value[name])]
    return Processed("&".join(pairs).encode(), processed.rules, processed.generators)


def _texts(value: Json) -> list[str]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, str | int | float) or isinstance(item, bool):
            raise InvalidPact(f"A field of a form is a text, a number or a list of them, this is {compact(item)[:100]}")
    return [to_text(item) for item in items]


def _encode(text: str) -> str:
    # Python leaves `~` as it is and has no way to ask for more.
    return quote_plus(text, safe="*").replace("~", "%7E")
