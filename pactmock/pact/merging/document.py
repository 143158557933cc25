"""A pact that was written before, as it is read to be merged with: what is in it, or why that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pactmock.errors import NotJson, PactmockError
from pactmock.pact import specification
from pactmock.pact.documents import reading, writing
from pactmock.pact.json.values import Json, parse, parse_document, pretty_bytes
from pactmock.pact.merging.identities import Identities
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value


@value
class PactDocument:
    """A document with the pact in it; `problem` says why there is none, if it cannot be read."""

    document: dict[str, Json]
    pact: Pact | None = None
    problem: str | None = None
    identities: Identities | None = None
    """Those of its interactions, for whoever merges with it more than once."""

    @classmethod
    def read(cls, content: bytes) -> PactDocument:
        """Read what was written, whoever did that."""
        try:
            document = parse_document(content)
            pact = reading.read_written(document)
        except (NotJson, PactmockError) as error:
            return cls({}, problem=error.message)
        return cls(document, pact, identities=Identities(pact.interactions))

    def after(self, document: dict[str, Json], kept: Sequence[int | None]) -> PactDocument:
        """Read what is written in place of it, of which only that is read that is new.

        `kept` says of each interaction of the document where it is in this one, None where it is not. What comes of it
        is what reading all of it would give.
        """
        if self.pact is None or self.identities is None or not self._may_be_kept(document, kept):
            return PactDocument.read(pretty_bytes(document))
        written: list[Json] = document["interactions"]
        new = [item for item, position in zip(written, kept, strict=True) if position is None]
        try:
            rest: dict[str, Json] = parse(pretty_bytes({**document, "interactions": new}))
            pact = reading.read_written(rest)
        except (NotJson, PactmockError):
            return PactDocument.read(pretty_bytes(document))
        items, read = iter(rest["interactions"]), iter(pact.interactions)
        before, known = self.interactions, self.pact.interactions
        documents = [next(items) if place is None else before[place] for place in kept]
        interactions = tuple(next(read) if place is None else known[place] for place in kept)
        identities = self.identities.after(interactions, kept)
        return PactDocument(
            {**rest, "interactions": documents}, replace(pact, interactions=interactions), identities=identities
        )

    def _may_be_kept(self, document: dict[str, Json], kept: Sequence[int | None]) -> bool:
        """Tell whether interactions that stay are read as they were: in a list of their kind, in the same version."""
        before = self.interactions
        mine, theirs = (specification.detect(each.get("metadata")) for each in (self.document, document))
        return (
            mine.name == theirs.name
            and "messages" not in document
            and "messages" not in self.document
            # Without a description an interaction is called by its position, which may be another now.
            and all("description" in before[place] for place in kept if place is not None)
        )

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
