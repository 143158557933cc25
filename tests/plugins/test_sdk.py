"""A plugin in Python is served to every framework, over both interfaces, to who knows the key, while its host lives."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isfunction
from pathlib import Path
from typing import Any

import grpc
import pytest

from pactmock.errors import PluginError
from pactmock.generators.context import Mode
from pactmock.pact.generators import Generator
from pactmock.pact.matching_rules import Plugin as PluginRule
from pactmock.plugins import (
    CompareRequest,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    Plugin,
    StartMockServerRequest,
)
from pactmock.plugins.authors.sdk import PluginServer
from pactmock.plugins.process.channel import CallFailed, Channel
from pactmock.plugins.process.grpc_plugin import GrpcPlugin
from pactmock.plugins.process.in_process import InProcess
from pactmock.plugins.process.process import StartupLine
from pactmock.plugins.proto import plugin_v1_pb2, plugin_v2_pb2
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.calls import CALLS
from pactmock.plugins.protocol.content_calls import (
    COMPARE_CONTENTS,
    CONFIGURE_INTERACTION,
    GENERATE_CONTENT,
    UPDATE_CATALOGUE,
)
from pactmock.plugins.protocol.field_calls import GENERATE_FIELD, MATCH_FIELD
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN, Introduction
from pactmock.plugins.protocol.mock_server_calls import GET_MOCK_SERVER_RESULTS, START_MOCK_SERVER
from pactmock.plugins.protocol.terms import TERMS
from tests.patience import HANG
from tests.plugins import talkative
from tests.plugins.talkative import TalkativePlugin

V1: Any = plugin_v1_pb2
V2: Any = plugin_v2_pb2
IN_BOTH = pytest.mark.parametrize("messages", [V1, V2], ids=("V1", "V2"))
WHO = Introduction("a test", "0", ("matcher/regex",), "an instance")
LOUD, QUIET = Contents(b"LOUD", "text/loud"), Contents(b"quiet", "text/loud")


@pytest.fixture
def server() -> Iterator[PluginServer]:
    running = PluginServer(TalkativePlugin())
    yield running
    running.close()


@contextmanager
def connected(server: PluginServer, messages: Any, key: str | None = None) -> Iterator[Channel]:
    connection = Channel(StartupLine(server.port, server.key if key is None else key), messages, HANG)
    try:
        yield connection
    finally:
        connection.close()


@IN_BOTH
def test_a_plugin_introduces_itself_with_its_catalogue(server: PluginServer, messages: Any) -> None:
    with connected(server, messages) as connection:
        offer = connection.ask(INIT_PLUGIN, WHO, HANG)
    assert offer.catalogue == (*TalkativePlugin().catalogue(),)


@IN_BOTH
def test_a_plugin_is_asked_and_answers(server: PluginServer, messages: Any) -> None:
    with connected(server, messages) as connection:
        connection.ask(UPDATE_CATALOGUE, (), HANG)
        (part,) = connection.ask(CONFIGURE_INTERACTION, ConfigureRequest("text/loud", {"text": "hey"}), HANG).parts
        assert part.contents == Contents(b"HEY", "text/loud")
        assert connection.ask(COMPARE_CONTENTS, CompareRequest(LOUD, LOUD), HANG) == ()
        assert connection.ask(COMPARE_CONTENTS, CompareRequest(LOUD, QUIET), HANG) == (
            ContentMismatch("it is quiet", "$", actual=b"quiet"),
        )
        assert connection.ask(GENERATE_CONTENT, GenerateRequest(LOUD), HANG) is None


def test_fields_are_matched_and_generated_in_v2(server: PluginServer) -> None:
    rule = PluginRule("loud", {})
    with connected(server, V2) as connection:
        assert connection.ask(MATCH_FIELD, MatchFieldRequest("loud", rule, "A", "B"), HANG) == ()
        (found,) = connection.ask(MATCH_FIELD, MatchFieldRequest("loud", rule, "A", "b", "$.a"), HANG)
        assert (found.mismatch, found.path) == ("it is quiet", "$.a")
        asked = GenerateFieldRequest("loud", Generator("loud", {}), "a", mode=Mode.CONSUMER)
        assert connection.ask(GENERATE_FIELD, asked, HANG) == "A"


OF_PROVIDERS = frozenset({"PrepareInteractionForVerification", "VerifyInteraction"})
"""Calls of who verifies a provider, which no mock server does."""


@IN_BOTH
def test_every_call_of_the_protocol_is_served_but_those_that_verify_providers(
    server: PluginServer, messages: Any
) -> None:
    service = messages.DESCRIPTOR.services_by_name["PactPlugin"]
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        unserved = {method.name for method in service.methods if _is_unserved(channel, service.full_name, method.name)}
    assert unserved == OF_PROVIDERS


def _is_unserved(channel: grpc.Channel, service: str, name: str) -> bool:
    """Ask without the key: who serves a call wants to see that first."""
    with pytest.raises(grpc.RpcError) as failed:
        channel.unary_unary(f"/{service}/{name}")(b"", timeout=HANG)
    error: Any = failed.value
    return error.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("kind", [InProcess, GrpcPlugin])
def test_every_call_of_a_plugin_is_passed_on_however_it_runs(kind: type[Plugin]) -> None:
    calls = {name for name, member in vars(Plugin).items() if isfunction(member) and not name.startswith("_")}
    passed_on = {name for name in calls if getattr(kind, name) is not getattr(Plugin, name)}
    assert calls - passed_on <= {"comparison"}  # which makes many of one


def test_every_method_that_is_called_on_some_terms_is_a_call_of_the_protocol() -> None:
    assert [call.method for call in CALLS] == ["catalogue", *TERMS]


@pytest.mark.parametrize("name", ["MatchField", "GenerateField"])
def test_v1_has_no_calls_about_fields(server: PluginServer, name: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        ask = channel.unary_unary(f"/io.pact.plugin.PactPlugin/{name}")
        with pytest.raises(grpc.RpcError) as failed:
            ask(b"", timeout=HANG, metadata=[("authorization", server.key)])
    error: Any = failed.value
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("key", ["wrong", "", "Bearer {}"])
@IN_BOTH
def test_who_does_not_know_the_key_is_not_answered(server: PluginServer, messages: Any, key: str) -> None:
    with connected(server, messages, key.format(server.key)) as connection:
        asked: tuple[tuple[Call[Any, Any], Any], ...] = (
            (INIT_PLUGIN, WHO),
            (COMPARE_CONTENTS, CompareRequest(LOUD, LOUD)),
        )
        for call, question in asked:
            with pytest.raises(CallFailed) as failed:
                connection.ask(call, question, HANG)
            assert failed.value.grpc_status == "UNAUTHENTICATED"


@IN_BOTH
def test_what_a_plugin_says_it_cannot_do_is_the_error_of_the_answer(server: PluginServer, messages: Any) -> None:
    with connected(server, messages) as connection:
        with pytest.raises(PluginError) as refused:
            connection.ask(CONFIGURE_INTERACTION, ConfigureRequest("text/loud", {}), HANG)
        assert not isinstance(refused.value, CallFailed)
        assert refused.value.message == "it needs a 'text'"


@IN_BOTH
def test_where_an_answer_has_no_place_for_an_error_the_call_is_aborted(server: PluginServer, messages: Any) -> None:
    with connected(server, messages) as connection:
        with pytest.raises(CallFailed, match="it generates nothing") as generating:
            connection.ask(GENERATE_CONTENT, GenerateRequest(LOUD, {"$": Generator("Uuid", {})}), HANG)
        with pytest.raises(CallFailed, match="does not know the mock server nobody") as asking:
            connection.ask(GET_MOCK_SERVER_RESULTS, "nobody", HANG)
    assert (generating.value.grpc_status, asking.value.grpc_status) == ("ABORTED", "ABORTED")


@IN_BOTH
def test_a_call_that_is_not_written_says_that_it_is_not_offered(server: PluginServer, messages: Any) -> None:
    with (
        connected(server, messages) as connection,
        pytest.raises(PluginError, match=r"The plugin talkative/\S+ does not start"),
    ):
        connection.ask(START_MOCK_SERVER, StartMockServerRequest("127.0.0.1"), HANG)


def test_a_plugin_that_breaks_is_an_internal_error_and_goes_on(
    server: PluginServer, caplog: pytest.LogCaptureFixture
) -> None:
    rule = PluginRule("loud", {})
    with connected(server, V2) as connection:
        with pytest.raises(CallFailed, match="raised TypeError") as failed:
            connection.ask(MATCH_FIELD, MatchFieldRequest("loud", rule, "A", 1), HANG)
        assert connection.ask(MATCH_FIELD, MatchFieldRequest("loud", rule, "A", "B"), HANG) == ()
    assert failed.value.grpc_status == "INTERNAL"
    assert "MatchField failed" in caplog.text


def test_each_server_has_a_key_of_its_own_on_a_port_of_its_own(server: PluginServer) -> None:
    other = PluginServer(TalkativePlugin())
    try:
        assert json.loads(server.startup_line) == {"port": server.port, "serverKey": server.key}
        assert (other.port, other.key) != (server.port, server.key)
        assert len(server.key) >= 32
        assert server.key.isascii()
    finally:
        other.close()


# A process of its own


def environment(**more: str) -> dict[str, str]:
    """Make the environment of a process that finds the package that is tested."""
    root = str(Path(talkative.__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]), **more}


@contextmanager
def process(*command: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**more),
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate(timeout=HANG)


def test_only_the_startup_line_is_on_the_standard_output_whatever_a_plugin_prints() -> None:
    """What it prints, and what programs print that it starts, is on standard error."""
    with process(talkative.__file__) as plugin:
        assert plugin.stdout is not None
        startup = json.loads(plugin.stdout.readline())
        connection = Channel(StartupLine(startup["port"], startup["serverKey"]), V1, HANG)
        try:
            connection.ask(INIT_PLUGIN, WHO, HANG)
            connection.ask(COMPARE_CONTENTS, CompareRequest(LOUD, LOUD), HANG)
        finally:
            connection.close()
        plugin.terminate()
        output, errors = plugin.communicate(timeout=HANG)
    assert output == ""
    for printed in ("printed", "written", "by a child", "comparing"):
        assert printed in errors


@pytest.mark.parametrize(("level", "told"), [("ERROR", True), ("OFF", False), ("TRACE", True), ("nonsense", True)])
def test_a_plugin_logs_on_standard_error_at_the_level_that_the_host_names(level: str, told: bool) -> None:
    with process(talkative.__file__, LOG_LEVEL=level) as plugin:
        assert plugin.stdout is not None
        startup = json.loads(plugin.stdout.readline())
        connection = Channel(StartupLine(startup["port"], startup["serverKey"]), V2, HANG)
        try:
            with pytest.raises(CallFailed):
                connection.ask(MATCH_FIELD, MatchFieldRequest("loud", PluginRule("loud", {}), "A", 1), HANG)
        finally:
            connection.close()
        plugin.terminate()
        _, errors = plugin.communicate(timeout=HANG)
    assert ("ERROR pactmock.plugins.authors.sdk: MatchField failed" in errors) is told


_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, sys.argv[1]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
print(child.pid, child.stdout.readline().decode().strip(), flush=True)
sys.stdin.read()
"""


def test_a_served_plugin_ends_when_the_process_that_started_it_does() -> None:
    """Also when that one was killed: the pipe that the plugin holds open closes."""
    held, holds = os.pipe()
    os.set_inheritable(holds, True)
    program = _PARENT.replace("stderr=subprocess.DEVNULL", f"stderr=subprocess.DEVNULL, pass_fds=[{holds}]")
    parent = subprocess.Popen(
        [sys.executable, "-c", program, talkative.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        pass_fds=[holds],
    )
    os.close(holds)
    assert parent.stdout is not None
    pid, _, startup = parent.stdout.readline().partition(" ")
    try:
        assert json.loads(startup)["port"] > 0
        assert select.select([held], [], [], 0)[0] == [], "the plugin lives"
        parent.kill()
        parent.communicate(timeout=HANG)
        assert select.select([held], [], [], HANG)[0] == [held], "it has ended"
        assert os.read(held, 1) == b""
    except BaseException:
        os.kill(int(pid), signal.SIGKILL)
        raise
    finally:
        parent.kill()
        parent.communicate(timeout=HANG)
        os.close(held)
