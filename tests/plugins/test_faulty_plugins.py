"""A plugin that does not behave is told about in a sentence, in time, and leaves no process and no damage behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.authoring import MEDIA_TYPE
from pactmock.control.running import Service
from pactmock.plugins.settings import PluginSettings
from pactmock.service.settings import ServiceSettings
from tests.pacts import USERS
from tests.plugin_directory import install, none_left, processes_of
from tests.process import service as service_process

TYPE = {"Content-Type": MEDIA_TYPE}
CSV = {"Content-Type": "text/csv;charset=utf-8"}
"""Seconds that are much for a busy machine, and little beside the minute that a plugin has by default."""
PLUGIN = """
import os, sys
from pactmock.plugins import serve
from pactmock.plugins.csv import CsvPlugin
class Faulty(CsvPlugin):
    name, version = "faulty", "1.0.0"
"""
SERVE = "\nserve(Faulty())"


def _contract() -> dict[str, Any]:
    contents = {"content-type": "text/csv", "csvHeaders": False, "column:1": "matching(number,1)"}
    return {
        "consumer": "c",
        "provider": "p",
        "plugins": [{"name": "faulty", "version": "1.0.0"}],
        "interactions": [
            {"description": "d", "request": {"method": "POST", "path": "/x", "contents": contents}},
        ],
    }


@pytest.fixture
async def plugins(tmp_path: Path) -> AsyncIterator[Path]:
    """A plugin directory, of which no process is left when the test is over."""
    yield tmp_path / "plugins"
    assert none_left(tmp_path)


@asynccontextmanager
async def _service(plugins: Path, **limits: float) -> AsyncIterator[aiohttp.ClientSession]:
    settings = ServiceSettings(port=0, output=plugins.parent / "pacts", plugins=PluginSettings(plugins, **limits))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as session:
        yield session


@pytest.fixture
async def control(plugins: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A service with that plugin directory, which waits longer for a plugin to start than a test may take."""
    async with _service(plugins, start_timeout=600) as session:
        yield session


async def _create(control: aiohttp.ClientSession) -> tuple[int, dict[str, Any]]:
    async with control.post("/", data=json.dumps(_contract()), headers=TYPE) as response:
        return response.status, await response.json()


async def _refusal(control: aiohttp.ClientSession) -> str:
    """Create a mock server that cannot be, and another that can: the service serves on."""
    status, document = await _create(control)
    assert (status, document["code"]) == (422, "plugin_failed"), document
    async with control.post("/", json=USERS) as response:
        assert response.status == 200
    return str(document["error"])


async def _mismatch(control: aiohttp.ClientSession, body: str = "x\n") -> str:
    """Send a request to a mock server whose plugin compares it, and return what the one mismatch says."""
    status, document = await _create(control)
    assert status == 200, document
    server = document["mockServer"]
    async with aiohttp.ClientSession() as http, http.post(f"{server['url']}/x", data=body, headers=CSV) as response:
        assert response.status == 500
    async with control.get(f"/mockserver/{server['id']}/mismatches") as response:
        (failure,) = await response.json()
    (found,) = failure["mismatches"]
    return str(found["mismatch"])


async def test_noise_before_the_startup_line_is_passed_over(control: aiohttp.ClientSession, plugins: Path) -> None:
    install(plugins, "faulty", 'print("Loading [1/2] ...", "\\xff", "done", sep="\\n", flush=True)' + PLUGIN + SERVE)
    assert await _mismatch(control) == "Expected 'x' to match a number"


async def test_a_plugin_that_never_says_where_it_listens_is_given_up_in_time(plugins: Path) -> None:
    install(plugins, "faulty", 'import time; print("wait", file=sys.stderr, flush=True); time.sleep(600)')
    async with _service(plugins, start_timeout=5.0) as control:
        begin = time.monotonic()
        text = await _refusal(control)
        assert time.monotonic() - begin >= 5.0
    assert "did not say on its standard output where it listens within 5 seconds" in text
    assert "wait" in text
    assert none_left(plugins)


async def test_a_plugin_that_dies_at_start_is_told_with_its_exit_code_and_last_words(
    control: aiohttp.ClientSession, plugins: Path
) -> None:
    install(plugins, "faulty", 'sys.exit("no licence")')
    text = await _refusal(control)
    assert "The plugin faulty/1.0.0 ended with exit code 1 before it said where it listens" in text
    assert "no licence" in text


