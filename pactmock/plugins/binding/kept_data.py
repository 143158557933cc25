"""What plugins want kept in a pact: where it stands, and how more of it is added (reference/plugins.md §5.5).

"metadata": {"plugins": [{"name": "csv", "version": "0.0.6", "configuration": {…}}]}
"interactions": [{"pluginConfiguration": {"csv": {"response": {"csvHeaders": false}}}}]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pactmock.errors import InvalidPact, below
from pactmock.pact.json.values import Json, compact
from pactmock.pact.model import HttpInteraction, Interaction, Pact
from pactmock.pact.value import value
from pactmock.plugins.protocol.values import PluginData, Side


@value
class NamedPlugin:
    """A plugin that a pact names, and what it keeps for the whole pact."""

    name: str
    version: str | None = None
    configuration: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Json) -> NamedPlugin:
        """Read an entry of `metadata.plugins`.

        Raises:
            InvalidPact: when it has no name.
        """
        name = value.get("name") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(name, str) or not name:
            raise InvalidPact(f"A plugin is an object with a 'name', this is {compact(value)[:100]}")
        version, configuration = value.get("version"), value.get("configuration")
        return cls(
            name,
            version if isinstance(version, str) and version else None,
            configuration if isinstance(configuration, dict) else {},
        )

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "version": self.version or "", "configuration": dict(self.configuration)}


def plugins_of(pact: Pact) -> tuple[NamedPlugin, ...]:
    """Return the plugins that a pact names.

    Raises:
        InvalidPact: when an entry has no name.
    """
    listed = pact.metadata.get("plugins")
    named = []
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        with below("metadata", "plugins", index):
            named.append(NamedPlugin.of(item))
    return tuple(named)


def data_of(named: NamedPlugin, interaction: Interaction, side: Side | None = None) -> PluginData:
    """Return what a plugin kept for an interaction; of an HTTP part, what stands under its name where that is there."""
    kept = interaction.plugin_configuration.get(named.name)
    kept = kept if isinstance(kept, dict) else {}
    if side is not None and isinstance(interaction, HttpInteraction):
        of_side = kept.get(side.value)
        kept = of_side if isinstance(of_side, dict) else kept
    return PluginData(kept, named.configuration)
