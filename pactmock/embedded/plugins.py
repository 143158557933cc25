"""The plugins of a mock server inside a program: what runs them is made when there are some, and ended with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pactmock.pact.model import Pact
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.server.present_pact import PluginsOfPact

if TYPE_CHECKING:
    from pactmock.plugins import Plugin
    from pactmock.plugins.installed.host import PluginHost


class EmbeddedPlugins:
    """Plugins in Python that were given, besides those that are installed; a `host` that is given is not ended."""

    def __init__(self, given: Iterable[Plugin], host: PluginHost | None) -> None:
        self._given = tuple(given)
        self._host = host
        self._end: Callable[[], object] | None = None
        """What ends the plugins, where they are this server's own."""

    @property
    def have_to_end(self) -> bool:
        """Whether some run that nobody else ends."""
        return self._end is not None

    def host(self) -> PluginHost:
        """Return what runs plugins, made when there are some."""
        if self._host is None:
            from pactmock.plugins.installed.host import PluginHost

            self._host = PluginHost(plugins=self._given)
            # Who never enters the block, or who adds plugins after it, leaves none behind either.
            self._end = weakref.finalize(self, self._host.close)
        return self._host

    def close(self) -> None:
        """End the plugins that are this server's own."""
        if self._end is not None:
            self._end()
            self._host = self._end = None

    def bind_for(self, pact: Pact) -> Bind:
        """Return what binds a pact to its plugins, where it has some."""
        if not self._given and not pact.metadata.get("plugins"):
            return BoundPact
        from pactmock.plugins.binding.pact_plugins import plugins_for

        return plugins_for(pact, self.host())

    def with_more(self, pact: Pact, added: Pact) -> PluginsOfPact | None:
        """Return the plugins of a pact with those of more interactions, None where nothing changes."""
        from pactmock.pact.merging.plugin_data import with_plugins_of

        more = with_plugins_of(pact, added)
        return None if more is None else PluginsOfPact(more.metadata["plugins"], self.bind_for(more))
