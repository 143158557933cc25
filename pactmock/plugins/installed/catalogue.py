"""The catalogue: what the core and the loaded plugins can do, looked up by content type or by key.

It does not change: with one more plugin there is a new one. Where several entries fit, those of plugins come before
those of the core, then the names of plugin and entry decide, so that the answer never depends on the order of loading
(the reference's does; reference/plugins.md §4.3).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator

from pactmock.errors import PluginError
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value
from pactmock.plugins.installed import versions
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import CatalogueEntry, EntryKind

logger = logging.getLogger("pactmock.plugins")

CORE = "core"
"""The name that the core has among the owners of entries."""


@value
class Registered:
    """An entry, and who it belongs to."""

    owner: Plugin
    entry: CatalogueEntry

    @property
    def full_key(self) -> str:
        """The key with its owner: `core/matcher/regex`, `plugin/csv/content-matcher/csv`."""
        owner = CORE if self.owner.name == CORE else f"plugin/{self.owner.name}"
        return f"{owner}/{self.entry.kind.value}/{self.entry.key}"

    def answers_to(self, key: str) -> bool:
        """Tell whether a key is the full key, or the last of its steps."""
        return f"/{self.full_key}".endswith(f"/{key}")

    def takes(self, content_type: ContentType) -> bool:
        """Tell whether one of the patterns in `content-types` fits the whole type, without its parameters (§4.3)."""
        text = f"{content_type.main}/{content_type.sub}" + (f"+{content_type.suffix}" if content_type.suffix else "")
        patterns = self.entry.values.get("content-types", "").split(";")
        return any(_fits(pattern.strip(), text, self) for pattern in patterns)


def _fits(pattern: str, text: str, registered: Registered) -> bool:
    try:
        return bool(pattern) and re.fullmatch(pattern, text) is not None
    except re.error as error:
        logger.warning("%s has a content type that is no pattern: '%s' (%s)", registered.full_key, pattern, error)
        return False


class Catalogue:
    """All entries, in the order in which they are asked."""

    def __init__(self, owners: Iterable[Plugin]) -> None:
        found = [Registered(owner, entry) for owner in owners for entry in owner.catalogue()]
        newest_first = sorted(found, key=lambda item: versions.parse(item.owner.version), reverse=True)
        self._entries = tuple(sorted(newest_first, key=lambda item: (item.owner.name == CORE, item.full_key)))

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._entries)

    @property
    def entries(self) -> tuple[CatalogueEntry, ...]:
        """The entries as plugins are told of them, without their owners (§4.6)."""
        return tuple(item.entry for item in self._entries)

    @property
    def core_capabilities(self) -> tuple[str, ...]:
        """What the core can do, as plugins of interface V2 are told it: `<kind>/<key>` (§2.4)."""
        return tuple(f"{item.entry.kind.value}/{item.entry.key}" for item in self._entries if item.owner.name == CORE)

    def owner_of(self, kind: EntryKind, content_type: ContentType, among: Collection[Plugin]) -> Plugin | None:
        """Return the plugin, among some, that does something with a content type."""
        return next((item.owner for item in self._of(kind, among) if item.takes(content_type)), None)

    def find(self, kind: EntryKind, key: str, among: Collection[Plugin]) -> Registered | None:
        """Return the entry of a bare key, among those of some plugins."""
        return next((item for item in self._of(kind, among) if item.entry.key == key), None)

    def _of(self, kind: EntryKind, owners: Collection[Plugin]) -> Iterator[Registered]:
        return (item for item in self._entries if item.entry.kind is kind and item.owner in owners)

    def resolve(self, key: str, kind: EntryKind) -> Registered:
        """Return the one entry that answers to a key, for a plugin that calls back (§4.4).

        Raises:
            PluginError: when there is none of this kind, or more than one.
        """
        answering = [item for item in self._entries if item.answers_to(key)]
        found = [item for item in answering if item.entry.kind is kind]
        if not answering:
            raise PluginError(f"No catalogue entry found for key '{key}'")
        if not found:
            raise PluginError(f"Catalogue entry '{key}' is a {answering[0].entry.kind.value}, not a {kind.value}")
        keys = dict.fromkeys(item.full_key for item in found)  # two versions of one plugin have the same
        if len(keys) > 1:
            raise PluginError(
                f"Ambiguous catalogue entry key '{key}': matches multiple entries ({', '.join(keys)}); use one of them"
            )
        return found[0]
