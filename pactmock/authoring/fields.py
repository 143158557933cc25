"""Path, status, headers, query parameters and metadata in integration JSON (reference/matching.md §10.3).

A value is a text, a number or a boolean, a matcher with such an example, or an object that has only the `value`.
Headers and query parameters can have several: a list of values, or a matcher whose example is a list.
"""

from __future__ import annotations

import re

from pactmock.authoring.collector import Collector, child, general_last
from pactmock.authoring.integration_json import Processed, process_into
from pactmock.authoring.matcher import TYPE, is_matcher, read_matcher
from pactmock.errors import InvalidPact, InvalidRule
from pactmock.pact import path_expression
from pactmock.pact.json.values import Json, compact, to_text
from pactmock.pact.parts import query_string
from pactmock.pact.parts.headers import is_token, split_value
from pactmock.pact.path_expression import EVERYTHING, ROOT, PathExpression


def process_path(value: Json, collector: Collector) -> Processed:
    """Process the path of a request; the value is a text.

    Raises:
        InvalidPact: when it does not start with a slash, or holds a query.
    """
    found = _process_one(value, EVERYTHING, collector)
    if not found.value.startswith("/"):
        raise InvalidPact(f"The path '{found.value}' does not start with a slash")
    if "?" in found.value:
        raise InvalidPact(f"The path '{found.value}' holds a query: put it under 'query'")
    return found


_STATUS = re.compile("[2-9][0-9][0-9]")


def process_status(value: Json, collector: Collector) -> Processed:
    """Process the status of a response; the value is a number.

    Raises:
        InvalidPact: when it is no status code that a client takes for an answer.
    """
    found = _process_one(value, ROOT, collector)
    if not _STATUS.fullmatch(found.value):
        raise InvalidPact(f"'{found.value}' is not a status code: use a number from 200 to 999")
    return Processed(int(found.value), found.rules, found.generators)


def _process_one(value: Json, path: PathExpression, collector: Collector) -> Processed:
    text = _text(_example(value, path, collector))
    return Processed(text, collector.rules(), collector.generators())


def process_headers(value: Json, collector: Collector) -> Processed:
    """Process headers; the value is a `Headers`. One text is split as HTTP says, the items of a list are not.

    Raises:
        InvalidPact: for what HTTP cannot send, and for a header that is there in two spellings.
    """
    headers, seen = {}, set()
    for name, item in _members(value, "headers").items():
        with collector.below(name):
            if not is_token(name):
                raise InvalidPact(f"'{name}' cannot be the name of a header")
            if name.lower() in seen:
                raise InvalidPact(f"The header '{name}' is there twice: use one list of values")
            seen.add(name.lower())
            headers[name] = _header_values(name, item, collector)
    return Processed(headers, general_last(collector.rules()), general_last(collector.generators()))


_NOT_IN_A_HEADER = re.compile(r"[\r\n\0]")


def _header_values(name: str, value: Json, collector: Collector) -> tuple[str, ...]:
    found = _examples(name, value, collector)
    texts = tuple(_text(item) for item in (found if isinstance(found, list) else [found]))
    for text in texts:
        if _NOT_IN_A_HEADER.search(text):
            raise InvalidPact("A header cannot hold line ends or zero characters")
    return texts if isinstance(found, list) else split_value(name, texts[0])


def process_query(value: Json, collector: Collector) -> Processed:
    """Process query parameters, or a whole query in one text; the value is a `Query`, or None where there is none.

    A parameter whose value is null has no `=`.
    """
    if isinstance(value, str):
        return Processed(query_string.parse(value))
    query = {}
    for name, item in _members(value, "query parameters").items():
        with collector.below(name):
            found = _examples(name, item, collector)
            items = found if isinstance(found, list) else [found]
            query[name] = tuple(None if one is None else _text(one) for one in items)
    return Processed(query or None, general_last(collector.rules()), general_last(collector.generators()))


def process_metadata(value: Json, collector: Collector) -> Processed:
    """Process the metadata of a message; the value is a map of names to JSON values of any kind."""
    metadata = {}
    for name, item in _members(value, "metadata").items():
        with collector.below(name):
            # The bare key where that is an expression for it alone, as the reference writes it.
            metadata[name] = process_into(collector, item, path_expression.spelled(name, (name,)))
    return Processed(metadata, collector.rules(), collector.generators())


def _members(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise InvalidPact(f"The {what} are {compact(value)[:100]}: use an object of names")
    return value


def _examples(name: str, value: Json, collector: Collector) -> Json:
    """Return the example, or the list of examples, of a header or a query parameter."""
    path = path_expression.of_name(name)
    if not isinstance(value, list):
        return _example(value, path, collector, may_be_list=True)
    examples = []
    for i, item in enumerate(value):
        if i and is_matcher(item):
            # The rule of the first value stands for all of them only as long as no other value has its own.
            collector.move_rules(path, child(path, 0))
        with collector.below(i):
            examples.append(_example(item, child(path, i) if i else path, collector))
    return examples


def _example(value: Json, path: PathExpression, collector: Collector, *, may_be_list: bool = False) -> Json:
    if not is_matcher(value):
        if not isinstance(value, dict):
            return value
        if value.keys() != {"value"} or (isinstance(value["value"], list) and not may_be_list):
            raise InvalidPact(f"An object here has '{TYPE}' and a 'value', or only one 'value'")
        return value["value"]
    matcher = read_matcher(value)
    if not matcher.has_example:
        raise InvalidRule("A matcher needs an example here: add a 'value'")
    example = matcher.example
    if isinstance(example, list) and may_be_list:
        with collector.below("value"):
            example = process_into(collector, example, path, for_all_items=True)
    collector.add(path, matcher.rules, matcher.generator)
    return example


def _text(value: Json) -> str:
    if isinstance(value, str | int | float):
        return to_text(value)
    raise InvalidPact(f"A text is needed here, this is {compact(value)[:100]}")