async def test_a_plugin_that_is_killed_at_start_is_told_with_the_signal(
    control: aiohttp.ClientSession, plugins: Path
) -> None:
    install(plugins, "faulty", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert "was ended by SIGSEGV" in await _refusal(control)


async def test_a_program_that_is_not_there_is_told_with_its_path(control: aiohttp.ClientSession, plugins: Path) -> None:
    install(plugins, "faulty", "")
    (plugins / "faulty-1.0.0" / "plugin").unlink()
    text = await _refusal(control)
    assert f"Was not able to start plugin process for '{plugins}/faulty-1.0.0/plugin' - there is no such file" in text


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{nonsense", "printed a startup line that is not JSON"),
        ('{"serverKey": "k"}', "printed a startup line without a port from 1 to 65535"),
        ('{"port": 1.5, "serverKey": "k"}', "printed a startup line without a port from 1 to 65535"),
        ('{"port": 1234}', "printed a startup line without a serverKey"),
    ],
)
async def test_a_startup_line_that_is_garbage_is_refused_at_once(
    control: aiohttp.ClientSession, plugins: Path, line: str, problem: str
) -> None:
    install(plugins, "faulty", f"import time; print({line!r}, flush=True); time.sleep(600)")
    text = await _refusal(control)
    assert problem in text
    assert line in text


async def test_a_port_on_which_nobody_speaks_grpc_is_given_up_in_time(plugins: Path) -> None:
    program = """
import json, socket
listener = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"port": listener.getsockname()[1], "serverKey": "k"}), flush=True)
while True:
    connection, _ = listener.accept()
    connection.sendall(b"220 smtp.example.org ready\\r\\n")
"""
    install(plugins, "faulty", program)
    async with _service(plugins, start_timeout=3.0) as control:
        text = await _refusal(control)
    assert "Failed to send init request to the plugin faulty/1.0.0" in text
    assert "does not speak gRPC" in text


async def test_a_plugin_that_dies_while_it_compares_is_started_again_and_then_a_mismatch(
    control: aiohttp.ClientSession, plugins: Path
) -> None:
    dies = "    def compare_contents(self, request):\n        print('boom', file=sys.stderr, flush=True); os._exit(9)"
    install(plugins, "faulty", PLUGIN + dies + SERVE)
    text = await _mismatch(control)
    assert "was started again for CompareContents and failed again: it ended with exit code 9" in text
    assert "boom" in text


