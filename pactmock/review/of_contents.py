"""The kinds of warnings that only an interaction with headers or a body, or a message, can deserve."""

from __future__ import annotations

from pactmock.review.contents.body_types import contradicted_types, untyped_bodies
from pactmock.review.contents.charsets import other_charsets
from pactmock.review.contents.codings import compressed_bodies
from pactmock.review.contents.forms import json_forms
from pactmock.review.contents.graphql import quoted_queries
from pactmock.review.contents.header_values import unsplit_values
from pactmock.review.contents.json_texts import lists_in_texts
from pactmock.review.contents.matchers import matchers_in_bodies
from pactmock.review.contents.multipart import repeated_parts
from pactmock.review.contents.null_bodies import null_bodies
from pactmock.review.contents.unsent_bodies import unsent_bodies
from pactmock.review.subject import Inspection

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
