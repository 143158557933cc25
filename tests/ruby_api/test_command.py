"""`pactmock ruby`: clients that start `pact-mock-service` find what they know (reference/ruby-api.md §10)."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

import pactmock
from tests.free_ports import free_port
from tests.patience import HANG
from tests.process import COMMAND
from tests.ruby_api.given import document
from tests.ruby_api.processes import DRIVES, PORT, call, run, started


def test_what_pact_js_starts_serves_and_leaves_its_pact(tmp_path: Path) -> None:
    line = (
        "service --consumer Shop --cors false --pact_dir pacts --host 127.0.0.1 --log logs/m.log --log-level WARN"
        " --provider Users --pact_specification_version 2 --ssl false --pact-file-write-mode overwrite"
    )
    with started(*line.split(), cwd=tmp_path) as service:
        assert service.drive("GET", "/") == (200, "Mock service running\n")
        assert service.drive("POST", "/interactions", document()) == (200, "Registered interactions\n")
        assert service.call("OPTIONS", "/x", None, {"Origin": "http://shop.example"})[0] == 200, "--cors false is CORS"
        assert service.call("GET", "/x")[0] == 200
        assert service.call("GET", "/u")[0] == 500
        status, text = service.drive("GET", "/interactions/verification")
        assert (status, text.splitlines()[-1]) == (500, "See logs/m.log for details.")
        code, _, error = service.end(signal.SIGINT)
    assert (code, error) == (0, "")
    assert json.loads((tmp_path / "pacts" / "shop-users.json").read_text())["interactions"][0]["description"]
    assert "Verifying - actual interactions do not match" in (tmp_path / "logs" / "m.log").read_text()


@pytest.mark.parametrize(
    "line",
    [
        "service --host=127.0.0.1 --port={port} --log l.log --pact-dir . --pact-specification-version=2.0.0 --cors",
        "-p {port} -l l.log -d . --consumer C --provider P -i 1.1.0 -h localhost",
        "-p{port} -o -d=. --allow-any-directory --no-ssl",
        "service --cors --port {port}",
        "service --ssl --no-ssl -p {port} --log-level bogus",
    ],
)
def test_lines_of_other_clients_are_read_as_they_were(line: str, tmp_path: Path) -> None:
    port = free_port()
    with started(*line.format(port=port).split(), cwd=tmp_path) as service:
        assert service.port == port
        assert service.drive("GET", "/") == (200, "Mock service running\n")
        assert service.end(signal.SIGTERM)[::2] == (0, "")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--foo", "1"), 'ERROR: "pact-mock-service service" was called with arguments ["--foo", "1"]'),
        (("service", "extra"), 'ERROR: "pact-mock-service service" was called with arguments ["extra"]'),
        (("stop", "--consumer", "C"), 'ERROR: "pact-mock-service stop" was called with arguments ["--consumer", "C"]'),
        (("bogus",), 'Could not find command "bogus".'),
    ],
)
def test_what_nobody_knows_is_told_with_status_0_and_starts_nothing(arguments: tuple[str, ...], text: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.startswith(text)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("service", "--monkeypatch", "a.rb"), "--monkeypatch loads Ruby"),
        (("control", "-p", "1"), "'control' is not there"),
        (("-p", "99999"), "--port '99999' is no port"),
        (("--ssl", "--sslcert", "no.pem"), "--sslcert no.pem cannot be read: No such file"),
        (("--log", "/proc/none/m.log"), "--log /proc/none/m.log: "),
        (("-h", "no.such.host.invalid"), "is not a host that this machine knows"),
        (("--ssl", "--sslkey", "key.pem"), "--sslkey key.pem is the key of no certificate"),
        (("start", "-p", "../1"), "--port '../1' is no port"),
        (("install",), "Say where"),
        (("install", "--force", ""), "Say where"),
    ],
)
def test_what_cannot_be_served_is_an_error_with_a_sentence(
    arguments: tuple[str, ...], text: str, tmp_path: Path
) -> None:
    ended = run(*arguments, cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: ")
    assert text in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("-p", str(taken.getsockname()[1]))
    assert (ended.returncode, "is already in use" in ended.stderr) == (1, True)


def test_the_version_is_one_that_clients_want_and_can_be_another() -> None:
    assert run("version").stdout == "3.11.2\n"
    assert run("version", PACTMOCK_RUBY_VERSION="3.12.4").stdout == "3.12.4\n"


def test_help_has_the_verbs_and_options_and_starts_nothing() -> None:
    assert run("help").stdout == run("--help").stdout == run("service", "--help").stdout
    assert "--pact-file-write-mode" in run("help").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_pact_that_cannot_be_written_at_the_end_is_told_and_the_status_is_0(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with started("--consumer", "C", "--provider", "P", "-d", str(tmp_path / "file" / "pacts")) as service:
        service.drive("POST", "/interactions", document())
        service.call("GET", "/x")
        code, _, error = service.end(number)
    assert code == 0
    assert error.startswith("The pact is not written: ")


@pytest.mark.parametrize("seconds", [0.001, 0.01, 0.03])
def test_a_second_signal_does_not_keep_it_from_writing_its_pact(seconds: float, tmp_path: Path) -> None:
    with started("--consumer", "C", "--provider", "P", "-d", str(tmp_path)) as service:
        service.drive("POST", "/interactions", document())
        assert service.call("GET", "/x")[0] == 200
        service.process.send_signal(signal.SIGINT)
        time.sleep(seconds)
        assert service.end(signal.SIGINT)[0] == 0
    assert (tmp_path / "c-p.json").is_file()


def test_who_has_no_log_file_has_the_log_on_standard_output_and_standard_error_is_silent() -> None:
    with started("--log-level", "INFO") as service:
        service.call("GET", "/forgotten")
        code, output, error = service.end(signal.SIGTERM)
    assert (code, error) == (0, "")
    assert "GET /forgotten was not expected" in output
    assert output.index("going to shutdown") < output.index("WEBrick::HTTPServer#start done.")


def test_it_serves_and_leaves_its_pact_although_nobody_reads_what_it_writes(tmp_path: Path) -> None:
    with started("--consumer", "C", "--provider", "P", "-d", str(tmp_path)) as service:
        for _ in range(300):
            service.call("GET", "/" + "x" * 1000)
        service.drive("POST", "/interactions", document())
        assert service.call("GET", "/x")[0] == 200
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=HANG) == 0
    assert (tmp_path / "c-p.json").is_file()


def test_tls_has_a_certificate_of_its_own_or_the_one_that_is_given(tmp_path: Path) -> None:
    authority = trustme.CA()
    made = authority.issue_cert("localhost")
    made.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    made.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    options = ("--ssl", "--sslcert", str(tmp_path / "cert.pem"), "--sslkey", str(tmp_path / "key.pem"))
    with started(*options, scheme="https") as service:
        assert service.drive("GET", "/", tls=trusting) == (200, "Mock service running\n")
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    with started("--ssl", "true", scheme="https") as service:
        assert service.drive("GET", "/", tls=blind) == (200, "Mock service running\n")
        status, text = call(f"http://localhost:{service.port}/x")
        assert (status, "call it at https://" in text, "beside a control API" in text) == (400, True, True)
        assert service.drive("GET", "/interactions/verification", tls=blind) == (200, "Interactions matched\n")


def test_pages_and_directories_are_allowed_by_the_environment_where_a_client_writes_the_line(tmp_path: Path) -> None:
    page = "https://ours.example"
    allowed = {"PACTMOCK_RUBY_ALLOWED_ORIGIN": "https://a.example https://ours.example"}
    with started("--pact-dir", str(tmp_path), environment=allowed) as service:
        assert service.drive("GET", "/", origin=page)[0] == 200
        assert service.drive("GET", "/", origin="https://evil.example")[0] == 403
    with started(cwd=tmp_path) as service:
        assert service.drive("GET", "/", origin=page)[0] == 403


def test_processes_that_write_one_file_at_once_lose_nothing(tmp_path: Path) -> None:
    numbers = range(4)
    with ExitStack() as stack:
        options = ("--consumer", "C", "--provider", "P", "-d", str(tmp_path), "-m", "merge")
        services = [stack.enter_context(started(*options)) for _ in numbers]

        def write(number: int) -> int:
            service = services[number]
            for each in range(5):
                path = f"/{number}/{each}"
                service.drive("POST", "/interactions", document({"path": path}, description=path))
                assert service.call("GET", path)[0] == 200
                assert service.drive("POST", "/pact")[0] == 200
            return service.end(signal.SIGTERM)[0]

        with ThreadPoolExecutor(len(numbers)) as pool:
            assert list(pool.map(write, numbers)) == [0] * len(numbers)
    written = json.loads((tmp_path / "c-p.json").read_text())["interactions"]
    assert sorted(item["description"] for item in written) == [f"/{each}/{own}" for each in numbers for own in range(5)]


def test_a_start_loads_no_web_server_and_no_models() -> None:
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], "ruby", "service"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert next(filter(PORT.search, process.stdout))
        process.send_signal(signal.SIGTERM)
        imported = {line.rpartition("|")[2].strip() for line in process.communicate(timeout=HANG)[1].splitlines()}
    assert "pactmock.ruby_api.serving.server" in imported
    assert not imported & {"aiohttp", "grpc", "jsonpath_ng", "pydantic", "rich", "trustme", "pactmock.control"}


# start, stop, restart.


def test_a_service_is_started_known_by_its_number_and_stopped(tmp_path: Path) -> None:
    port = str(free_port())
    own = ("--port", port, "--pid_dir", "pids")
    url = f"http://localhost:{port}"
    file = tmp_path / "pids" / f"mock-service-{port}.pid"
    try:
        first = run("start", *own, "--consumer", "C", "--provider", "P", "--pact-dir", "pacts", cwd=tmp_path)
        assert first.returncode == 0, first.stderr
        assert f"port={port}" in first.stdout
        pid = file.read_text()
        assert f"pid={pid} " in first.stdout
        assert run("start", *own, cwd=tmp_path).stderr == "Server already running.\n"
        again = run("restart", *own, "--consumer", "C", "--provider", "P", "--pact-dir", "pacts", cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert file.read_text() != pid
        assert call(f"{url}/interactions", "POST", document(), DRIVES)[0] == 200
        assert call(f"{url}/x")[0] == 200
    finally:
        stopped = run("stop", *own, cwd=tmp_path)
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "", "")
    assert not file.exists()
    assert (tmp_path / "pacts" / "c-p.json").is_file()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", int(port)))


def test_what_is_not_there_cannot_be_stopped_and_a_number_of_somebody_else_is_spared(tmp_path: Path) -> None:
    ended = run("stop", cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stderr.startswith("No PID file found at tmp/pids/mock-service-1234.pid, server probably not running.")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        file = tmp_path / "tmp" / "pids" / "mock-service-1234.pid"
        file.parent.mkdir(parents=True)
        file.write_text(str(other.pid))
        assert "No PID file found" in run("stop", cwd=tmp_path).stderr
        assert other.poll() is None
        other.kill()


def test_a_service_that_does_not_start_is_told_by_start(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("start", "-p", str(taken.getsockname()[1]), cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: Port ")
    assert not list(tmp_path.rglob("*.pid"))


# install.


def test_an_executable_is_put_where_clients_look_for_it(tmp_path: Path) -> None:
    directory = tmp_path / "a folder" / "bin"
    said = run("install", str(directory))
    assert said.returncode == 0
    assert f'export PATH="{directory}:$PATH"' in said.stdout
    ended = subprocess.run(
        ["/bin/sh", "-c", "pact-mock-service version"],
        env={**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=True,
    )
    assert ended.stdout == "3.11.2\n"
    assert "export" not in run("install", str(directory), PATH=f"{directory}:{os.environ['PATH']}").stdout


def test_the_executable_of_somebody_else_stays_unless_it_may_go(tmp_path: Path) -> None:
    (tmp_path / "pact-mock-service").write_text("#!/usr/bin/env ruby\n")
    refused = run("install", str(tmp_path))
    assert refused.returncode == 1
    assert "is there already, and is not ours" in refused.stderr
    assert run("install", str(tmp_path), "--force").returncode == 0
    assert "-m pactmock ruby" in (tmp_path / "pact-mock-service").read_text()


def test_files_of_somebody_s_tests_are_not_taken_for_parts_of_pactmock(tmp_path: Path) -> None:
    assert run("install", str(tmp_path / "bin")).returncode == 0
    (tmp_path / "click.py").write_text("raise SystemExit('of somebody else')")
    ended = subprocess.run(
        [tmp_path / "bin" / "pact-mock-service", "version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(pactmock.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("3.11.2\n", "")
