"""Warnings about queries of GraphQL, which the provider's verification takes for JSON.

See reference/matching.md §11 row 69, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.model import content_type_of
from pactmock.pact.parts.body import is_json
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Part, Payload, Subject, content_of, payload_of


def quoted_queries(subject: Subject) -> Iterator[PactWarning]:
    """Yield the queries that are verified in quotes, as a JSON string. V4 has a form for those of requests."""
    for part in () if subject.version.typed_interactions else subject.asked:
        sent = _query_of(part)
        if sent is not None:
            text = (
                "The provider's verification sends this query in quotes, as a JSON string: have the pact written in V4,"
                " where it stands so that it is sent as it is"
            )
            yield PactWarning(text, "graphql_in_quotes", sent.place)
    for part in subject.answered:
        sent = _query_of(part)
        if sent is not None:
            text = (
                "The provider's verification reads what is answered under application/graphql as JSON, and this is"
                " none: expect text/plain"
            )
            yield PactWarning(text, "graphql_answered", sent.place)


def _query_of(part: Part) -> Payload | None:
    if not content_of(part) or not content_type_of(part).is_graphql:
        return None
    sent = payload_of(part)
    return None if is_json(sent.body.content, sent.content_type) else sent
