"""The driver of plugins that are processes: what they are given, what they may do, and what it takes from them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pactmock.errors import PluginError
from pactmock.pact import matching_rules as rules
from pactmock.plugins import (
    CompareRequest,
    ConfigureRequest,
    Contents,
    GenerateRequest,
    MatchFieldRequest,
    Plugin,
    StartMockServerRequest,
)
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.settings import PluginSettings
from tests.patience import HANG
from tests.plugin_directory import install, none_left

TALKER = """
import json, os
from pactmock.plugins import *

class Talker(Plugin):
    name, version = "talker", "1.0.0"

    def catalogue(self):
        return content_entries("talker", "text/talk")

    def configure_interaction(self, request):
        surroundings = {
            "directory": os.getcwd(),
            "arguments": sys.argv[1:],
            "variables": {name: value for name, value in os.environ.items() if name.startswith("PACT_PLUGIN_")},
            "level": os.environ.get("LOG_LEVEL"),
            "input": sys.stdin.read(),
        }
        print("spoken on stdout", flush=True)
        print("spoken on stderr " * 100_000, file=sys.stderr, flush=True)
        contents = Contents(json.dumps(surroundings).encode(), "text/talk;Case=Kept")
        return Configured([ConfiguredPart(contents, data=PluginData({"n": 2}, {"all": [1, 2.5]}))])
"""
SERVE = "\nserve(Talker())"


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    """A plugin directory, of which no process is left when the test is over."""
    yield tmp_path / "plugins"
    assert none_left(tmp_path)


@pytest.fixture
def host(plugins: Path) -> Iterator[PluginHost]:
    """A host for the plugins of that directory."""
    running = PluginHost(PluginSettings(plugins, start_timeout=HANG, call_timeout=HANG))
    yield running
    running.close()


def _talker(host: PluginHost, plugins: Path, program: str = TALKER + SERVE, interface: int = 1) -> Plugin:
    install(plugins, "talker", program, interface=interface)
    return host.load("talker")


def test_a_plugin_gets_what_the_protocol_promises(host: PluginHost, plugins: Path) -> None:
    install(plugins, "talker", TALKER + SERVE)
    manifest = plugins / "talker-1.0.0" / "pact-plugin.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"args": ["--loud", "a b"]}))
    made = host.load("talker").configure_interaction(ConfigureRequest("text/talk", {}))
    assert made.parts[0].contents is not None
    said = json.loads(made.parts[0].contents.content)
    assert said["directory"] == str(plugins / "talker-1.0.0")
    assert said["arguments"] == ["--loud", "a b"]
    assert said["input"] == ""
    assert said["level"] in logging.getLevelNamesMapping()
    assert said["variables"]["PACT_PLUGIN_HOST"].startswith("127.0.0.1:")
    assert len(said["variables"]["PACT_PLUGIN_INSTANCE_ID"]) == 36


def test_what_a_plugin_prints_is_logged_under_its_name(
    host: PluginHost, plugins: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And read, however much it is: a plugin that prints a megabyte is not held up."""
    with caplog.at_level(logging.DEBUG, "pactmock.plugins"):
        _talker(host, plugins).configure_interaction(ConfigureRequest("text/talk", {}))
        host.close()
    said = [record.message[:24] for record in caplog.records if record.name == "pactmock.plugins.talker"]
    assert "stderr: spoken on stdout" in said  # the standard output of the process is for its startup line alone
    assert "stderr: spoken on stderr" in said


def test_whole_numbers_that_a_plugin_keeps_stay_whole(host: PluginHost, plugins: Path) -> None:
    """On the wire they are doubles."""
    made = _talker(host, plugins).configure_interaction(ConfigureRequest("text/talk", {}))
    kept = made.parts[0].data
    assert [type(value) for value in (kept.interaction["n"], *kept.pact["all"])] == [int, int, float]


def test_parameters_of_a_content_type_keep_their_case(host: PluginHost, plugins: Path) -> None:
    made = _talker(host, plugins).configure_interaction(ConfigureRequest("text/talk", {}))
    assert made.parts[0].contents is not None
    assert made.parts[0].contents.content_type == "text/talk;Case=Kept"


def test_messages_of_many_megabytes_go_both_ways(host: PluginHost, plugins: Path) -> None:
    large = Contents(os.urandom(20_000_000), "text/talk")
    assert _talker(host, plugins).generate_content(GenerateRequest(large)) == large


def test_a_proxy_of_the_environment_is_not_used(
    host: PluginHost, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert _talker(host, plugins).catalogue()


def test_a_plugin_that_listens_on_ipv6_only_is_reached(host: PluginHost, plugins: Path) -> None:
    program = """
import grpc
make = grpc.server
def server(*arguments, **options):
    made = make(*arguments, **options)
    listen = made.add_insecure_port
    made.add_insecure_port = lambda _address: listen("[::1]:0")
    return made
grpc.server = server
"""
    assert _talker(host, plugins, TALKER + program + SERVE).catalogue()


def test_what_a_plugin_does_not_offer_is_told(host: PluginHost, plugins: Path) -> None:
    plugin = _talker(host, plugins)
    contents = Contents(b"a", "text/talk")
    with pytest.raises(PluginError, match="does not compare contents text/talk"):
        plugin.compare_contents(CompareRequest(contents, contents))
    with pytest.raises(PluginError, match="does not start mock servers"):
        plugin.start_mock_server(StartMockServerRequest("127.0.0.1"))


def test_rules_for_single_values_need_interface_v2(host: PluginHost, plugins: Path) -> None:
    asked = MatchFieldRequest("luhn", rules.Plugin("luhn", {}), "1", "2")
    with pytest.raises(PluginError, match=r"require the V2 plugin interface, and the plugin talker/1\.0\.0 uses V1"):
        _talker(host, plugins).match_field(asked)


def test_a_plugin_is_started_once_for_all_who_ask_for_it(host: PluginHost, plugins: Path) -> None:
    first = _talker(host, plugins)
    assert host.load("talker", "0.9") is first
    assert host.load("talker", "=1.0.0") is first


def test_an_unknown_kind_of_executable_is_refused(host: PluginHost, plugins: Path) -> None:
    install(plugins, "talker", "")
    manifest = plugins / "talker-1.0.0" / "pact-plugin.json"
    manifest.write_text(manifest.read_text().replace('"exec"', '"lua"'))
    with pytest.raises(PluginError, match="Plugin executable type of lua is not supported"):
        host.load("talker")
