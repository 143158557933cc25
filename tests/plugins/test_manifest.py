"""`pact-plugin.json` is read as other frameworks write it, and what is wrong with it is said with its place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pactmock.errors import PluginError
from pactmock.plugins.manifest import Dependency, Manifest, read_manifest

MINIMAL: dict[str, Any] = {
    "pluginInterfaceVersion": 2,
    "name": "csv",
    "version": "0.1.0",
    "executableType": "exec",
    "entryPoint": "pact-csv-plugin",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pact-plugin.json"


def read(path: Path, **members: Any) -> Manifest:
    path.write_text(json.dumps({**MINIMAL, **members}))
    return read_manifest(path)


def test_a_manifest_with_all_members(path: Path) -> None:
    found = read(
        path,
        manifestVersion=1,
        entryPoints={"windows": "start.bat"},
        args=["--port", "0"],
        dependencies=[{"name": "protoc", "version": "3", "type": "Executable"}, {"name": "other"}],
        minimumRequiredVersion="3.11",
        pluginConfig={"protocVersion": "3.19.1", "retries": 2},
        somethingNew=[1],
    )
    assert found == Manifest(
        name="csv",
        version="0.1.0",
        interface_version=2,
        executable_type="exec",
        entry_point="pact-csv-plugin",
        directory=path.parent.resolve(),
        entry_points={"windows": "start.bat"},
        args=("--port", "0"),
        dependencies=(Dependency("protoc", "3", "Executable"), Dependency("other")),
        minimum_required_version="3.11",
        plugin_config={"protocVersion": "3.19.1", "retries": 2},
    )


def test_null_stands_for_every_optional_member_that_is_not_there(path: Path) -> None:
    optional = ("manifestVersion", "minimumRequiredVersion", "args", "dependencies", "entryPoints", "pluginConfig")
    assert read(path, **dict.fromkeys(optional)) == read(path)


def test_the_program_stands_beside_the_manifest(path: Path) -> None:
    assert read(path).executable == path.parent.resolve() / "pact-csv-plugin"


def test_a_program_with_an_absolute_path_is_where_it_says(path: Path) -> None:
    assert read(path, entryPoint=sys.executable).executable == Path(sys.executable)


@pytest.mark.parametrize(("system", "program"), [(sys.platform, "mine"), ("some other system", "pact-csv-plugin")])
def test_a_system_can_have_a_program_of_its_own(path: Path, system: str, program: str) -> None:
    found = read(path, entryPoints={system: "mine"})
    assert found.executable == path.parent.resolve() / program


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"name": None}, "'name' is missing"),
        ({"version": ""}, "'version' is missing"),
        ({"entryPoint": 1}, "'entryPoint' is 1: it has to be a text"),
        ({"executableType": None}, "'executableType' is missing"),
        ({"pluginInterfaceVersion": None}, "'pluginInterfaceVersion' is missing: it is 1 or 2"),
        ({"pluginInterfaceVersion": 3}, "Plugin csv:0.1.0 declared an invalid interface version 3"),
        ({"pluginInterfaceVersion": "2"}, "'pluginInterfaceVersion' is \"2\": it has to be a number"),
        ({"pluginInterfaceVersion": True}, "'pluginInterfaceVersion' is true: it has to be a number"),
        ({"args": "--all"}, "'args' is \"--all\": it has to be a list"),
        ({"args": ["a\0b"]}, "'args' holds [\"a\\u0000b\"]: only texts can stand in it, without NUL"),
        (
            {"entryPoints": {"linux": "a\0b"}},
            "'entryPoints' holds [\"a\\u0000b\"]: only texts can stand in it, without NUL",
        ),
        ({"entryPoint": "a\0b"}, "'entryPoint' is \"a\\u0000b\": control characters cannot stand in it"),
        ({"name": "a\nb"}, "'name' is \"a\\nb\": control characters cannot stand in it"),
        ({"version": "1\n"}, "'version' is \"1\\n\": control characters cannot stand in it"),
        ({"args": [1]}, "'args' holds [1]: only texts can stand in it"),
        ({"entryPoints": {"linux": None}}, "'entryPoints' holds [null]: only texts can stand in it"),
        ({"dependencies": [{"version": "1"}]}, 'the dependency {"version":"1"} has no name'),
    ],
)
def test_what_cannot_be_used_is_said_with_the_file(path: Path, members: dict[str, Any], words: str) -> None:
    with pytest.raises(PluginError) as refused:
        read(path, **members)
    assert refused.value.message.startswith(f"{path}: {words}")
    assert refused.value.fields["file"] == str(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "is not JSON"), (b"\xff", "is not JSON"), (b"[1]", "holds [1]: a manifest is a JSON object")],
)
def test_a_file_that_is_no_json_object_is_said_with_its_place(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(PluginError) as refused:
        read_manifest(path)
    assert refused.value.message.startswith(f"{path} {words}")


def test_a_file_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(PluginError, match="cannot be read: No such file"):
        read_manifest(path)
