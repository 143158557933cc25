"""A plugin in Python cannot harm the service: whatever it raises, answers or does not answer is its own error."""

from __future__ import annotations

import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pactmock
from pactmock.errors import InvalidPact, PluginError
from pactmock.matching.book import Book
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.verdict import Outcome
from pactmock.pact import matching_rules as rules
from pactmock.pact.documents import reading
from pactmock.pact.generators import Generator
from pactmock.plugins import (
    CatalogueEntry,
    CompareRequest,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    Plugin,
    StartMockServerRequest,
    compile_text_check,
    content_entries,
    spend,
)
from pactmock.plugins.binding.kept_data import NamedPlugin
from pactmock.plugins.binding.pact_plugins import PactPlugins
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.installed.host import PluginHost
from pactmock.plugins.process.in_process import InProcess
from pactmock.plugins.settings import PluginSettings
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call, service

SETTINGS = PluginSettings(start_timeout=HANG, call_timeout=HANG, configure_timeout=HANG)
TSV = {"Content-Type": "text/tsv"}
PACT = {
    **pact(interaction("a table", {"method": "POST", "path": "/x", "headers": TSV, "body": "a"}), version="4.0"),
    "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": [{"name": "odd", "version": "1.0.0"}]},
}


class Odd(Plugin):
    """Does what it is given whenever it is asked."""

    name, version = "odd", "1.0.0"

    def __init__(self, does: Callable[[], Any]) -> None:
        self._does = does

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return content_entries("odd", "text/tsv")

    _do: Any = lambda self, _question: self._does()
    configure_interaction = compare_contents = generate_content = match_field = generate_field = _do
    start_mock_server = mock_server_results = shut_down_mock_server = _do


class Prompt(Odd):
    """Never waits, so it is asked where a request arrives."""

    may_block = False


def _raising(error: BaseException) -> Callable[[], Any]:
    def does() -> Any:
        raise error

    return does


class _Unshowable(BaseException):
    def __repr__(self) -> str:
        raise SystemExit(3)


ERRORS = [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), StopIteration(), _Unshowable(), ValueError("no")]


def _asked(does: Callable[[], Any], settings: PluginSettings = SETTINGS, kind: type[Odd] = Odd) -> InProcess:
    return InProcess(lambda: kind(does), "tests:Odd", settings)


