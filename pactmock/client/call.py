"""One call of the control API and its reply, as values; and how an operation is described, which makes several."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar

from pactmock.client.error import read_error
from pactmock.errors import PactmockError, UnexpectedAnswer
from pactmock.pact.value import value

T = TypeVar("T")
JSON = "application/json"


@value
class Call:
    """What is to be sent. `path` is its steps, not escaped; what is None is left out of `query`.

    `bearer` is shown in place of the client's token; `last_event` is the id of the event to go on behind; `seconds` is
    how long the service may take besides answering.
    """

    method: str
    path: tuple[str, ...] = ()
    query: Mapping[str, object] | None = None
    body: bytes | None = None
    content_type: str = JSON
    bearer: str | None = None
    last_event: str | None = None
    seconds: float = 0.0

    @classmethod
    def with_json(cls, method: str, *path: str, document: object, **options: Any) -> Call:
        """Make a call whose body is a document."""
        return cls(method, path, body=json.dumps(document).encode(), **options)


@value
class Reply:
    """What came back. `headers` are lines of a name and a value."""

    status: int
    content: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def values_of(self, name: str) -> list[str]:
        """Return the values of a header, each line on its own."""
        return [text for key, text in self.headers if key.lower() == name]

    @property
    def document(self) -> Any:
        """The JSON that came back.

        Raises:
            UnexpectedAnswer: when it is none.
        """
        try:
            return json.loads(self.content)
        except ValueError:
            raise self.unexpected() from None

    def member(self, name: str) -> Any:
        """Return a member of the document that came back.

        Raises:
            UnexpectedAnswer: when there is none.
        """
        document = self.document
        if not isinstance(document, dict) or name not in document:
            raise self.unexpected()
        return document[name]

    def unexpected(self) -> UnexpectedAnswer:
        """Make the error of an answer that no service of ours gives."""
        shown = self.content[:200].decode(errors="replace")
        return UnexpectedAnswer(
            f"What answered is no pactmock service that this client knows: status {self.status}, {shown!r}; look at"
            " the URL, and at what stands between",
            answered=self.status,
        )

    def checked(self, *expected: int) -> Reply:
        """Return the reply itself if its status is one of those that are expected, by default any of success.

        Raises:
            PactmockError: that which the service answered.
        """
        if self.status in expected or (not expected and 200 <= self.status < 300):
            return self
        raise self.error()

    def error(self) -> PactmockError:
        """Return the error that the service answered."""
        is_ours = isinstance(self.member("error"), str) and isinstance(self.member("code"), str)
        return read_error(self.document, self.status) if is_ours else self.unexpected()


Steps: TypeAlias = Generator[Call, Reply, T]
"""An operation, described: it yields calls, is sent the reply to each, and returns what was asked for."""


def made(call: Call, *expected: int) -> Steps[Reply]:
    """Make one call as a step of an operation; `expected` are the statuses that are no error.

    Raises:
        PactmockError: that which the service answered.
    """
    reply = yield call
    return reply.checked(*expected)
