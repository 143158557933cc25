"""A received request as the Ruby service compares it (reference/ruby-api.md §5)."""

from __future__ import annotations

from pactmock.matching import budget
from pactmock.pact.json.values import Json
from pactmock.pact.made_once import made_once
from pactmock.pact.model import Request
from pactmock.pact.parts.received_headers import decode, received
from pactmock.ruby_api.json_text import read_json


class Received:
    """A request: its parts are read when something is compared with them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.method = request.method.upper()
        self.path = request.path
        self.query = request.query_text or ""

    @property
    def target(self) -> str:
        """What texts call it: `GET /x?a=2`."""
        return f"{self.method} {self.path}" + (f"?{self.query}" if self.query else "")

    @made_once
    def headers(self) -> dict[str, str]:
        """The values of headers by their names as sent; one that is repeated is joined."""
        found: dict[str, str] = {}
        spelled: dict[str, str] = {}
        for name, text in received(self.request.headers).lines:
            name = spelled.setdefault(name.lower(), name)  # noqa: PLW2901
            value = text.strip(" \t")
            found[name] = f"{found[name]}, {value}" if name in found else value
        return {**found, "Version": "HTTP/1.1"}

    @made_once
    def by_lower_name(self) -> dict[str, str]:
        return {name.lower(): text for name, text in self.headers.items()}

    @property
    def content_type(self) -> str:
        return self.by_lower_name.get("content-type", "")

    @made_once
    def text(self) -> str:
        return decode(self.request.body.content)

    @made_once
    def body(self) -> Json:
        """The body: JSON where its type says so, else text; None where there is none.

        Raises:
            RubyException: when it should be JSON and is not, or is nested too deep.
            OutOfBudget: when it is too large to be parsed.
        """
        content = self.request.body.content
        if not content:
            return None
        if "json" not in self.content_type:
            return self.text
        budget.current().check_parsed(len(content))
        return read_json(content, f"the body of {self.target}, whose Content-Type says that it is JSON,")

    def __repr__(self) -> str:
        return f"<Received {self.target}>"
