"""Advice on where a request went: its method, its path and its query."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from pactmock.matching.expectation import Expectation
from pactmock.matching.parts import path as paths
from pactmock.matching.result import RequestResult
from pactmock.pact.model import Request


def query_in_the_path(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a `?` that was encoded."""
    if not result.path:
        return None
    path, mark, _ = unquote(request.path).partition("?")
    if mark and path == unquote(expectation.request.path):
        return "The query was sent as part of the path: the `?` must not be encoded."
    return None


def slash_at_the_end(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a slash too many or too few, where the path is a pattern too."""
    if not result.path:
        return None
    bare = request.path.rstrip("/")
    meant = _first_that_fits(request, expectation, bare or "/", f"{bare}/")
    return None if meant is None else f"The paths differ only in the slash at the end: send {meant}."


def spelling_of_the_path(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a path in other cases, or with other characters encoded."""
    if not result.path:
        return None
    expected, actual = expectation.request.path, request.path
    same_letters = [expected] if expected.lower() == actual.lower() else []
    meant = _first_that_fits(request, expectation, *same_letters, actual.lower())
    if meant is not None:
        return f"The paths differ only in upper and lower case: send {meant}."
    if expectation.path_rules is None and unquote(expected) == unquote(actual):
        return f"The paths differ only in what is percent-encoded: send {paths.encoded(expected)}."
    return None


def _first_that_fits(request: Request, expectation: Expectation, *others: str) -> str | None:
    """Return the first of other paths that the expectation would take."""
    for other in others:
        if other != request.path and not expectation.match_path(replace(request, path=other)):
            return other
    return None


def pre_flight(request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise what a browser asks on its own before it sends a request to another origin."""
    if result.method is None or request.method.upper() != "OPTIONS":
        return None
    if "access-control-request-method" not in request.headers:
        return "The pact expects no OPTIONS request here: add one, or have the mock server answer them, with cors=true."
    return (
        "This is the pre-flight of a browser: have the mock server answer it, with cors=true when it is created, or"
        " --cors-preflight."
    )


def method(request: Request, expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise another method at the right path."""
    if result.method is None or result.path:
        return None
    return f"The path is the expected one: send it with {expectation.request.method} instead of {request.method}."


def spelling_of_a_parameter(_request: Request, _expectation: Expectation, result: RequestResult) -> str | None:
    """Recognise a parameter in other cases, or with brackets."""
    found = [(name, item.mismatch, item.actual) for name, items in result.query.items() for item in items]
    received = (name for name, text, _ in found if text.startswith("Unexpected query parameter"))
    by_spelling = {name.lower(): name for name in received}
    for name in sorted({name for name, text, actual in found if text.endswith("but was missing") and not actual}):
        other = by_spelling.get(name.lower(), by_spelling.get(f"{name.lower()}[]"))
        if other is not None:
            return f"The query parameter was sent as `{other}`: it is expected as `{name}`."
    return None
