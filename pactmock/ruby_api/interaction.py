"""An interaction as it was registered (reference/ruby-api.md §3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from pactmock.pact.json.values import Json
from pactmock.pact.value import value
from pactmock.ruby_api import queries
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.tree.equality import same
from pactmock.ruby_api.tree.examples import example
from pactmock.ruby_api.tree.matchers import SomethingLike, Tree


class Unset:
    """Stands for a member that was not given."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()

REQUEST_MEMBERS = ("method", "path", "query", "headers", "body")
RESPONSE_MEMBERS = ("status", "headers", "body")
_PARTS = (*(f"request {name}" for name in REQUEST_MEMBERS), *(f"response {name}" for name in RESPONSE_MEMBERS))


@value
class ExpectedRequest:
    """The request that is expected, with matchers anywhere; `members` has what was given of `REQUEST_MEMBERS`."""

    members: dict[str, Tree]
    options: Json = None
    """What was given besides, which says how to compare; files do not have it."""

    @property
    def is_open(self) -> bool:
        """Whether its body may have members that nobody expects."""
        return isinstance(self.options, dict) and bool(self.options.get("allow_unexpected_keys_in_body"))

    @property
    def method(self) -> str:
        return str(self.members["method"] or "").upper()

    @property
    def path(self) -> Tree:
        return self.members["path"]

    @property
    def query(self) -> Tree:
        """Names to lists of values; a matcher or a text for the query as a whole; or UNSET."""
        return self.members.get("query", UNSET)

    @property
    def headers(self) -> Tree:
        return self.members.get("headers", {})

    @property
    def body(self) -> Tree:
        return self.members.get("body", UNSET)

    @property
    def content_type(self) -> str:
        """What it is said to have as a body, as an example."""
        headers = self.headers
        while isinstance(headers, SomethingLike):
            headers = headers.contents
        if not isinstance(headers, dict):
            return ""
        found = next((example(item) for name, item in headers.items() if name.lower() == "content-type"), "")
        return found if isinstance(found, str) else ""

    @property
    def written_query(self) -> Json:
        """The query as files have it: a text, with examples; UNSET where none was given."""
        query = example(self.query)
        return queries.to_text(query) if isinstance(query, dict) else query


@value
class Interaction:
    """One interaction. `key` names it in reports; two that say the same are still two."""

    description: Json
    provider_state: Json
    request: ExpectedRequest
    response: dict[str, Tree]
    """What was given of `RESPONSE_MEMBERS`."""
    query_text: str | None = None
    """The query as it was given, where that was a text: files have it so."""
    is_written: bool = True
    """Whether the pact is to have it."""
    key: str = field(default="", compare=False)

    @property
    def written_query(self) -> Json:
        """The query as files have it: as it was given where that was a text; UNSET where none was given."""
        return self.request.written_query if self.query_text is None else self.query_text

    @property
    def target(self) -> str:
        """What texts call it, with examples: `GET /q?a=b`."""
        path, query = example(self.request.path) or "/", self.written_query
        has_query = bool(query or self.request.query) and isinstance(query, str)
        return f"{self.request.method} {path}" + (f"?{query}" if has_query else "")

    @property
    def name(self) -> tuple[str, str]:
        """Its description and state: a pact has one interaction of that name."""
        return inspect(self.description), inspect(self.provider_state)

    def differing_parts(self, new: Interaction) -> Iterator[str]:
        """Name the parts in which another one of the same name differs: `request query`, `response status`."""
        mine, others = self._members, new._members
        for part in _PARTS:
            if not same(mine.get(part, UNSET), others.get(part, UNSET)):
                yield part

    @property
    def _members(self) -> dict[str, Tree]:
        return {
            **{f"request {name}": item for name, item in self.request.members.items()},
            "response headers": {},
            **{f"response {name}": item for name, item in self.response.items()},
        }
