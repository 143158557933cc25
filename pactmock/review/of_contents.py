"""The kinds of warnings about headers, bodies and messages, each behind the sign without which it finds nothing."""

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
from pactmock.review.signs import Sign
from pactmock.review.subject import Inspection

OF_CONTENTS: tuple[tuple[Sign, Inspection], ...] = (
    (Sign.HEADER, unsplit_values),
    (Sign.TYPE, contradicted_types),
    (Sign.TYPE, untyped_bodies),
    (Sign.STATUS, unsent_bodies),
    (Sign.TYPE, json_forms),
    (Sign.TYPE, quoted_queries),
    (Sign.TYPE, other_charsets),
    (Sign.HEADER, compressed_bodies),
    (Sign.TYPE, repeated_parts),
    (Sign.CONTENT, null_bodies),
    (Sign.CONTENT, lists_in_texts),
    (Sign.CONTENT, matchers_in_bodies),
)
