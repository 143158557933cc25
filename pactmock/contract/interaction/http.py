"""HTTP interactions: a request, and the response to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from pactmock.contract.interaction.base import Interaction, Part
from pactmock.contract.interaction.draft import Draft, path_of
from pactmock.contract.match.matcher import AbstractMatcher
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from pactmock.contract.pact import Pact

Fields: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]
"""Names with values: a mapping, or pairs, where a name can be there several times."""


class HttpInteraction(Interaction):
    """A request and the response to it. What is said before `will_respond_with` is about the request."""

    type = "Synchronous/HTTP"

    def __init__(self, pact: Pact, description: str) -> None:
        super().__init__(pact, description)
        self._method = "GET"
        self._path: Json = "/"
        self._status = 200
        self._request = Draft()
        self._response = Draft()
        self._current = self._request

    def _part(self, part: Part | None) -> Draft:
        return self._current if part is None else self._request if part == "Request" else self._response

    def _parts(self) -> dict[str, Json]:
        return {
            "request": {"method": self._method, "path": self._path, **self._request.to_json()},
            "response": {"status": self._status, **self._response.to_json()},
        }

    def with_request(self, method: str, path: str | AbstractMatcher[Any]) -> Self:
        """Set the method and the path, percent-encoded as on the wire; the path can be a matcher.

        Raises:
            TypeError, ValueError: for a path or a method that is none.
        """
        self._check_open()
        if not isinstance(method, str):
            raise TypeError(f"A method is a text, not {method!r}")
        self._method, self._path = method.upper(), path_of(path)
        return self

    def will_respond_with(self, status: int) -> Self:
        """Set the status of the response, from 200 to 999; what follows is about the response.

        Raises:
            TypeError, ValueError: for what is no such number.
        """
        self._check_open()
        if not isinstance(status, int) or isinstance(status, bool):
            raise TypeError(f"A status is a number, not {status!r}")
        if not 200 <= status <= 999:
            raise ValueError(f"{status} is not a status of a response: use a number from 200 to 999")
        self._status = status
        self._current = self._response
        return self

    def with_header(self, name: str, value: Any, part: Part | None = None) -> Self:
        """Add a value to a header: a text or a matcher. Of some, as Accept, a text is split at commas, as HTTP says.

        Anything else is written as JSON.
        """
        self._change(part).add_header(name, value)
        return self

    def with_headers(self, headers: Fields, part: Part | None = None) -> Self:
        """Add headers, each as `with_header` does."""
        for name, value in _pairs(headers):
            self.with_header(name, value, part)
        return self

    def set_header(self, name: str, value: str, part: Part | None = None) -> Self:
        """Set a header to a text as it is, instead of what it had.

        Raises:
            TypeError: for what is no text.
        """
        self._change(part).set_header(name, value)
        return self

    def set_headers(self, headers: Fields, part: Part | None = None) -> Self:
        """Set headers, each as `set_header` does: of one that is there several times, the last counts."""
        for name, value in _pairs(headers):
            self.set_header(name, value, part)
        return self

    def with_multipart_file(
        self,
        part_name: str,
        path: Path | str | None,
        content_type: str | None = None,
        part: Part | None = None,
        boundary: str | None = None,
    ) -> Self:
        """Add a file to a multipart/form-data body, whose content can be any of its type.

        Without `content_type` it is that of the ending of its name. The boundary is the first one that was given; a
        client may send its own.

        Raises:
            OSError: when the file cannot be read.
        """
        from pactmock.contract.multipart import read_file

        draft = self._change(part)
        draft.add_file(read_file(part_name, Path(path), content_type) if path is not None else None, boundary)
        return self

    def with_query_parameter(self, name: str, value: Any) -> Self:
        """Add a value to a query parameter: a text or a matcher. Anything else, also a list, is written as JSON.

        For several values, call this several times, or use a matcher whose example is a list.
        """
        self._check_open()
        self._request.add_query(name, value)
        return self

    def with_query_parameters(self, parameters: Fields) -> Self:
        """Add query parameters, each as `with_query_parameter` does."""
        for name, value in _pairs(parameters):
            self.with_query_parameter(name, value)
        return self


def _pairs(fields: Fields) -> Iterable[tuple[str, Any]]:
    return fields.items() if isinstance(fields, Mapping) else fields
