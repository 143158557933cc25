"""`pactmock plugin` shows, checks, packages and runs plugins, and its exit codes tell a script what came of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pactmock.plugins import CompareRequest, ConfigureRequest, Contents
from pactmock.plugins.csv import CsvPlugin
from pactmock.plugins.installed.discovery import choose
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.manifest import Manifest, read_manifest
from pactmock.plugins.process.channel import Channel
from pactmock.plugins.process.grpc_plugin import GrpcPlugin
from pactmock.plugins.process.process import StartupLine
from pactmock.plugins.proto import plugin_v2_pb2
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN, Introduction
from pactmock.plugins.settings import PluginSettings
from tests.patience import HANG
from tests.plugins import talkative
from tests.process import COMMAND, run

JSONL = Path(__file__).parents[2] / "examples" / "jsonl_plugin" / "jsonl_plugin.py"


def plugin(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run("plugin", *map(str, arguments))


def packaged(directory: Path, spelled: str) -> Path:
    """Package a Python plugin, and return where it is."""
    done = plugin("package", directory, "--plugin", spelled)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1].removeprefix("Packaged to "))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# list, show


def test_list_names_installed_plugins_and_those_of_packages(tmp_path: Path) -> None:
    place = packaged(tmp_path, f"{JSONL}:JsonlPlugin")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pact-plugin.json").write_text("{")
    done = plugin("list", "--plugin-dir", tmp_path)
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["Name", "Version", "Kind", "Place"],
        ["csv", CsvPlugin.version, "Python", "pactmock.plugins.csv.plugin:CsvPlugin"],
        ["jsonl", "0.1.0", "V1", "process", str(place)],
    ]
    assert "broken" in done.stderr
    assert "is passed over" in done.stderr


def test_show_starts_a_plugin_and_says_what_it_is_and_offers(tmp_path: Path) -> None:
    place = packaged(tmp_path, f"{JSONL}:JsonlPlugin")
    path = place / "pact-plugin.json"
    more = {"args": ["--quiet"], "pluginConfig": {"depth": 2}, "dependencies": [{"name": "protoc", "version": "3"}]}
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))
    done = plugin("show", "jsonl", "--plugin-dir", tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "jsonl 0.1.0",
            f"place: {place}",
            "interface: V1",
            f"starts: {place / 'pact-jsonl-plugin'} --quiet",
            "needs: Plugin protoc 3",
            "setting: depth=2",
            "offers: content-matcher jsonl (content-types=application/x-ndjson;application/jsonl)",
            "offers: content-generator jsonl (content-types=application/x-ndjson;application/jsonl)",
        ],
    )


def test_show_knows_python_plugins_and_the_directory_of_the_environment(tmp_path: Path) -> None:
    done = run("plugin", "show", "csv", PACT_PLUGIN_DIR=str(tmp_path))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"csv {CsvPlugin.version}")
    missing = run("plugin", "show", "csv", "--version", "=9", PACT_PLUGIN_DIR=str(tmp_path))
    assert missing.returncode == 1
    assert f"Plugin csv:=9 was not found in {tmp_path}" in missing.stderr


# package


def test_the_example_is_packaged_and_loaded_from_there(tmp_path: Path) -> None:
    """It stands alone: the file of the plugin is in the package."""
    place = packaged(tmp_path, f"{JSONL}:JsonlPlugin")
    assert place == tmp_path / "jsonl-0.1.0"
    host = PluginHost(PluginSettings(directory=tmp_path))
    try:
        jsonl = host.load("jsonl")
        assert isinstance(jsonl, GrpcPlugin)
        (part,) = jsonl.configure_interaction(
            ConfigureRequest("application/x-ndjson", {"line": {"id": "matching(integer, 7)"}})
        ).parts
        assert part.contents == Contents(b'{"id":7}\n', "application/x-ndjson")
        same, other = (Contents(line, "application/x-ndjson") for line in (b'{"id":8}\n', b'{"id":"x"}\n'))
        assert jsonl.compare_contents(CompareRequest(part.contents, same, part.rules)) == ()
        assert jsonl.compare_contents(CompareRequest(part.contents, other, part.rules)) != ()
    finally:
        host.close()


def test_a_package_is_of_v1_unless_it_has_rules_for_single_values(tmp_path: Path) -> None:
    """Old frameworks know V1 only."""
    csv = read_manifest(packaged(tmp_path, "csv") / "pact-plugin.json")
    loud = read_manifest(packaged(tmp_path, f"{talkative.__file__}:TalkativePlugin") / "pact-plugin.json")
    assert (csv.interface_version, loud.interface_version) == (1, 2)
    assert os.access(csv.executable, os.X_OK)


def test_a_package_is_chosen_before_the_same_plugin_of_a_python_package(tmp_path: Path) -> None:
    packaged(tmp_path, "csv")
    assert isinstance(choose("csv", None, tmp_path).source, Manifest)


def test_a_plugin_can_be_in_a_file_whose_name_is_no_identifier(tmp_path: Path) -> None:
    file = tmp_path / "my-plugin.py"
    file.write_text(JSONL.read_text())
    place = packaged(tmp_path / "plugins", f"{file}:JsonlPlugin")
    done = plugin("show", "jsonl", "--plugin-dir", place.parent)
    assert done.returncode == 0, done.stderr


_UNUSABLE = """
from pactmock.plugins import Plugin

