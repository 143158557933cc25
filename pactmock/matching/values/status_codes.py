"""The classes of status codes that a `statusCode` rule can ask for (reference/matching.md §3.8)."""

from __future__ import annotations

from pactmock.pact.matching_rules import StatusCode

_CLASSES: dict[str, tuple[range, str]] = {
    "info": (range(100, 200), "Informational response (100–199)"),  # noqa: RUF001  the reference's own dash
    "success": (range(200, 300), "Successful response (200–299)"),  # noqa: RUF001
    "redirect": (range(300, 400), "Redirect (300–399)"),  # noqa: RUF001
    "clientError": (range(400, 500), "Client error (400–499)"),  # noqa: RUF001
    "serverError": (range(500, 600), "Server error (500–599)"),  # noqa: RUF001
    "nonError": (range(400), "Non-error response (< 400)"),
    "error": (range(400, 2**16), "Error response (>= 400)"),
}


def status_code_problem(rule: StatusCode, code: int) -> str | None:
    """Return None when the code is one that the rule allows, else the text of the mismatch."""
    if isinstance(rule.status, str):
        allowed, name = _CLASSES[rule.status]
        fits = code in allowed
    else:
        fits = code in rule.status
        name = ", ".join(map(str, rule.status))
    return None if fits else f"Expected status code {code} to be a {name}"
