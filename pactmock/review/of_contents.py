"""The kinds of warnings that only an interaction with headers or a body, or a message, can deserve."""

from __future__ import annotations

from pactmock.review.body_types import contradicted_types, untyped_bodies
from pactmock.review.charsets import other_charsets
from pactmock.review.codings import compressed_bodies
from pactmock.review.forms import json_forms
from pactmock.review.graphql import quoted_queries
from pactmock.review.header_values import unsplit_values
from pactmock.review.json_texts import lists_in_texts
from pactmock.review.matchers import matchers_in_bodies
from pactmock.review.multipart import repeated_parts
from pactmock.review.null_bodies import null_bodies
from pactmock.review.subject import Inspection
from pactmock.review.unsent_bodies import unsent_bodies

OF_CONTENTS: tuple[Inspection, ...] = (
    unsplit_values,
    contradicted_types,
    untyped_bodies,
    unsent_bodies,
    json_forms,
    quoted_queries,
    other_charsets,
    compressed_bodies,
    repeated_parts,
    null_bodies,
    lists_in_texts,
    matchers_in_bodies,
)
