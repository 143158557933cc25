"""Warnings about paths that no client sends, or that the provider's verification sends otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pactmock.errors import Steps
from pactmock.pact.model import Request
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject


def unsent_paths(subject: Subject) -> Iterator[PactWarning]:
    """Yield what is wrong with the path of a request: no slash in front, a query or `#` in it, steps undone."""
    for part in subject.asked:
        if isinstance(part, Request) and (not part.path or _ODD.search(part.path)):
            yield from _warnings(part, (*part.place, "path"))


_ODD = re.compile(r"\A(?!/)|\A//|[?#\\\t\r\n]|/(\.|%2[eE]){1,2}(/|\Z)")


def _warnings(request: Request, place: Steps) -> Iterator[PactWarning]:
    no_request = "" if request.matching_rules.get("path") else ", so no request can meet it"
    if not request.path:
        yield PactWarning(
            f"The path is empty, as that of a request never is{no_request}: write '/'", "empty_path", place
        )
        return
    path, mark, _ = request.path.partition("#")
    if mark:
        advice = "leave it out, or write %23 where it is part of a name"
        text = f"Nobody sends what stands behind the '#' of this path{no_request}: {advice}"
        yield PactWarning(text, "fragment_in_path", place)
    path, mark, _ = path.partition("?")
    if mark:
        text = "This path holds a query, which is played as one: write it under 'query'"
        yield PactWarning(text, "query_in_path", place)
    if not path.startswith("/"):
        path = f"/{path}"
        text = f"This path does not start with a slash, and is played as '{path[:200]}': write it so"
        yield PactWarning(text, "path_without_slash", place)
    sent = _as_verified(path)
    if sent != path:
        text = f"The provider's verification sends '{sent[:200]}' for this path, as many clients do: write that"
        yield PactWarning(text, "path_rewritten", place)


def _as_verified(path: str) -> str:
    """Return what the verifier makes of a path: what all who read URLs as browsers do make of it."""
    steps: list[str] = []
    first, *rest = _UNSEEN.sub("", path).replace("\\", "/").lstrip("/").split("/")
    for step in (first, *rest):
        dots = step.replace("%2e", ".").replace("%2E", ".")
        if dots == "..":
            del steps[-1:]
        elif dots != ".":
            steps.append(step)
    if dots in {".", ".."} and steps:
        steps.append("")
    return "/" + "/".join(steps)


_UNSEEN = re.compile("[\t\r\n]")
