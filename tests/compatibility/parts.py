"""Requests and responses as the tables of the suite describe them, in the forms that they are needed in.

A part becomes JSON of a pact file of any version, which is written here and not by the package: what is tested must not
make the test's own data.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from pactmock.pact.model import Request, Response
from pactmock.pact.parts import body, content_type, query_string
from pactmock.pact.parts.body import Body, BodyState
from pactmock.pact.parts.received_headers import ReceivedHeaders
from pactmock.pact.specification import Specification
from tests.compatibility.suite import Contents, contents_of, document_of

Lines = tuple[tuple[str, str], ...]
_HEADER = re.compile(r"'([^':]+):([^']*)'")
_NOT_OF_THE_PART = frozenset({"No", "desc"})


@dataclass(frozen=True)
class Part:
    """A request or a response; `rules` and `generators` are as a pact file has them."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Lines = ()
    contents: Contents | None = None
    status: int = 200
    rules: Any = None
    generators: Any = None

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str) -> Part:
        """Return the part with one line of that header."""
        others = tuple(line for line in self.headers if line[0].lower() != name.lower())
        return replace(self, headers=(*others, (name, value)))

    def with_contents(self, cell: str, declared: str | None = None) -> Part:
        """Return the part with the body that a cell describes, and the header that names its type."""
        if not cell:
            return self
        contents = contents_of(cell, declared or None, self.header("content-type"))
        return replace(self.with_header("Content-Type", contents.content_type), contents=contents)

    def request_json(self, version: Specification) -> dict[str, Any]:
        """Write the part as the request of a pact file."""
        written = {"method": self.method, "path": self.path, **self._shared(version)}
        return {**written, "query": query_json(self.query, version)} if self.query else written

    def response_json(self, version: Specification) -> dict[str, Any]:
        """Write the part as the response of a pact file."""
        return {"status": self.status, **self._shared(version)}

    def _shared(self, version: Specification) -> dict[str, Any]:
        names = dict.fromkeys(name for name, _value in self.headers)
        lists = {name: [value for key, value in self.headers if key == name] for name in names}
        written: dict[str, Any] = {
            "headers": lists if version.typed_interactions else {key: ", ".join(lists[key]) for key in lists},
            "matchingRules": self.rules,
            "generators": self.generators,
        }
        kept = {name: value for name, value in written.items() if value}
        return {**kept, "body": contents_json(self.contents, version)} if self.contents else kept

    def received_request(self) -> Request:
        """Return the part as a mock server sees it when it is sent."""
        return Request(
            method=self.method,
            path=self.path,
            query=query_string.from_text(self.query),
            query_text=self.query or None,
            headers=ReceivedHeaders.of_texts(self.headers),
            body=self._received_body(),
        )

    def received_response(self) -> Response:
        """Return the part as its receiver sees it."""
        return Response(status=self.status, headers=ReceivedHeaders.of_texts(self.headers), body=self._received_body())

    @property
    def is_seen_alike(self) -> bool:
        """Whether what is sent is what `received_request` returns: without bytes, a body is no present one."""
        return self.contents is None or bool(self.contents.content)

    def _received_body(self) -> Body:
        """Return the body; one without bytes is present all the same, as the suite's own runners have it."""
        if self.contents is None:
            return body.MISSING
        return Body(BodyState.PRESENT, self.contents.content, content_type.parse(self.contents.content_type))


def query_json(text: str, version: Specification) -> Any:
    """Write a query as a pact file of this version has it."""
    return parse_qs(text, keep_blank_values=True) if version.many_states else text


def contents_json(contents: Contents, version: Specification) -> Any:
    """Write a body as a pact file of this version has it."""
    content, is_encoded = _content_json(contents)
    if not version.typed_interactions:
        return content
    encoding: Any = "base64" if is_encoded else False
    return {"content": content, "contentType": contents.content_type, "encoded": encoding}


def _content_json(contents: Contents) -> tuple[Any, bool]:
    if contents.is_json and contents.content:
        return contents.document(), False
    text = contents.text()
    return (base64.b64encode(contents.content).decode(), True) if text is None else (text, False)


def with_row(part: Part, row: Mapping[str, str]) -> Part:
    """Return a part with what the columns of a row say; an empty cell says nothing.

    Raises:
        AssertionError: for a column that is not known.
    """
    known = {*_COLUMNS, *_NOT_OF_THE_PART, "body", "content type"}
    assert row.keys() <= known, f"no part has {sorted(row.keys() - known)}"
    for column, change in _COLUMNS.items():
        if row.get(column):
            part = change(part, row[column])
    return part.with_contents(row.get("body", ""), row.get("content type"))


def _header_lines(cell: str) -> Lines:
    return tuple((name.strip(), value.strip()) for name, value in _HEADER.findall(cell))


_COLUMNS: dict[str, Callable[[Part, str], Part]] = {
    "method": lambda part, cell: replace(part, method=cell),
    "path": lambda part, cell: replace(part, path=cell),
    "query": lambda part, cell: replace(part, query=cell),
    "headers": lambda part, cell: replace(part, headers=_header_lines(cell)),
    "raw headers": lambda part, cell: replace(part, headers=(*part.headers, *_header_lines(cell))),
    "status": lambda part, cell: replace(part, status=int(cell)),
    "matching rules": lambda part, cell: replace(part, rules=document_of(cell)),
    "generators": lambda part, cell: replace(part, generators=document_of(cell)),
}
