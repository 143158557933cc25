"""A part of an interaction while a test writes it: headers, query, metadata and contents, before they are a contract.

`to_json` gives the part in consumer-test form (docs/control-api.md).
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from pactmock.contract.match.example import with_example
from pactmock.contract.match.matcher import TYPE, AbstractMatcher, to_json
from pactmock.contract.rules import merged_rules
from pactmock.errors import NotJson
from pactmock.pact.json.values import Json, parse
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import split_value

if TYPE_CHECKING:
    from pactmock.contract.multipart import FilePart


class Draft:
    """One part. Its methods do what those of an interaction with the same names say."""

    def __init__(self) -> None:
        self._headers: dict[str, tuple[str, list[Json]]] = {}
        """Names as they were written first, and values, by the names in lower case."""
        self._added: set[str] = set()
        self._query: dict[str, list[Json]] = {}
        self.metadata: dict[str, Json] = {}
        self._contents: dict[str, Json] | None = None
        self._type: str | None = None
        """The type that a body which is none declares."""
        self._files: list[FilePart] = []
        self._boundary: str | None = None
        self._rules: dict[str, Json] = {}
        self._generators: dict[str, Json] = {}
        self._of_plugin: dict[str, Json] | None = None

    @property
    def has_contents(self) -> bool:
        return self._contents is not None

    def add_header(self, name: str, value: Any) -> None:
        written = _field(value)
        values = split_value(name, written) if isinstance(written, str) else (written,)
        first, present = self._headers.get(name.lower(), (name, []))
        kept = present if name.lower() in self._added else []
        self._headers[name.lower()] = (first, [*kept, *values])
        self._added.add(name.lower())

    def set_header(self, name: str, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"set_header takes a text as it is, not {value!r}: with_header takes matchers")
        first, _ = self._headers.get(name.lower(), (name, []))
        self._headers[name.lower()] = (first, [value])
        self._added.discard(name.lower())

    def add_query(self, name: str, value: Any) -> None:
        self._query.setdefault(name, []).append(_field(value))

    def set_body(self, body: Any, content_type: str | None) -> None:
        """Take a body as `with_body` does: what it is, and of which type (reference/pact-python.md §4)."""
        declared = _parsed(content_type or self._declared())
        if isinstance(body, str) and body:
            self._contents = _text_contents(body, declared)
        else:
            self._contents = _contents(to_json(body), declared or types.JSON)
        self._type = str(declared) if declared and self._contents["body"] == "" else None

    def set_binary_body(self, body: bytes | None, content_type: str | None) -> None:
        if body is not None and not isinstance(body, bytes):
            raise TypeError(f"with_binary_body takes bytes, not {type(body).__name__}: with_body takes a text")
        declared = str(_parsed(content_type or self._declared()) or types.OCTET_STREAM)
        self._contents, self._type = (_bytes_contents(body, declared), None) if body else (None, declared)

    def add_file(self, file: FilePart | None, boundary: str | None) -> None:
        """Add a file to a multipart body, whose first boundary counts; None makes one without parts."""
        from pactmock.contract.multipart import boundary_for, compose

        self._boundary = self._boundary or boundary
        self._files += [file] if file else []
        mark = self._boundary or boundary_for(self._files)
        self._contents = _bytes_contents(compose(self._files, mark), f"multipart/form-data; boundary={mark}")
        if file:
            self.add_rules({"body": dict([file.rule()])})

    def add_rules(self, rules: dict[str, Json]) -> None:
        """Add rules as a pact file has them, of either form; those of one path add up."""
        self._rules = merged_rules(self._rules, rules)

    def add_generators(self, generators: dict[str, Json]) -> None:
        for name, items in generators.items():
            self._generators[name] = {**self._generators.get(name, {}), **items} if isinstance(items, dict) else items

    def set_plugin_contents(self, contents: dict[str, Json], content_type: str) -> None:
        self._of_plugin = {**contents, "content-type": str(_parsed(content_type))}

    def _declared(self) -> str | None:
        """Return the type that the headers or the metadata name by now."""
        values = self._headers.get("content-type", ("", []))[1]
        declared = values[0] if values else self.metadata.get("contentType")
        declared = declared.get("value") if isinstance(declared, dict) else declared
        return declared if isinstance(declared, str) else None

    def to_json(self) -> dict[str, Json]:
        """Return the members that are not empty."""
        headers = {name: _one_or_all(values) for name, values in self._headers.values()}
        if self._type is not None and "content-type" not in self._headers:
            headers["Content-Type"] = self._type
        written: dict[str, Json] = {
            "headers": headers,
            "query": {name: _one_or_all(values) for name, values in self._query.items()},
            "metadata": self.metadata,
            "contents": self._of_plugin or self._contents,
            "matchingRules": self._rules,
            "generators": self._generators,
        }
        return {name: value for name, value in written.items() if value}


def _field(value: Any) -> Json:
    """Return the value of a header or a query parameter: a text, or a matcher, also one that is written as a text."""
    if isinstance(value, str):
        return _matcher_in(value) or value
    written = to_json(value)
    if isinstance(written, dict) and TYPE in written:
        return with_example(written)
    return written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)


def _matcher_in(text: str) -> Json:
    """Return the matcher that a text is the integration JSON of."""
    if not (text.startswith("{") and TYPE in text):
        return None
    try:
        written = parse(text)
    except NotJson:
        return None
    return with_example(written) if isinstance(written, dict) and TYPE in written else None


def _one_or_all(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else values


def _parsed(content_type: str | None) -> ContentType | None:
    if content_type is None:
        return None
    parsed = types.parse(content_type)
    if parsed is None:
        raise ValueError(f"{content_type!r} is not a content type")
    return parsed


def _text_contents(text: str, declared: ContentType | None) -> dict[str, Json]:
    """Make contents of a text: JSON when it reads as such and nobody says otherwise, else what it looks like."""
    kind = declared or types.JSON
    if kind.is_json or (text.startswith("{") and (kind.is_xml or kind.is_form)):
        try:
            return _contents(parse(text), kind)
        except NotJson:
            pass
    if declared is not None and declared.is_json:
        return _bytes_contents(text.encode(), str(declared))
    sniffed = declared or types.sniff_text(text)
    return {"content-type": str(types.TEXT if sniffed.is_json else sniffed), "body": text}


def _contents(body: Json, kind: ContentType) -> dict[str, Json]:
    if body == "" and kind.is_json:
        return _bytes_contents(b'""', str(kind))  # the form takes an empty text for an empty body
    return {"content-type": str(kind), "body": with_examples_in(body) if kind.is_xml else body}


def _bytes_contents(body: bytes, kind: str) -> dict[str, Json]:
    return {"content-type": kind, "encoded": "base64", "body": base64.b64encode(body).decode()}


def with_examples_in(description: Json) -> Json:
    """Give the matchers in the description of an XML document the examples that they cannot do without."""
    if isinstance(description, list):
        return [with_examples_in(item) for item in description]
    if not isinstance(description, dict):
        return description
    members = {name: with_examples_in(item) for name, item in description.items()}
    if "matcher" in members and "content" not in members and isinstance(members["matcher"], dict):
        members["content"] = with_example(members["matcher"]).get("value", "")
    return members


def path_of(path: str | AbstractMatcher[Any]) -> Json:
    """Return the path of a request, a text or a matcher, as the form takes it.

    Raises:
        TypeError: when it is neither.
        ValueError: when its example cannot be a path.
    """
    if not isinstance(path, str | AbstractMatcher):
        raise TypeError(f"A path is a text or a matcher, not {path!r}")
    written = _field(path)
    text = written.get("value") if isinstance(written, dict) else written
    if not isinstance(text, str) or not text.startswith("/"):
        raise ValueError(f"The path {text!r} does not start with a slash")
    if "?" in text:
        raise ValueError(f"The path {text!r} holds a query: give it by with_query_parameter")
    return written