class Nameless(Plugin):
    def catalogue(self):
        return []

class Failing(Nameless):
    name, version = "failing", "1.0.0"
    def __init__(self):
        raise RuntimeError("no luck")

class Other:
    pass
"""


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ("nobody", "There is no Python plugin 'nobody' (csv)"),
        ("nobody.at.home:Plugin", "nobody.at.home cannot be imported"),
        ("{file}:Missing", "has no class 'Missing' derived from"),
        ("{file}:Other", "has no class 'Other' derived from"),
        ("{file}:Nameless", "could not be made"),
        ("{file}:Failing", "RuntimeError('no luck')"),
        ("pactmock.plugins.protocol.plugin:Plugin", "could not be made"),
    ],
)
@pytest.mark.parametrize("command", ["package", "run"])
def test_what_is_no_plugin_is_said_in_a_sentence(tmp_path: Path, command: str, spelled: str, words: str) -> None:
    file = tmp_path / "unusable.py"
    file.write_text(_UNUSABLE)
    name = spelled.format(file=file)
    done = plugin("run", name) if command == "run" else plugin("package", tmp_path / "plugins", "--plugin", name)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plugins").exists()


def test_a_directory_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = plugin("package", tmp_path / "file" / "plugins", "--plugin", "csv")
    assert done.returncode == 1
    assert "The package cannot be written to" in done.stderr


# check

COLUMNS = json.dumps({"csvHeaders": False, "column:1": "matching(integer, 7)", "column:2": "matching(type, 'x')"})


def test_check_finds_nothing_wrong_with_the_csv_plugin(tmp_path: Path) -> None:
    done = plugin("check", packaged(tmp_path, "csv"), "--contents", COLUMNS)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"ok     manifest: csv/{CsvPlugin.version}, interface V1"
    assert "ok     ConfigureInteraction: it makes text/csv of these contents" in lines
    assert "ok     CompareContents: it compares the body of its one part with itself" in lines
    assert "ok     GenerateContent: it generates in the body of its one part" in lines
    assert lines[-1] == f"csv/{CsvPlugin.version} does what the protocol asks"
    assert "WRONG" not in done.stdout


def test_contents_that_a_plugin_refuses_in_words_are_noted_and_not_wrong(tmp_path: Path) -> None:
    done = plugin("check", packaged(tmp_path, f"{JSONL}:JsonlPlugin"))
    assert done.returncode == 0
    assert "note   ConfigureInteraction: it says: JSON Lines need a member 'line'" in done.stdout


def test_rules_and_generators_for_single_values_are_asked_too(tmp_path: Path) -> None:
    place = packaged(tmp_path, f"{talkative.__file__}:TalkativePlugin")
    done = plugin("check", place, "--contents", '{"text":"hey"}')
    assert done.returncode == 0, done.stdout
    assert "ok     MatchField: it applies the rule 'loud'" in done.stdout
    assert "ok     GenerateField: it makes values with 'loud'" in done.stdout
    assert "note   GenerateContent" not in done.stdout


_FAULTY = """
import os
import threading
from pathlib import Path
from pactmock.errors import PluginError
from pactmock.plugins import *

class Faulty(Plugin):
    name, version = "faulty", "1.0.0"

    def catalogue(self):
        Path(__file__).with_name("pid").write_text(str(os.getpid()))
        return content_entries("faulty", "text/x")

    def configure_interaction(self, request):
        return Configured([ConfiguredPart(Contents(b"x", "text/x"))])

    def compare_contents(self, request):
        return []

