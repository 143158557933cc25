"""`pact-plugin.json`, the file that says what a plugin is and how it is started (reference/plugins.md §1.2)."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from pactmock.errors import NotJson, PluginError
from pactmock.pact.json.values import Json, compact, parse_document
from pactmock.pact.value import value

FILE_NAME = "pact-plugin.json"
INTERFACE_VERSIONS = (1, 2)


@value
class Dependency:
    """Something that a plugin says it needs. Nobody acts on it; it is shown."""

    name: str
    version: str | None = None
    kind: str = "Plugin"


@value
class Manifest:
    """The manifest of an installed plugin; `directory` is where it stands."""

    name: str
    version: str
    interface_version: int
    executable_type: str
    entry_point: str
    directory: Path
    entry_points: Mapping[str, str] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    minimum_required_version: str | None = None
    plugin_config: Mapping[str, Json] = field(default_factory=dict)

    @property
    def executable(self) -> Path:
        """The file to start: the entry for this system, else the entry for all."""
        systems = (platform.platform(), platform.system().lower())  # the names that drivers look up
        entry = next((self.entry_points[name] for name in systems if name in self.entry_points), self.entry_point)
        path = Path(entry)
        return path if path.is_absolute() and path.exists() else self.directory / entry

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        PluginError: with the file and what is wrong with it.
    """
    try:
        document = parse_document(path.read_bytes())
    except OSError as error:
        raise PluginError(f"{path} cannot be read: {error.strerror or error}", file=str(path)) from None
    except NotJson as error:
        raise PluginError(f"{path} is not JSON: {error.reason}", file=str(path)) from None
    if not isinstance(document, dict):
        raise PluginError(f"{path} holds {compact(document)[:100]}: a manifest is a JSON object", file=str(path))
    return _Fields(document, path).manifest()


class _Fields:
    """The members of a manifest on their way to values; null stands for a member that is not there."""

    def __init__(self, document: dict[str, Json], path: Path) -> None:
        self._document = document
        self._path = path

    def manifest(self) -> Manifest:
        minimum = self._get("minimumRequiredVersion", str, "a text")
        starts: dict[str, Json] = self._get("entryPoints", dict, "an object") or {}
        return Manifest(
            name=self._need("name"),
            version=self._need("version"),
            interface_version=self._interface_version(),
            executable_type=self._need("executableType"),
            entry_point=self._need("entryPoint"),
            directory=self._path.parent.resolve(),
            entry_points=dict(zip(starts, self._all_text(list(starts.values()), "entryPoints"), strict=True)),
            args=tuple(self._all_text(self._get("args", list, "a list") or [], "args")),
            dependencies=tuple(map(self._dependency, self._get("dependencies", list, "a list") or [])),
            minimum_required_version=minimum,
            plugin_config=self._get("pluginConfig", dict, "an object") or {},
        )

    def _get(self, name: str, kind: type, words: str) -> Any:
        value = self._document.get(name)
        if isinstance(value, str) and not value.isprintable():
            raise self._wrong(f"'{name}' is {compact(value)[:100]}: control characters cannot stand in it")
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        raise self._wrong(f"'{name}' is {compact(value)[:100]}: it has to be {words}")

    def _need(self, name: str) -> str:
        value = self._get(name, str, "a text")
        if not value:
            raise self._wrong(f"'{name}' is missing")
        return str(value)

    def _interface_version(self) -> int:
        value = self._get("pluginInterfaceVersion", int, "a number")
        if value in INTERFACE_VERSIONS:
            return int(value)
        if value is None:
            raise self._wrong("'pluginInterfaceVersion' is missing: it is 1 or 2")
        name, version = self._document.get("name"), self._document.get("version")
        raise self._wrong(f"Plugin {name}:{version} declared an invalid interface version {value}: it is 1 or 2")

    def _all_text(self, values: list[Json], name: str) -> list[str]:
        if all(isinstance(item, str) and "\0" not in item for item in values):
            return [str(item) for item in values]
        raise self._wrong(f"'{name}' holds {compact(values)[:100]}: only texts can stand in it, without NUL")

    def _dependency(self, value: Json) -> Dependency:
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            raise self._wrong(f"the dependency {compact(value)[:100]} has no name")
        texts = {name: item for name, item in value.items() if isinstance(item, str)}
        kind = texts.get("dependencyType") or texts.get("type") or "Plugin"
        return Dependency(texts["name"], texts.get("version"), kind)

    def _wrong(self, problem: str) -> PluginError:
        return PluginError(f"{self._path}: {problem}", file=str(self._path))
