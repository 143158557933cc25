"""Which plugins there are: manifests in the plugin directory, and Python plugins that packages bring along.

Nothing is ever downloaded. A plugin is chosen by its name and version among both sorts (reference/plugins.md §1.3).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pactmock.errors import NoSuchPlugin, PactmockError, PluginError
from pactmock.pact.value import value
from pactmock.plugins.installed import versions
from pactmock.plugins.manifest import FILE_NAME, Manifest, read_manifest
from pactmock.plugins.protocol.plugin import Plugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

logger = logging.getLogger("pactmock.plugins")

ENTRY_POINTS = "pactmock.plugins"
"""The group of entry points under which a package names its Python plugins: classes that can be called."""


@value
class Installed:
    """A plugin that can be loaded: a manifest for one that is a process, or a class for one in Python."""

    name: str
    version: str
    source: Manifest | type[Plugin]

    @property
    def place(self) -> str:
        """Where it comes from, for people."""
        if isinstance(self.source, Manifest):
            return str(self.source.directory)
        return f"{self.source.__module__}:{self.source.__qualname__}"

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


def installed_plugins(directory: Path) -> tuple[Installed, ...]:
    """Return all plugins, by name, the newest version first; of two equal ones that of the directory."""
    found = [*_of_directory(directory), *python_plugins()]
    newest_first = sorted(found, key=lambda item: versions.parse(item.version), reverse=True)
    return tuple(sorted(newest_first, key=lambda item: item.name))


def _of_directory(directory: Path) -> Iterable[Installed]:
    for path in sorted(directory.glob(f"*/{FILE_NAME}")):
        try:
            manifest = read_manifest(path)
        except PluginError as error:
            logger.warning("a plugin is passed over: %s", error.message)
        else:
            yield Installed(manifest.name, manifest.version, manifest)


@cache
def python_plugins() -> tuple[Installed, ...]:
    """Return the Python plugins of all installed packages; one that cannot be imported is passed over, and logged."""
    from importlib.metadata import entry_points  # late: it takes a megabyte, and few services load plugins

    return tuple(found for entry in entry_points(group=ENTRY_POINTS) if (found := _load(entry)) is not None)


def _load(entry: EntryPoint) -> Installed | None:
    try:
        plugin = entry.load()
        if not (isinstance(plugin, type) and issubclass(plugin, Plugin)):
            raise TypeError("it is no class derived from pactmock.plugins.Plugin")  # noqa: TRY301
        return Installed(plugin.name, plugin.version, plugin)
    except (Exception, SystemExit, GeneratorExit) as error:  # noqa: BLE001  a foreign package, which may fail in any way
        logger.warning("the Python plugin '%s' (%s) is passed over: %r", entry.name, entry.value, error)
        return None


def make(plugin: type[Plugin]) -> Plugin:
    """Make a Python plugin of its class, to be served; who wants to ask it takes `InProcess`.

    Raises:
        PluginError: when that fails, or the plugin does not say what it is called.
    """
    place = f"{plugin.__module__}:{plugin.__qualname__}"
    try:
        made = plugin()
        named = bool(made.name and made.version)
    except PactmockError:
        raise
    except (Exception, SystemExit, GeneratorExit) as error:
        raise PluginError(f"The Python plugin {place} could not be made: {error!r}") from error
    if not named:
        raise PluginError(f"The Python plugin {place} could not be made: it needs a name and a version")
    return made


def choose(name: str, version: str | None, directory: Path) -> Installed:
    """Choose the newest plugin of a name that satisfies a version, and log which.

    Raises:
        NoSuchPlugin: with what was found, and where.
    """
    all_plugins = installed_plugins(directory)
    named = [item for item in all_plugins if item.name == name]
    chosen = next((item for item in named if versions.satisfies(item.version, version)), None)
    if chosen is None:
        raise NoSuchPlugin(_not_found(name, version, directory, named, all_plugins), plugin=name, version=version)
    logger.info("plugin %s%s: chose %s at %s", name, f" {version}" if version else "", chosen.version, chosen.place)
    return chosen


def _not_found(
    name: str, version: str | None, directory: Path, named: Sequence[Installed], others: Sequence[Installed]
) -> str:
    wanted = f"Plugin {name}:{version}" if version else f"Plugin {name}"
    if named:
        has = f"there is {', '.join(item.version for item in named)}"
    else:
        names = sorted({item.name for item in others})
        has = f"there is {', '.join(names)}" if names else "there is none at all"
    missing = "" if directory.is_dir() else ", which does not exist"
    return (
        f"{wanted} was not found in {directory}{missing}, nor among the Python plugins ({has}): install it there, name"
        " its place with --plugin-dir or PACT_PLUGIN_DIR, or ask for another version"
    )
