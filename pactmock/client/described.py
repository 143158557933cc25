"""What a service says of a mock server, as a client takes it, and the report that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pactmock.client.call import Reply

if TYPE_CHECKING:
    from pactmock.client.documents import Server


def checked(document: Any, reply: Reply) -> Server:
    """Return the description of a mock server that is a part of a reply.

    Raises:
        UnexpectedAnswer: when it is none.
    """
    if not isinstance(document, dict) or not document.keys() >= _NEEDED:
        raise reply.unexpected()
    return cast("Server", document)


_NEEDED = frozenset({"id", "port", "url", "gatewayUrl", "warnings", "state", "notTested", "droppedMismatches"})
"""What is asked of a description here: a service that does not say it is an older one than this client."""


def report_of(title: str, mismatches: list[Any], about: Server, warnings: list[str]) -> str:
    """Make the text of `pactmock verify`."""
    from pactmock.reports import json, text  # late: most mock servers match

    found = map(json.read, mismatches)
    return "\n".join(text.report(title, found, warnings, about["notTested"], about["droppedMismatches"]))
