"""Warnings about queries of GraphQL, which the provider's verification takes for JSON.

See reference/matching.md §11 row 69, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.body import is_json
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Payload, Subject, payload_of


def quoted_queries(subject: Subject) -> Iterator[PactWarning]:
    """Yield the queries that are verified in quotes, as a JSON string. V4 has a form for those of requests."""
    for sent in map(payload_of, () if subject.version.typed_interactions else subject.asked):
        if _is_query(sent):
            text = (
                "The provider's verification sends this query in quotes, as a JSON string: have the pact written in V4,"
                " where it stands so that it is sent as it is"
            )
            yield PactWarning(text, "graphql_in_quotes", sent.place)
    for sent in map(payload_of, subject.answered):
        if _is_query(sent):
            text = (
                "The provider's verification reads what is answered under application/graphql as JSON, and this is"
                " none: expect text/plain"
            )
            yield PactWarning(text, "graphql_answered", sent.place)


def _is_query(sent: Payload) -> bool:
    return sent.content_type.is_graphql and sent.body.is_present and not is_json(sent.body.content, sent.content_type)
