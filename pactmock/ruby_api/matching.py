"""Whether a request is one that is expected, by the rules of the Ruby service (reference/ruby-api.md §5).

First the route: method and path. Of the expectations that have it, each is compared in its headers, query and body.
There is no nearest one: what has another route is not looked at, and two that match are one too many.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pactmock.pact.value import value
from pactmock.ruby_api import forms, queries
from pactmock.ruby_api.differences import EXACT, Absent, Differences, Way, compare
from pactmock.ruby_api.interaction import UNSET, ExpectedRequest, Interaction
from pactmock.ruby_api.request import Received
from pactmock.ruby_api.tree.matchers import SomethingLike, Tree

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')


class RequestDifferences(NamedTuple):
    """What differs in the parts of a request; None for a part in which nothing does."""

    headers: Differences = None
    query: Differences = None
    body: Differences = None

    @property
    def parts(self) -> dict[str, Differences]:
        """The parts that differ, by their names."""
        return {name: found for name, found in self._asdict().items() if found is not None}


@value
class Candidate:
    """An interaction whose route a request has, and what else differs."""

    interaction: Interaction
    differences: RequestDifferences

    @property
    def is_match(self) -> bool:
        return not self.differences.parts


def has_route(expected: ExpectedRequest, request: Received) -> bool:
    """Tell whether a request has the method and the path of an expected one, to the letter of what was sent."""
    if expected.method != request.method:
        return False
    path = expected.path
    return path == request.path if isinstance(path, str) else compare(path, request.path) is None


def candidate(interaction: Interaction, request: Received) -> Candidate:
    """Compare a request with an interaction of its route.

    Raises:
        RubyException: when its body is no JSON, and should be.
        OutOfBudget: when that takes too long.
    """
    expected = interaction.request
    found = RequestDifferences(_headers(expected, request), _query(expected, request), _body(expected, request))
    return Candidate(interaction, found)


_OPEN = Way(is_open=True)


def _headers(expected: ExpectedRequest, request: Received) -> Differences:
    headers, way = expected.headers, _OPEN
    while isinstance(headers, SomethingLike):
        headers, way = headers.contents, way.through(headers)
    if not isinstance(headers, dict):
        return compare(headers, dict(request.headers), way)
    if not headers:
        return None
    received = request.by_lower_name
    found = {name: compare(item, received.get(name.lower(), Absent.KEY), way) for name, item in headers.items()}
    return {name: item for name, item in found.items() if item is not None} or None


def _query(expected: ExpectedRequest, request: Received) -> Differences:
    query = expected.query
    if query is UNSET:
        return None
    if not isinstance(query, dict):
        return compare(query, request.query)
    return compare(query, queries.received(request.query, query))


def _body(expected: ExpectedRequest, request: Received) -> Differences:
    body = expected.body
    if body is UNSET:
        return None
    content_type, way = expected.content_type, _OPEN if expected.is_open else EXACT
    if _FORM in content_type and body is not None:
        return _form(body, request, way)
    actual = request.body
    if _MULTIPART in content_type and isinstance(actual, str):
        # Libraries make a new boundary each time.
        wanted, used = _BOUNDARY.search(content_type), _BOUNDARY.search(request.content_type)
        actual = actual.replace(used[1], wanted[1]) if wanted and used else actual
    return compare(body, actual, way)


def _form(body: Tree, request: Received, way: Way) -> Differences:
    if not isinstance(body, str | dict):
        return compare(body, request.text, way)
    actual = request.body  # of another type than a form has, it may be JSON
    return compare(_as_form(body), _as_form(actual if isinstance(actual, str | dict) else request.text), way)


def _as_form(body: str | dict[str, Tree]) -> dict[str, Tree]:
    return dict(forms.of_text(body)) if isinstance(body, str) else forms.of_object(body)
