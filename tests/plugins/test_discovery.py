"""Which plugins are found, and which of several is chosen."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from pactmock.errors import NoSuchPlugin
from pactmock.plugins.csv import CsvPlugin
from pactmock.plugins.installed.discovery import choose, installed_plugins, python_plugins
from pactmock.plugins.manifest import Manifest
from pactmock.plugins.settings import default_directory


def install(directory: Path, name: str, version: str, folder: str | None = None, **members: Any) -> Path:
    place = directory / (folder or f"{name}-{version}")
    place.mkdir(parents=True)
    manifest = {"pluginInterfaceVersion": 1, "executableType": "exec", "entryPoint": "run"}
    (place / "pact-plugin.json").write_text(json.dumps({**manifest, "name": name, "version": version, **members}))
    return place


def found(directory: Path, name: str) -> list[str]:
    return [item.version for item in installed_plugins(directory) if item.name == name]


def test_the_content_of_a_manifest_counts_and_not_the_name_of_its_folder(tmp_path: Path) -> None:
    install(tmp_path, "avro", "1.2.3", folder="whatever")
    assert choose("avro", None, tmp_path).version == "1.2.3"


def test_the_newest_comes_first_and_a_pre_release_after_its_release(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0-beta.2", "0.10.0", "0.10.0-beta.11", "0.2.0"):
        install(tmp_path, "avro", version)
    assert found(tmp_path, "avro") == ["0.10.0", "0.10.0-beta.11", "0.10.0-beta.2", "0.9.0", "0.2.0"]


@pytest.mark.parametrize(
    ("required", "chosen"),
    [(None, "1.1.0"), ("0.0.3", "1.1.0"), ("1.0", "1.1.0"), ("=0.0.6", "0.0.6"), ("=1.1.0-rc.1", "1.1.0-rc.1")],
)
def test_the_newest_that_is_at_least_the_one_asked_for_is_chosen(
    tmp_path: Path, required: str | None, chosen: str
) -> None:
    for version in ("0.0.6", "1.1.0", "1.1.0-rc.1", "0.0.3"):
        install(tmp_path, "avro", version)
    assert choose("avro", required, tmp_path).version == chosen


def test_the_choice_is_logged_with_its_place(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = install(tmp_path, "avro", "0.0.6")
    with caplog.at_level(logging.INFO, "pactmock.plugins"):
        choose("avro", "0.0.3", tmp_path)
    assert [record.getMessage() for record in caplog.records] == [
        f"plugin avro 0.0.3: chose 0.0.6 at {place.resolve()}"
    ]


def test_a_broken_manifest_is_passed_over_with_a_warning_that_names_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = install(tmp_path, "broken", "1.0.0", entryPoint=None) / "pact-plugin.json"
    unreadable = tmp_path / "a folder" / "pact-plugin.json"
    unreadable.mkdir(parents=True)
    install(tmp_path, "avro", "1.0.0")
    with caplog.at_level(logging.WARNING, "pactmock.plugins"):
        assert found(tmp_path, "avro") == ["1.0.0"]
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 2
    assert messages[0].startswith(f"a plugin is passed over: {unreadable} cannot be read")
    assert messages[1] == f"a plugin is passed over: {broken}: 'entryPoint' is missing"


def test_other_files_in_the_directory_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "repository.index").write_text("[entries]")
    (tmp_path / "logs").mkdir()
    off = install(tmp_path, "avro", "1.0.0") / "pact-plugin.json"
    off.rename(off.with_name("pact-plugin.json.disabled"))
    assert found(tmp_path, "avro") == []


def test_the_csv_plugin_of_the_package_is_found_without_being_installed(tmp_path: Path) -> None:
    assert [item.source for item in python_plugins() if item.name == "csv"] == [CsvPlugin]
    chosen = choose("csv", None, tmp_path)
    assert (chosen.source, chosen.version) == (CsvPlugin, CsvPlugin.version)
    assert chosen.place == "pactmock.plugins.csv.plugin:CsvPlugin"


def test_of_two_equal_versions_that_of_the_directory_is_chosen(tmp_path: Path) -> None:
    install(tmp_path, "csv", CsvPlugin.version)
    assert isinstance(choose("csv", CsvPlugin.version, tmp_path).source, Manifest)


def test_a_newer_python_plugin_is_chosen_before_an_older_one_of_the_directory(tmp_path: Path) -> None:
    install(tmp_path, "csv", "0.0.6")
    assert choose("csv", "0.0.3", tmp_path).source is CsvPlugin
    assert isinstance(choose("csv", "=0.0.6", tmp_path).source, Manifest)


def test_a_plugin_that_is_missing_is_told_with_the_directory_and_what_is_there(tmp_path: Path) -> None:
    install(tmp_path, "avro", "1.0.0")
    install(tmp_path, "avro", "0.9.0")
    with pytest.raises(NoSuchPlugin) as unknown:
        choose("protobuf", "0.3", tmp_path)
    assert unknown.value.message.startswith(f"Plugin protobuf:0.3 was not found in {tmp_path}, nor among")
    assert "(there is avro, csv)" in unknown.value.message
    assert unknown.value.fields == {"plugin": "protobuf", "version": "0.3"}
    with pytest.raises(NoSuchPlugin, match=r"Plugin avro:2 was not found in .*\(there is 1.0.0, 0.9.0\)"):
        choose("avro", "2", tmp_path)


def test_a_directory_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPlugin, match=r"Plugin avro was not found in .*nowhere, which does not exist"):
        choose("avro", None, tmp_path / "nowhere")


@pytest.mark.parametrize("given", ["", None])
def test_plugins_are_installed_in_the_home_directory_unless_the_environment_says_otherwise(
    given: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    if given is None:
        monkeypatch.delenv("PACT_PLUGIN_DIR", raising=False)
    else:
        monkeypatch.setenv("PACT_PLUGIN_DIR", given)
    assert default_directory() == tmp_path / ".pact" / "plugins"
    monkeypatch.setenv("PACT_PLUGIN_DIR", str(tmp_path / "elsewhere"))
    assert default_directory() == tmp_path / "elsewhere"