async def test_a_plugin_that_died_once_is_started_again_and_the_request_is_compared(
    control: aiohttp.ClientSession, plugins: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "died"
    dies = (
        f"    def compare_contents(self, request):\n        if not os.path.exists({str(mark)!r}):\n"
        f"            open({str(mark)!r}, 'w').close(); os._exit(9)\n        return super().compare_contents(request)"
    )
    install(plugins, "faulty", PLUGIN + dies + SERVE)
    assert await _mismatch(control) == "Expected 'x' to match a number"
    assert mark.exists()


async def test_a_plugin_that_died_is_started_again_however_long_its_end_takes_to_be_seen(
    control: aiohttp.ClientSession, plugins: Path, tmp_path: Path
) -> None:
    """On a busy machine its guard has no time for more than a second: here it is stopped for as long."""
    mark = tmp_path / "died"
    dies = f"""
    def compare_contents(self, request):
        import signal, subprocess
        if not os.path.exists({str(mark)!r}):
            open({str(mark)!r}, 'w').close()
            os.kill(os.getppid(), signal.SIGSTOP)
            wakes = f"sleep 1.5; kill -CONT {{os.getppid()}}"
            subprocess.Popen(["/bin/sh", "-c", wakes], start_new_session=True)
            os._exit(9)
        return super().compare_contents(request)"""
    install(plugins, "faulty", PLUGIN + dies + SERVE)
    assert await _mismatch(control) == "Expected 'x' to match a number"
    assert mark.exists()


async def test_a_plugin_that_exited_while_nobody_asked_is_started_again(
    control: aiohttp.ClientSession, plugins: Path
) -> None:
    install(plugins, "faulty", PLUGIN + SERVE)
    status, document = await _create(control)
    assert status == 200
    for process in processes_of(plugins):
        os.kill(process, signal.SIGKILL)
    assert none_left(plugins)
    async with aiohttp.ClientSession() as http:
        url = f"{document['mockServer']['url']}/x"
        async with http.post(url, data="5\n", headers=CSV) as response:
            assert response.status == 200


async def test_a_plugin_that_answers_garbage_is_a_mismatch_that_says_so(
    control: aiohttp.ClientSession, plugins: Path
) -> None:
    program = """
from pactmock.plugins.authors import sdk
class Garbage:
    def SerializeToString(self):
        return b"\\xff\\xff\\xff"
answer = sdk.Answering.answer
def garbage(self, call, *rest):
    return Garbage() if call.name == "CompareContents" else answer(self, call, *rest)
sdk.Answering.answer = garbage
"""
    install(plugins, "faulty", PLUGIN + program + SERVE)
    text = await _mismatch(control)
    assert "The plugin faulty/1.0.0: CompareContents failed with INTERNAL" in text


async def test_a_plugin_that_does_not_answer_is_a_mismatch_in_time(plugins: Path) -> None:
    hangs = "    def compare_contents(self, request):\n        import time; time.sleep(600)"
    install(plugins, "faulty", PLUGIN + hangs + SERVE)
    async with _service(plugins, call_timeout=5.0) as control:
        text = await _mismatch(control)
    assert "CompareContents got no answer within 5 seconds" in text


async def test_a_plugin_ends_with_what_it_started_when_the_service_is_killed(plugins: Path, tmp_path: Path) -> None:
    """The service cannot do anything about its own SIGKILL; the guard of the plugin does."""
    child = f"import subprocess; subprocess.Popen(['sleep', '600', ], cwd='/', executable='{plugins}/sleep')"
    install(plugins, "faulty", PLUGIN + child + SERVE)
    (plugins / "sleep").symlink_to("/bin/sleep")
    with service_process(tmp_path / "pacts", "--plugin-dir", str(plugins)) as running:
        async with aiohttp.ClientSession(running.url) as control:
            assert (await _create(control))[0] == 200
        assert len(processes_of(plugins)) >= 2  # the guard and the plugin
        running.process.kill()
        assert none_left(plugins)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
@pytest.mark.parametrize("how", ["stop", "kill", "crash"])
async def test_a_daemon_of_a_plugin_ends_with_it(plugins: Path, tmp_path: Path, how: str) -> None:
    """It has a session of its own, no parent, ignores SIGTERM, and starts another that does so."""
    (plugins / "sh").parent.mkdir(parents=True, exist_ok=True)
    (plugins / "sh").symlink_to("/bin/sh")
    daemon = f"trap '' TERM; setsid {plugins}/sh -c 'trap \"\" TERM; sleep 60; :' & sleep 60; :"
    program = f"""
import subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        subprocess.Popen(["{plugins}/sh", "-c", {daemon!r}])
    os._exit(0)
os.wait()
"""
    install(plugins, "faulty", "import os" + PLUGIN + program + SERVE)
    with service_process(tmp_path / "pacts", "--plugin-dir", str(plugins)) as running:
        async with aiohttp.ClientSession(running.url) as control:
            assert (await _create(control))[0] == 200
        while len(processes_of(plugins)) < 4:  # noqa: ASYNC110  guard, plugin, and two shells tell nobody
            await asyncio.sleep(0.02)
        try:
            if how == "crash":
                plugin = next(process for process in processes_of(plugins) if _is_plugin(process))
                os.kill(plugin, signal.SIGKILL)
            else:
                running.process.send_signal(signal.SIGTERM if how == "stop" else signal.SIGKILL)
            assert none_left(plugins)
        finally:
            for process in processes_of(plugins):
                os.kill(process, signal.SIGKILL)


def _is_plugin(process: int) -> bool:
    command = Path(f"/proc/{process}/cmdline").read_bytes()
    return b"guard.py" not in command and b"sh\0-c" not in command


async def test_plugins_end_with_the_service(plugins: Path, tmp_path: Path) -> None:
    install(plugins, "faulty", PLUGIN + SERVE)
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", plugins=PluginSettings(plugins))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        assert (await _create(control))[0] == 200
        assert processes_of(plugins)
    assert not processes_of(plugins)


async def test_a_plugin_that_died_at_start_is_told_at_once_though_a_child_holds_its_output(
    control: aiohttp.ClientSession, plugins: Path, tmp_path: Path
) -> None:
    """The child is in a session of its own, so that it does not end with the plugin: it waits until a file is gone."""
    mark = tmp_path / "stay"
    mark.touch()
    child = ["sh", "-c", f"while [ -e '{mark}' ]; do sleep 0.1; done"]
    install(plugins, "faulty", f"import subprocess\nsubprocess.Popen({child}, start_new_session=True)\nsys.exit(3)")
    try:
        assert "ended with exit code 3 before it said where it listens" in await _refusal(control)
    finally:
        mark.unlink()
