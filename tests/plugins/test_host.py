"""A host loads a plugin once, and takes those that it was given before it looks for installed ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pactmock.errors import NoSuchPlugin
from pactmock.plugins.csv import CsvPlugin
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.settings import PluginSettings
from tests.patience import HANG


class Newer(CsvPlugin):
    version = "9.1.0"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[PluginHost]:
    running = PluginHost(PluginSettings(directory=tmp_path), [Newer()])
    yield running
    running.close()


@pytest.mark.parametrize(
    ("version", "loaded"),
    [(None, "9.1.0"), ("0.0.6", "9.1.0"), ("=9.1.0", "9.1.0"), (f"={CsvPlugin.version}", CsvPlugin.version)],
)
def test_a_plugin_that_was_given_is_taken_where_its_version_will_do(
    host: PluginHost, version: str | None, loaded: str
) -> None:
    found = host.load("csv", version)
    assert found.version == loaded
    assert found in host.plugins
    assert host.load("csv", version) is found


def test_a_version_that_neither_was_given_nor_is_installed_is_missing(host: PluginHost) -> None:
    with pytest.raises(NoSuchPlugin):
        host.load("csv", "10")


def test_a_plugin_is_loaded_once_for_all_who_ask_for_less_than_it_is(tmp_path: Path) -> None:
    """The reference starts another one for each lower version that is asked for (reference/plugins.md §1.3)."""
    host = PluginHost(PluginSettings(directory=tmp_path))
    try:
        assert {id(host.load("csv", version)) for version in ("0.0.3", "0.0.6", None)} == {id(host.plugins[0])}
        assert len(host.plugins) == 1
    finally:
        host.close()


def test_plugins_are_ended_by_a_program_that_ends_where_no_thread_can_begin_any_more() -> None:
    """Python 3.12 and later start none when the functions of `atexit` are called."""
    program = """
import atexit
from pactmock.plugins import CatalogueEntry, EntryKind, Plugin
from pactmock.plugins.installed.host import PluginHost

class Ending(Plugin):
    name, version = "ending", "1.0.0"

    def catalogue(self):
        return [CatalogueEntry(EntryKind.MATCHER, "ending", {})]

    def close(self):
        print("ended")

host = PluginHost(plugins=[Ending()])
host.load("csv")
atexit.register(host.close)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=HANG, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "ended\n", "")
