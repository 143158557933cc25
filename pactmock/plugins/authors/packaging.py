"""Python plugins as directories that every Pact framework can load: a manifest, a program, perhaps the plugin's file.

The program runs under the Python that wrote the package, as that has what the plugin imports.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import shlex
import shutil
import sys
from pathlib import Path
from types import ModuleType

from pactmock.errors import PluginError
from pactmock.pact.value import value
from pactmock.plugins.installed.discovery import make, python_plugins
from pactmock.plugins.manifest import FILE_NAME
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import EntryKind

_START = """#!/bin/sh
# Written by `pactmock plugin package`.
exec {python} "$(dirname "$0")/{program}" "$@"
"""
_START_ON_WINDOWS = """@"{python}" "%~dp0{program}" %*
"""
"""Not the program itself with `#!`, as that takes no path with blanks, nor a long one."""

_PROGRAM_NAME = "serve_plugin.py"
_PROGRAM = """# Written by `pactmock plugin package`.
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pactmock.plugins import serve

serve(import_module("{module}").{name}())
"""
_OF_FIELDS = frozenset({EntryKind.MATCHER, EntryKind.GENERATOR})


@value
class PythonPlugin:
    """The class of a Python plugin, and the file that it is in where no package brings it."""

    plugin: type[Plugin]
    file: Path | None = None


def find_plugin(spelled: str) -> PythonPlugin:
    """Find a Python plugin: by an installed one's name, by `module:Class`, or by `file.py:Class`.

    Raises:
        PluginError: when there is no such class.
    """
    place, colon, name = spelled.rpartition(":")
    if not colon:
        found = [item.source for item in python_plugins() if item.name == spelled]
        if found and isinstance(found[0], type):
            return PythonPlugin(found[0])
        names = ", ".join(sorted(item.name for item in python_plugins())) or "none"
        raise PluginError(
            f"There is no Python plugin '{spelled}' ({names}): name one of these, or module:Class, or file.py:Class"
        )
    plugin = getattr(_module(place), name, None)
    if not (isinstance(plugin, type) and issubclass(plugin, Plugin)):
        raise PluginError(f"{place} has no class '{name}' derived from pactmock.plugins.Plugin")
    return PythonPlugin(plugin, Path(place) if place.endswith(".py") else None)


def _module(place: str) -> ModuleType:
    try:
        if not place.endswith(".py"):
            return importlib.import_module(place)
        spec = importlib.util.spec_from_file_location(Path(place).stem, place)
        assert spec is not None  # noqa: S101  as the name ends in .py
        assert spec.loader is not None  # noqa: S101
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except (Exception, SystemExit, GeneratorExit) as error:  # noqa: BLE001  a foreign module may fail in any way
        raise PluginError(f"{place} cannot be imported: {error!r}") from None
    return module


def package(found: PythonPlugin, root: Path) -> Path:
    """Write a package of a plugin below a plugin directory, and return where: `<root>/<name>-<version>`.

    Raises:
        PluginError: when the plugin cannot be made, or the package not be written.
    """
    plugin = make(found.plugin)
    directory = root / f"{plugin.name}-{plugin.version}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if found.file is not None:
            shutil.copyfile(found.file, directory / found.file.name)
        program = _PROGRAM.format(module=found.plugin.__module__, name=found.plugin.__name__)
        (directory / _PROGRAM_NAME).write_text(program, "utf-8")
        start = directory / f"pact-{plugin.name}-plugin"
        start.write_text(_START.format(python=shlex.quote(sys.executable), program=_PROGRAM_NAME), "utf-8")
        start.chmod(0o755)
        windows = _START_ON_WINDOWS.format(python=sys.executable, program=_PROGRAM_NAME)
        (directory / f"{start.name}.bat").write_text(windows, "utf-8")
        (directory / FILE_NAME).write_text(json.dumps(_manifest(plugin, start.name), indent=2) + "\n", "utf-8")
    except OSError as error:
        raise PluginError(f"The package cannot be written to {directory}: {error.strerror or error}") from None
    return directory


def _manifest(plugin: Plugin, start: str) -> dict[str, object]:
    # Old frameworks know only V1, which has all but rules and generators for single values.
    needs_v2 = any(entry.kind in _OF_FIELDS for entry in plugin.catalogue())
    return {
        "manifestVersion": 1,
        "pluginInterfaceVersion": 2 if needs_v2 else 1,
        "name": plugin.name,
        "version": plugin.version,
        "executableType": "exec",
        "entryPoint": start,
        "entryPoints": {"windows": f"{start}.bat"},
    }