CALLS: list[Callable[[InProcess], Any]] = [
    lambda plugin: plugin.configure_interaction(ConfigureRequest("text/tsv", {})),
    lambda plugin: plugin.compare_contents(CompareRequest(None, None)),
    lambda plugin: plugin.comparison(CompareRequest(None, None))(None),
    lambda plugin: plugin.generate_content(GenerateRequest(Contents())),
    lambda plugin: plugin.match_field(MatchFieldRequest("k", rules.Type(), "a", "b")),
    lambda plugin: plugin.generate_field(GenerateFieldRequest("k", Generator("k", {}), "a")),
    lambda plugin: plugin.start_mock_server(StartMockServerRequest()),
    lambda plugin: plugin.mock_server_results("k"),
    lambda plugin: plugin.shut_down_mock_server("k"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("ask", CALLS)
def test_whatever_a_plugin_raises_is_an_error_of_the_plugin(
    error: BaseException, ask: Callable[[InProcess], Any]
) -> None:
    with pytest.raises(PluginError, match=rf"odd/1\.0\.0 could not .*: it raised _?{type(error).__name__.strip('_')}"):
        ask(_asked(_raising(error)))


@pytest.mark.parametrize("error", [item for item in ERRORS if not isinstance(item, KeyboardInterrupt)])
@pytest.mark.parametrize("ask", CALLS)
def test_so_it_is_where_the_plugin_never_blocks(error: BaseException, ask: Callable[[InProcess], Any]) -> None:
    with pytest.raises(PluginError, match=r"odd/1\.0\.0 could not .*: it raised"):
        ask(_asked(_raising(error), kind=Prompt))


@pytest.mark.parametrize("kind", [Odd, Prompt])
def test_a_plugin_that_never_blocks_is_asked_in_no_other_thread(kind: type[Odd]) -> None:
    asked_in: list[int] = []

    def does() -> Any:
        asked_in.append(threading.get_ident())
        return ()

    _asked(does, kind=kind).compare_contents(CompareRequest(None, None))
    assert (asked_in == [threading.get_ident()]) is not kind.may_block


@pytest.mark.parametrize("kind", [Odd, Prompt])
def test_a_plugin_spends_what_the_request_may_take_and_stops_when_nothing_is_left(kind: type[Odd]) -> None:
    def works() -> Any:
        while True:
            spend()

    with Budget(0.1) as given, pytest.raises(OutOfBudget):
        _asked(works, kind=kind).compare_contents(CompareRequest(None, None))
    assert given.left == 0


@pytest.mark.parametrize("kind", [Odd, Prompt])
def test_a_body_that_a_plugin_cannot_compare_in_time_is_undecided(kind: type[Odd]) -> None:
    def works() -> Any:
        while True:
            spend()

    played = reading.read_pact(PACT)
    plugin = _asked(works, kind=kind)
    bound = PactPlugins({plugin: NamedPlugin("odd", "1.0.0", {})}, Catalogue([plugin])).bind(played)
    book = Book(bound.pact.http_interactions, bound.body_compilers)
    with Budget(0.1):
        verdict = book.match(replace(played.http_interactions[0].request, headers={"content-type": ("text/tsv",)}))
    assert verdict.outcome is Outcome.UNDECIDED
    assert "it was given up after 0.1 second(s) of work" in verdict.mismatches[0].mismatch


def test_a_plugin_stops_when_what_it_does_is_wanted_by_nobody_any_more() -> None:
    with Budget(60) as given:
        begun = threading.Event()

        def works() -> Any:
            begun.set()
            while True:
                spend()

        def stop() -> None:
            begun.wait()
            given.cancel()

        threading.Thread(target=stop).start()
        with pytest.raises(OutOfBudget, match="the mock server ends"):
            _asked(works).compare_contents(CompareRequest(None, None))


def test_a_pattern_that_takes_too_long_without_a_request_is_an_error_of_the_plugin(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check = compile_text_check(rules.Regex("^(a|aa)+$"))
    with pytest.raises(PluginError, match=r"odd/1\.0\.0 could not .*: .* was given up on"):
        _asked(lambda: check("a", f"{'a' * 60}!", False)).configure_interaction(ConfigureRequest("text/tsv", {}))
    assert not caplog.text


@pytest.mark.parametrize("ask", CALLS)
def test_an_error_in_words_stays_as_it_is(ask: Callable[[InProcess], Any]) -> None:
    with pytest.raises(InvalidPact, match=r"^in words$"):
        ask(_asked(_raising(InvalidPact("in words"))))


@pytest.mark.parametrize("answer", [object(), {1}, [ContentMismatch(None)], [ContentMismatch("a", expected="b")]])  # type: ignore[arg-type]
@pytest.mark.parametrize("ask", CALLS)
def test_what_is_no_answer_is_an_error_of_the_plugin(ask: Callable[[InProcess], Any], answer: Any) -> None:
    with pytest.raises(PluginError, match="which is no answer to that"):
        ask(_asked(lambda: answer))


def test_what_is_answered_bit_by_bit_is_an_answer_and_may_fail_in_the_middle() -> None:
    def fails() -> Iterator[ContentMismatch]:
        yield ContentMismatch("a")
        raise SystemExit(1)

    mismatches = (ContentMismatch("a"), ContentMismatch("b"))
    assert _asked(lambda: iter(mismatches)).compare_contents(CompareRequest(None, None)) == mismatches
    with pytest.raises(PluginError, match="SystemExit"):
        _asked(fails).compare_contents(CompareRequest(None, None))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_plugin_that_cannot_be_made_or_says_nothing_of_itself_is_refused(error: BaseException) -> None:
    class Mute(Odd):
        def catalogue(self) -> Sequence[CatalogueEntry]:
            raise error

    class Nameless(Odd):
        name = ""

    for make in (_raising(error), lambda: Mute(dict), lambda: Nameless(dict)):
        with pytest.raises(PluginError, match="could not"):
            InProcess(make, "tests:Mute", SETTINGS)


def test_a_call_that_does_not_come_back_is_given_up_and_others_are_made_until_too_many_are() -> None:
    release = threading.Event()
    waits = [True] * 32

    def does() -> Any:
        if waits:
            waits.pop()
            release.wait(HANG)
        return ()

    plugin = _asked(does, PluginSettings(call_timeout=0.02))
    try:
        for _ in range(32):
            with pytest.raises(PluginError, match=r"it gave no answer within 0\.02 seconds"):
                plugin.compare_contents(CompareRequest(None, None))
        with pytest.raises(PluginError, match="32 calls never came back, so no more are made: restart the service"):
            plugin.compare_contents(CompareRequest(None, None))
    finally:
        release.set()
    until = time.monotonic() + HANG
    while True:
        try:
            assert plugin.compare_contents(CompareRequest(None, None)) == ()
            break
        except PluginError:
            assert time.monotonic() < until


def test_a_host_ends_in_time_when_a_plugin_does_not() -> None:
    release = threading.Event()

    class Lasting(Odd):
        def close(self) -> None:
            release.wait(600)

    host = PluginHost(SETTINGS, [Lasting(dict)])
    host.close()
    assert not release.is_set()
    release.set()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_the_client_gets_an_answer_and_the_server_plays_on(error: BaseException) -> None:
    raises = [True, False]
    with pactmock.SyncMockServer(PACT, plugins=[Odd(lambda: _raising(error)() if raises.pop(0) else ())]) as server:
        for status in (500, 200):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=HANG)
            connection.request("POST", "/x", b"b", TSV)
            response = connection.getresponse()
            assert (response.status, b"could not compare contents" in response.read()) == (status, status == 500)
            connection.close()


@contextmanager
def _installed(place: Path, compare: str) -> Iterator[dict[str, str]]:
    """Make a package with a Python plugin; what is yielded lets a process find it."""
    (place / "odd_plugin.py").write_text(
        "import os, sys, time, threading\n"
        "from pactmock.plugins import Plugin\n"
        "from pactmock.plugins import content_entries\n"
        "class Odd(Plugin):\n"
        "    name, version = 'odd', '1.0.0'\n"
        "    def catalogue(self):\n"
        "        return content_entries('odd', 'text/tsv')\n"
        "    def compare_contents(self, request):\n"
        f"        {compare}\n"
    )
    info = place / "odd_plugin-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-plugin\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[pactmock.plugins]\nodd = odd_plugin:Odd\n")
    yield {"PYTHONPATH": str(place)}


def test_a_service_outlives_a_plugin_that_exits(tmp_path: Path) -> None:
    with _installed(tmp_path, "sys.exit(3)") as found, service(tmp_path / "pacts", **found) as running:
        status, created = call("POST", running.url, PACT)
        assert status == 200, created
        connection = http.client.HTTPConnection("127.0.0.1", created["mockServer"]["port"], timeout=HANG)
        connection.request("POST", "/x", b"b", TSV)
        assert b"it raised SystemExit(3)" in connection.getresponse().read()
        connection.close()
        assert call("GET", f"{running.url}/health")[0] == 200


def test_a_service_ends_in_time_while_a_plugin_is_stuck(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    stuck = f"open({str(begun)!r}, 'w').close(); threading.Event().wait()"
    with _installed(tmp_path, stuck) as found, service(tmp_path / "pacts", **found) as running:
        created = call("POST", running.url, PACT)[1]
        connection = http.client.HTTPConnection("127.0.0.1", created["mockServer"]["port"], timeout=HANG)
        connection.request("POST", "/x", b"b", TSV)
        until = time.monotonic() + HANG
        while not begun.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(HANG) == 0
        connection.close()