class NeverContent(Faulty):
    def compare_contents(self, request):
        return [ContentMismatch("it differs")]

class OfAnotherType(Faulty):
    def compare_contents(self, request):
        return ContentTypeMismatch("text/x", "text/x")

class Speechless(Faulty):
    def compare_contents(self, request):
        raise PluginError("no comparison today")

class Breaking(Faulty):
    def configure_interaction(self, request):
        raise ZeroDivisionError("by zero")

class BreakingLate(Faulty):
    def generate_content(self, request):
        raise ZeroDivisionError("by zero")

class Dying(Faulty):
    def compare_contents(self, request):
        os._exit(3)

class Silent(Faulty):
    def compare_contents(self, request):
        if request.actual.content == b"x":
            threading.Event().wait(60)
        return []

class Idle(Faulty):
    def catalogue(self):
        return []

class Unfindable(Faulty):
    def catalogue(self):
        return content_entries("faulty")
"""


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("Faulty", None),
        ("NeverContent", "CompareContents: the body of its one part does not match itself"),
        ("OfAnotherType", "CompareContents: the body of its one part does not match itself"),
        ("Speechless", "CompareContents: it says: no comparison today"),
        ("Breaking", "ConfigureInteraction: The plugin faulty/1.0.0: ConfigureInteraction failed with INTERNAL"),
        ("BreakingLate", "GenerateContent: The plugin faulty/1.0.0: GenerateContent failed with INTERNAL"),
        ("Dying", "CompareContents: The plugin faulty/1.0.0 was started again for CompareContents and failed again"),
        ("Silent", "CompareContents: The plugin faulty/1.0.0: CompareContents got no answer within 5 seconds"),
        ("Idle", "InitPlugin: it offers nothing: no host will ever ask it"),
        ("Unfindable", "InitPlugin: it offers the content-matcher 'faulty' without 'content-types'"),
    ],
)
def test_check_says_what_a_plugin_does_wrong_and_ends_it(tmp_path: Path, name: str, wrong: str | None) -> None:
    file = tmp_path / "faulty.py"
    file.write_text(_FAULTY)
    place = packaged(tmp_path / "plugins", f"{file}:{name}")
    done = plugin("check", place, "--plugin-timeout", "5" if name == "Silent" else "60")
    assert done.returncode == (2 if wrong else 0), done.stdout + done.stderr
    found = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert bool(found) is bool(wrong)
    if wrong:
        assert found[0].startswith(f"WRONG  {wrong}")
        assert done.stdout.splitlines()[-1] == f"faulty/1.0.0 does {len(found)} thing(s) wrong"
    pid = place / "pid"
    assert not pid.exists() or not is_alive(int(pid.read_text()))


def test_a_plugin_that_does_not_start_is_told_from_one_that_does_wrong(tmp_path: Path) -> None:
    place = packaged(tmp_path, "csv")
    (place / "pact-csv-plugin").write_text("#!/bin/sh\necho no luck >&2\nexit 4\n")
    done = plugin("check", place)
    assert done.returncode == 1
    assert "ended with exit code 4 before it said where it listens" in done.stderr
    assert "no luck" in done.stderr


@pytest.mark.parametrize(
    ("contents", "words"), [("{", "--contents is not JSON"), ("[1]", "--contents has to be a JSON object")]
)
def test_contents_for_a_check_are_a_json_object(tmp_path: Path, contents: str, words: str) -> None:
    done = plugin("check", tmp_path, "--contents", contents)
    assert done.returncode == 1
    assert words in done.stderr


def test_a_directory_without_a_manifest_cannot_be_checked(tmp_path: Path) -> None:
    done = plugin("check", tmp_path)
    assert done.returncode == 1
    assert "pact-plugin.json cannot be read" in done.stderr


# run


@pytest.mark.parametrize("spelled", ["csv", "pactmock.plugins.csv:CsvPlugin", f"{JSONL}:JsonlPlugin"])
def test_run_serves_a_python_plugin(spelled: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, "plugin", "run", spelled], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        connection = Channel(StartupLine(said["port"], said["serverKey"]), plugin_v2_pb2, HANG)
        try:
            offer = connection.ask(INIT_PLUGIN, Introduction("a test", "0"), HANG)
        finally:
            connection.close()
        assert [entry.kind.value for entry in offer.catalogue] == ["content-matcher", "content-generator"]
    finally:
        process.kill()
        process.communicate(timeout=HANG)
