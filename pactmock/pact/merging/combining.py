"""A pact and what was written of its pair before, into what is to be written now: on values, wherever that is kept.

`pact/directory/store.py` does it with files. Who keeps pacts elsewhere holds a lock of his own meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pactmock.errors import Conflict, PactmockError, WriteFailed
from pactmock.pact import specification
from pactmock.pact.documents import writing
from pactmock.pact.json.values import Json, pretty_bytes
from pactmock.pact.merging.document import PactDocument
from pactmock.pact.merging.merge import Merge, Replacement, merge
from pactmock.pact.model import HttpInteraction, Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value


@value
class Written:
    """Where a pact went, how many interactions the file holds, and whether it was merged with one that was there."""

    path: Path
    interactions: int
    merged: bool
    replacements: tuple[Replacement, ...] = ()
    changed: int = 0
    """How many interactions the file did not have, or otherwise."""
    removed: int = 0
    """How many interactions of the file are in it no more."""


@value
class Ready:
    """A pact as it is written where nothing of its pair is."""

    pact: Pact
    document: dict[str, Json]
    content: bytes
    """The document as a file has it."""

    @classmethod
    def of(cls, pact: Pact, version: Specification | None = None) -> Ready:
        """Make a pact ready, in the version it came in unless another is given.

        Raises:
            WriteFailed: when the version cannot hold it.
        """
        target = version or specification.named(pact.specification)
        # What was played over HTTP names its transport, as with the reference's mock server.
        interactions = (
            replace(item, transport="http") if isinstance(item, HttpInteraction) else item for item in pact.interactions
        )
        ready = replace(pact, specification=target.name, interactions=tuple(interactions))
        document = writing.to_json(ready, target)
        return cls(ready, document, pretty_bytes(document))


@value
class Order:
    """A pact that is to be written, and what becomes of what was written of its pair before.

    It is merged with that unless `overwrite`, in the higher version of the two. With `refuse_replacements`, an
    interaction that says something else than it did is a conflict instead of being replaced.
    """

    ready: Ready
    overwrite: bool = False
    refuse_replacements: bool = False


@value
class Combined:
    """What is to be written, None where all of it is there already; and what is then to be said of it."""

    document: dict[str, Json] | None
    written: Written
    existing: PactDocument | None = None
    """What it was merged with; None where it was not."""
    kept: tuple[int | None, ...] = ()
    """As `Merge.kept` has it."""
    rendered: bytes | None = None

    @property
    def content(self) -> bytes | None:
        """The document as a file has it, which is rendered when somebody asks, unless it is already."""
        return self.rendered if self.rendered or self.document is None else pretty_bytes(self.document)

    def read(self) -> PactDocument | None:
        """Read what is to be written, for the next to be combined with; what stayed as it was is not read again."""
        if self.document is not None and self.existing is not None:
            return self.existing.after(self.document, self.kept)
        content = self.content
        return None if content is None else PactDocument.read(content)


def combine(order: Order, existing: PactDocument | None, path: Path) -> Combined:
    """Combine a pact with what was written of its pair, if anything; `path` is where that is, for what is said of it.

    Raises:
        WriteFailed: when what is there cannot be merged with.
        Conflict: for replacements that the order refuses, naming the interaction and the field; or when it is merged
            with one of another pair.
    """
    ready = order.ready
    if existing is None or order.overwrite:
        return Combined(ready.document, _written_anew(path, ready.pact, existing), rendered=ready.content)
    merged = _merge_with(ready.pact, existing, path)
    if order.refuse_replacements and merged.replacements:
        raise _conflict(path, merged.replacements)
    written = Written(path, len(merged.pact.interactions), True, merged.replacements, merged.kept.count(None))
    if not merged.says_more:
        return Combined(None, written)
    return Combined(_merged_document(merged, existing), written, existing, merged.kept)


def _written_anew(path: Path, pact: Pact, before: PactDocument | None) -> Written:
    count = len(pact.interactions)
    anew = Written(path, count, False, changed=count)
    if before is None or before.pact is None:
        return anew
    try:
        merged = merge(pact, before.pact)
    except PactmockError:  # what is overwritten need not be comparable
        return anew
    removed = len(merged.pact.interactions) - count
    return Written(path, count, False, changed=merged.kept.count(None), removed=removed)


def _merge_with(pact: Pact, existing: PactDocument, path: Path) -> Merge:
    if existing.pact is None:
        raise WriteFailed(
            f"Failed to parse Pact JSON of {path}, so it cannot be merged with: {existing.problem}; repair or delete"
            " the file, or write with overwrite",
            path=str(path),
        )
    return merge(pact, existing.pact, existing.identities)


def _merged_document(merged: Merge, existing: PactDocument) -> dict[str, Json]:
    """Write what a merge made; what stays as it is in the document is not written anew."""
    version = specification.named(merged.pact.specification)
    is_same_version = existing.pact is not None and existing.pact.specification == version.name
    before = existing.interactions
    interactions = [
        before[position] if position is not None and is_same_version else writing.write_interaction(item, version)
        for item, position in zip(merged.pact.interactions, merged.kept, strict=True)
    ]
    written = writing.with_interactions(merged.pact, version, interactions)
    return {**written, **{name: item for name, item in existing.document.items() if name not in _WRITTEN_ANEW}}


_WRITTEN_ANEW = frozenset({"interactions", "messages", "metadata"})


def _conflict(path: Path, replacements: tuple[Replacement, ...]) -> Conflict:
    first, *others = replacements
    more = f", and {len(others)} more" if others else ""
    return Conflict(
        f"Unable to merge pacts, as there were {len(replacements)} conflict(s) between the interactions: {first}{more}."
        " Please clean out your pact directory before running the tests.",
        path=str(path),
        conflicts=[item.to_json() for item in replacements],
    )
