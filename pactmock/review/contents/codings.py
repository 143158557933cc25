"""Warnings about bodies that are compressed, which the provider's verification neither sends nor takes so.

See reference/matching.md §11 row 71, F.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.codings.content_coding import are_known, codings_of, is_coded, library_for
from pactmock.pact.model import MessageContents, Response
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Subject, content_of


def compressed_bodies(subject: Subject) -> Iterator[PactWarning]:
    """Yield each `Content-Encoding`, but for that of a request whose body stands compressed in the pact.

    The verifier takes the header off what it decodes and then misses it, and sends it with a body that is not coded.
    """
    for part in subject.parts:
        codings = () if isinstance(part, MessageContents) else codings_of(part.headers)
        if not codings:
            continue
        is_sent_so = part in subject.asked and are_known(codings) and is_coded(content_of(part), codings)
        if not is_sent_so:
            name = ", ".join(codings)
            text = (
                f"The provider's verification does not code bodies as the Content-Encoding {name} says, and misses that"
                " header where it decoded one: leave it out"
            )
            library = library_for(codings)
            if library is not None and isinstance(part, Response):
                text += f". It is sent as it stands here, as the library {library} is not installed"
            yield PactWarning(text, "content_encoding", (*part.place, "headers"))
