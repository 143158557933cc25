"""The pact file of a pair, and how what was used gets into it (reference/ruby-api.md §8).

Files are locked and replaced as those of all other mock servers are (`pact/directory/store.py`). What is in a file and
is not said anew stays as it is, where the Ruby service writes all of it again and loses rules that it does not know.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from pactmock.errors import PactmockError
from pactmock.pact.directory import store
from pactmock.pact.directory.file_names import file_name
from pactmock.pact.json.values import Json, in_order
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.json_text import read_json
from pactmock.ruby_api.reading import read_interaction
from pactmock.ruby_api.session import Conflicting
from pactmock.ruby_api.tree.equality import same
from pactmock.ruby_api.versions import V1, Version, named
from pactmock.ruby_api.writing import interaction_document, pact_document

logger = logging.getLogger("pactmock.ruby_api")

OVERWRITE, UPDATE, MERGE, NONE = "overwrite", "update", "merge", "none"

_SPACE = re.compile(r"\s")


@value
class Writing:
    """What is to be written where: names as objects, the mode, the version; `directory` None writes no file.

    A file that is `durable` outlives a power cut.
    """

    consumer: Json
    provider: Json
    version: Version
    mode: str = OVERWRITE
    directory: Path | None = None
    durable: bool = False

    @property
    def path(self) -> Path:
        """The file of the pair: names in lower case, blanks as `_`, and nothing that leads out of the directory."""
        consumer, provider = (_SPACE.sub("_", str(each["name"]).lower()) for each in (self.consumer, self.provider))
        return (self.directory or Path()) / file_name(Pact(consumer, provider, ()))

    def document(self, interactions: Sequence[Json]) -> dict[str, Json]:
        return pact_document(self.consumer, self.provider, interactions, self.version)


def write(used: Sequence[Interaction], writing: Writing) -> dict[str, Json]:
    """Write a pact and return it whole, after merging. Where nothing was used, or with mode `none`, no file changes.

    Raises:
        RubyError: when the file says something else of an interaction, and the mode is `merge`.
        WriteFailed: when it cannot be written.
    """
    document = writing.document([interaction_document(item, writing.version) for item in used])
    if not used or writing.mode == NONE or writing.directory is None:
        return document
    merge = _MERGES.get(writing.mode)
    written = document

    def change(before: bytes | None) -> bytes:
        nonlocal written
        if merge is not None and before is not None:
            written = writing.document(merge(_Existing.read(before, writing), document["interactions"]))
        return in_order(written, pretty=True)

    store.rewrite(writing.path, change, durable=writing.durable)
    return written


@value
class _Existing:
    """What a file holds: its interactions as they are written, and as they are meant."""

    documents: tuple[Json, ...]
    interactions: tuple[Interaction, ...]
    version: Version

    @classmethod
    def read(cls, content: bytes, writing: Writing) -> _Existing:
        """Read a file; of one that cannot be read, nothing is kept, and the log says so."""
        try:
            document = read_json(content, str(writing.path))
            version = named(_version_of(document))
            documents = document["interactions"]
            interactions = tuple(read_interaction(item, version) for item in documents)
        except (PactmockError, LookupError, TypeError, AttributeError) as error:
            logger.warning("%s cannot be read and is replaced: %s", writing.path, error)
            return cls((), (), writing.version)
        if version.digit != writing.version.digit:
            documents = [interaction_document(item, writing.version) for item in interactions]
        return cls(tuple(documents), interactions, writing.version)


def _version_of(document: dict[str, Json]) -> str:
    """Return the version that a file says it has; those that say none are older than that they did."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return V1.number
    said = metadata.get("pactSpecification")
    version = said.get("version") if isinstance(said, dict) else metadata.get("pactSpecificationVersion")
    return version if isinstance(version, str) else V1.number


def _update(existing: _Existing, new: Sequence[Json]) -> list[Json]:
    """Put what is new in place of what has its description and state, else behind all."""
    return _merged(existing, new, lambda _old, _new: None)


def _merge(existing: _Existing, new: Sequence[Json]) -> list[Json]:
    """Do the same, but refuse what is not equal to what it replaces.

    Raises:
        Conflicting: naming the first such interaction.
    """
    return _merged(existing, new, _refuse)


def _refuse(old: Interaction, new: Interaction) -> None:
    parts = list(old.differing_parts(new))
    if parts:
        raise Conflicting(new, parts)


def _merged(existing: _Existing, new: Sequence[Json], look: Callable[[Interaction, Interaction], None]) -> list[Json]:
    merged = list(existing.documents)
    places: dict[tuple[str, str], int] = {}
    for place, old in enumerate(existing.interactions):
        places.setdefault(old.name, place)
    for document in new:
        interaction = read_interaction(document, existing.version)  # as the others were: out of a file
        found = places.get(interaction.name)
        if found is None:
            merged.append(document)
        elif not same(merged[found], document):
            look(existing.interactions[found], interaction)
            merged[found] = document
    return merged


_MERGES = {UPDATE: _update, MERGE: _merge}
