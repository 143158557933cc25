"""A pact that was written before, as it is read to be merged with: what is in it, or why that cannot be read."""

from __future__ import annotations

from pactmock.errors import NotJson, PactmockError
from pactmock.pact import reading, specification, writing
from pactmock.pact.json_value import Json, parse_document
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value


@value
class PactDocument:
    """A document with the pact in it; `problem` says why there is none, if it cannot be read."""

    document: dict[str, Json]
    pact: Pact | None = None
    problem: str | None = None

    @classmethod
    def read(cls, content: bytes) -> PactDocument:
        """Read what was written, whoever did that."""
        try:
            document = parse_document(content)
            return cls(document, reading.read_written(document))
        except (NotJson, PactmockError) as error:
            return cls({}, problem=error.message)

    @property
    def interactions(self) -> list[Json]:
        """The interactions as the document has them, in the order of those of the pact."""
        is_typed = self.pact is not None and specification.named(self.pact.specification).typed_interactions
        name = "messages" if not is_typed and "messages" in self.document else "interactions"
        listed = self.document.get(name)
        return listed if isinstance(listed, list) else []

    def is_of(self, pact: Pact) -> bool:
        """Tell whether it is of the same consumer and provider; one that cannot be read is nobody else's."""
        return self.pact is None or (self.pact.consumer, self.pact.provider) == (pact.consumer, pact.provider)


def in_version(content: bytes, version: Specification) -> bytes:
    """Write what was written in another version of the specification.

    Raises:
        NotJson, InvalidPact: when it cannot be read.
        WriteFailed: when the version cannot hold it.
    """
    return writing.to_bytes(reading.read_written(parse_document(content)), version)
