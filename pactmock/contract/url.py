"""The address of a mock server: a text, as any HTTP client takes it, that can be taken apart and extended.

pact-python 3 has yarl's URL there and pact-python 4 a text, so this is a text with what tests use of yarl's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yarl


class URL(str):
    """A URL. Its parts are read when somebody asks for them."""

    __slots__ = ()

    @property
    def _parts(self) -> yarl.URL:
        import yarl

        return yarl.URL(str.__str__(self))

    @property
    def scheme(self) -> str:
        return self._parts.scheme

    @property
    def host(self) -> str | None:
        return self._parts.host

    @property
    def port(self) -> int | None:
        return self._parts.port

    @property
    def path(self) -> str:
        """The path with its escapes decoded; `/` where there is none."""
        return self._parts.path

    @property
    def path_qs(self) -> str:
        """Path and query, as a request line has them."""
        return self._parts.raw_path_qs

    @property
    def query(self) -> Any:
        """The query parameters: a multi-dict."""
        return self._parts.query

    @property
    def query_string(self) -> str:
        return self._parts.query_string

    def __truediv__(self, name: str) -> URL:
        """Add a segment to the path, escaped; a query is dropped.

        Raises:
            ValueError: when it starts with a slash.
            TypeError: when it is no text.
        """
        if not isinstance(name, str):
            return NotImplemented
        return URL(str(self._parts / name))

    def joinpath(self, *names: str) -> URL:
        """Add segments to the path."""
        return URL(str(self._parts.joinpath(*names)))

    def with_path(self, path: str) -> URL:
        """Return this address with another path, without a query."""
        return URL(str(self._parts.with_path(path)))

    def with_query(self, *args: Any, **kwargs: Any) -> URL:
        """Return this address with other query parameters: a mapping, pairs, a text or keywords, as yarl takes them."""
        return URL(str(self._parts.with_query(*args, **kwargs)))

    def origin(self) -> URL:
        """Return scheme, host and port."""
        return URL(str(self._parts.origin()))

    def human_repr(self) -> str:
        """Return the address as a person reads it, with as few escapes as possible."""
        return self._parts.human_repr()

    def __repr__(self) -> str:
        return f"URL({str.__repr__(self)})"
