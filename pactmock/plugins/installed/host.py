"""The plugins of one process: loaded once for all pacts that name them, and ended with it.

A plugin that was loaded stays: starting one takes from milliseconds to seconds, and the next test wants it again. The
reference ends it with the last pact that uses it (reference/plugins.md §2.5).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pactmock.durations import Durations
from pactmock.errors import PactmockError, PluginError
from pactmock.plugins.installed import versions
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.installed.core import Core
from pactmock.plugins.installed.discovery import Installed, choose
from pactmock.plugins.manifest import Manifest
from pactmock.plugins.process.in_process import InProcess
from pactmock.plugins.process.running import RunningPlugin
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.settings import PluginSettings

if TYPE_CHECKING:
    from pactmock.plugins.installed.callbacks import CallbackServer

logger = logging.getLogger("pactmock.plugins")


class PluginHost:
    """Loads plugins and keeps them. All methods block, and may be called from any thread."""

    def __init__(self, settings: PluginSettings | None = None, plugins: Iterable[Plugin] = ()) -> None:
        """Make a host that runs nothing yet but `plugins`, which come before those that are installed."""
        self.settings = settings or PluginSettings()
        self._lock = threading.Lock()
        self._given = tuple(_given(plugin, self.settings) for plugin in plugins)
        self._is_closed = False
        self._times: dict[str, Durations] | None = None
        self._loaded: dict[tuple[str, str], RunningPlugin] = {(item.name, item.version): item for item in self._given}
        self._core = Core()
        self._callbacks: CallbackServer | None = None
        self._catalogue: Catalogue | None = None
        self._catalogue_lock = threading.Lock()

    @property
    def catalogue(self) -> Catalogue:
        """What the core and the loaded plugins can do; made when it is asked for, as most hosts never load a plugin."""
        with self._catalogue_lock:
            if self._catalogue is None:
                self._catalogue = Catalogue((self._core, *self._loaded.values()))
            return self._catalogue

    def _forget_catalogue(self) -> None:
        with self._catalogue_lock:  # not the lock of loading: a plugin that starts may call back, and be looked up
            self._catalogue = None

    @property
    def plugins(self) -> tuple[RunningPlugin, ...]:
        """The plugins that are loaded."""
        return tuple(self._loaded.values())

    def load(self, name: str, version: str | None = None) -> Plugin:
        """Return a plugin, started if it is not yet running.

        Raises:
            NoSuchPlugin: when none of this name and version is installed.
            PluginError: when it cannot be started.
        """
        for given in self._given:
            if given.name == name and versions.satisfies(given.version, version):
                return given
        chosen = choose(name, version, self.settings.directory)
        running = self._loaded.get((chosen.name, chosen.version))  # nobody waits here for another plugin to start
        if running is not None:
            return running
        with self._lock:
            return self._loaded.get((chosen.name, chosen.version)) or self._load(chosen)

    def _load(self, chosen: Installed) -> RunningPlugin:
        plugin = self.start(chosen.source)
        if self._is_closed:  # meanwhile, and did not wait for this one
            _close(plugin)
            raise PluginError(f"The plugin {plugin} is not needed any more: the service ends", plugin=plugin.name)
        self._loaded[chosen.name, chosen.version] = plugin
        self._time(plugin)
        self._forget_catalogue()
        threading.Thread(target=self._tell_all, name="plugin catalogue", daemon=True).start()
        return plugin

    def start(self, source: Manifest | type[Plugin]) -> RunningPlugin:
        """Start a plugin without keeping it: whoever asked closes it.

        Raises:
            PluginError: when it cannot be started.
        """
        if not isinstance(source, Manifest):
            return InProcess(source, f"{source.__module__}:{source.__qualname__}", self.settings)
        from pactmock.plugins.process.grpc_plugin import (  # late: gRPC is large, few services need it
            GrpcPlugin,
            Surroundings,
        )

        surroundings = Surroundings(self.catalogue.core_capabilities, self._callback_address)
        return GrpcPlugin(source, self.settings, surroundings)

    def _callback_address(self) -> str | None:
        """Return where plugins can call back; the server for that starts with the first plugin that is a process."""
        from pactmock.plugins.installed.callbacks import CallbackServer

        if self._callbacks is None:
            self._callbacks = CallbackServer(lambda: self.catalogue)
        return self._callbacks.address

    def _tell_all(self) -> None:
        entries = self.catalogue.entries
        for plugin in self.plugins:
            try:
                plugin.update_catalogue(entries)
            except PluginError as error:
                logger.warning("the plugin %s did not take the catalogue: %s", plugin, error)

    def time_calls(self) -> None:
        """Measure from now on how long calls take."""
        self._times = self._times or {}
        for plugin in self.plugins:
            self._time(plugin)

    def _time(self, plugin: RunningPlugin) -> None:
        if self._times is not None:
            plugin.times = self._times.setdefault(plugin.name, Durations(*_BOUNDS))

    @property
    def times(self) -> Mapping[str, Durations]:
        """How long calls took, by the name of the plugin, since that is measured."""
        return dict(self._times or {})

    @property
    def are_up(self) -> Mapping[str, bool]:
        """Whether each plugin that is loaded can be asked, by its name; of several versions, all of them."""
        found: dict[str, bool] = {}
        for plugin in self.plugins:
            found[plugin.name] = plugin.is_up and found.get(plugin.name, True)
        return found

    def close(self) -> None:
        """End all plugins, at the same time, and wait for that a moment.

        One that is just starting is not waited for: it ends when it has started, or with this process.
        """
        self._is_closed = True
        has_lock = self._lock.acquire(timeout=_LOCK_SECONDS)
        try:
            closing = [thread for plugin in self.plugins if (thread := _closing(plugin))]
            until = time.monotonic() + _CLOSE_SECONDS
            for thread in closing:
                thread.join(max(0.0, until - time.monotonic()))
            self._loaded.clear()
            self._forget_catalogue()
            if self._callbacks is not None:
                self._callbacks.close()
                self._callbacks = None
        finally:
            if has_lock:
                self._lock.release()

    def __repr__(self) -> str:
        return f"<PluginHost {', '.join(map(str, self.plugins)) or 'without plugins'}>"


_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LOCK_SECONDS = 0.2
_CLOSE_SECONDS = 2.0


def _given(plugin: Plugin, settings: PluginSettings) -> RunningPlugin:
    return InProcess(lambda: plugin, f"{type(plugin).__module__}:{type(plugin).__qualname__}", settings)


def _closing(plugin: Plugin) -> threading.Thread | None:
    """Begin to end a plugin; where no thread can begin, as this program ends (Python 3.12), it has ended then."""
    thread = threading.Thread(target=_close, args=(plugin,), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        _close(plugin)
        return None
    return thread


def _close(plugin: Plugin) -> None:
    try:
        plugin.close()
    except PactmockError as error:
        logger.warning("the plugin %s did not end in good order: %s", plugin, error.message)
