"""A token in a file: read at the start, read again when it changes, and never the cause of an open service."""

from __future__ import annotations

import http.client
import json
import os
import select
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.patience import HANG
from tests.process import Running, call, run, service

OTHER = {"PACTMOCK_TOKEN": "x"}
NOWHERE = {"PACTMOCK_TOKEN_FILE": "/nowhere"}


def _status(running: Running, token: str) -> int:
    return call("GET", running.url, headers={"Authorization": f"Bearer {token}"})[0]


def _wait(condition: Callable[[], bool]) -> None:
    """Wait until something holds: a service looks at its file once a second."""
    until = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _line(running: Running, words: str) -> str:
    """Read the log up to a line with some words."""
    assert running.process.stderr is not None
    return next(line for line in running.process.stderr if words in line)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("first\n")
    file.chmod(0o600)
    return file


def test_callers_show_what_is_in_the_file(file: Path) -> None:
    with service(file.parent, "--token-file", str(file)) as running:
        assert [_status(running, token) for token in ("first", "first ", "wrong", "")] == [200, 200, 401, 401]
        assert call("GET", f"{running.url}/health")[0] == 200
        assert run("list", "--port", str(running.port)).returncode == 1
        for told in ({"PACTMOCK_TOKEN_FILE": str(file)}, {"PACTMOCK_TOKEN": "first"}):
            assert run("list", "--port", str(running.port), **told).returncode == 0
        assert run("list", "--port", str(running.port), "--token-file", str(file), **OTHER).returncode == 0
        assert run("health", "--port", str(running.port), **NOWHERE).returncode == 0
        nowhere = run("list", "--port", str(running.port), **NOWHERE)
        assert (nowhere.returncode, nowhere.stderr.startswith("Error: --token-file /nowhere cannot be")) == (1, True)
        both = run("list", "--port", str(running.port), "--token-file", str(file), "--token", "x")
        assert (both.returncode, "Say the token with --token or with --token-file" in both.stderr) == (1, True)
        running.process.terminate()
        assert running.process.communicate(timeout=HANG)[1] == "", (
            "a file that its owner alone can read is as it should be"
        )


def test_a_file_that_is_replaced_is_read_again(file: Path) -> None:
    with service(file.parent, PACTMOCK_TOKEN_FILE=str(file)) as running:
        new = file.with_name("new")
        new.write_text("second\r\n")
        new.replace(file)
        _wait(lambda: _status(running, "second") == 200)
        assert _status(running, "first") == 401
        file.write_text("third")
        _wait(lambda: _status(running, "third") == 200)
        assert f"--token-file {file} holds another token" in _line(running, "INFO pactmock.service")


@pytest.mark.skipif(sys.platform != "linux", reason="takes open files from another process")
def test_a_file_that_could_not_be_opened_when_it_changed_is_tried_again(file: Path) -> None:
    """Else who fills the service with connections keeps a token in force that was taken back."""
    import resource  # not on Windows

    with service(file.parent, "--token-file", str(file)) as running:
        pid = running.process.pid
        calls = http.client.HTTPConnection("127.0.0.1", running.port, timeout=HANG)
        assert _status_on(calls, "first") == 200
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (4, before[1]))
        file.write_text("second")
        _wait(lambda: _status_on(calls, "first") == 200 and _has_said_something(running))
        assert "Too many open files" in _line(running, "WARNING")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        _wait(lambda: _status_on(calls, "second") == 200)
        assert _status_on(calls, "first") == 401
        calls.close()


def _has_said_something(running: Running) -> bool:
    assert running.process.stderr is not None
    return bool(select.select([running.process.stderr], [], [], 0)[0])


def _status_on(calls: http.client.HTTPConnection, token: str) -> int:
    calls.request("GET", "/", headers={"Authorization": f"Bearer {token}"})
    response = calls.getresponse()
    response.read()
    return response.status


@pytest.mark.skipif(sys.platform == "win32", reason="Kubernetes mounts secrets so on Linux")
def test_a_secret_that_kubernetes_mounts_and_renews_is_read_again(tmp_path: Path) -> None:
    for name in ("..first", "..second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "token").write_text(name.strip("."))
    data = tmp_path / "..data"
    data.symlink_to("..first")
    (tmp_path / "token").symlink_to("..data/token")
    with service(tmp_path / "pacts", "--token-file", str(tmp_path / "token")) as running:
        assert "can be read by every user of this machine: give it the mode 0400" in _line(running, "WARNING")
        assert _status(running, "first") == 200
        (tmp_path / "..data_tmp").symlink_to("..second")
        (tmp_path / "..data_tmp").replace(data)
        _wait(lambda: _status(running, "second") == 200)
        assert _status(running, "first") == 401


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Path.unlink, "cannot be read: No such file or directory"),
        (lambda file: file.write_text("\n"), "is empty, so that everybody would know it"),
        (lambda file: file.write_text("a\nb"), "holds control characters"),
    ],
)
def test_a_file_that_holds_no_token_any_more_leaves_the_last_one_and_a_warning(
    file: Path, change: Callable[[Path], Any], said: str
) -> None:
    with service(file.parent, "--token-file", str(file), "--log-format", "json") as running:
        change(file)
        _wait(lambda: _status(running, "first") == 200 and _has_said_something(running))
        until = time.monotonic() + 1.5
        while time.monotonic() < until:  # it is looked at once more
            assert [_status(running, token) for token in ("first", "")] == [200, 401]
            time.sleep(0.2)
        file.write_text("second")
        _wait(lambda: _status(running, "second") == 200)
        running.process.terminate()
        lines = [json.loads(line) for line in running.process.communicate(timeout=HANG)[1].splitlines()]
    warnings = [line["message"] for line in lines if line["level"] == "warning"]
    assert len(warnings) == 1
    assert warnings[0].startswith("the token that was read before stays in force: --token-file ")
    assert said in warnings[0]


def _fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Path.unlink, "cannot be read: No such file or directory; name a file with the token"),
        (lambda file: file.write_text(""), "is empty, so that everybody would know it"),
        (lambda file: file.write_text(" \n"), "is empty, so that everybody would know it"),
        (lambda file: file.write_text(" x\n"), "starts or ends with white space"),
        (lambda file: file.write_bytes(b"\xff\xfe"), "is no text: write the token into it, as UTF-8"),
        (lambda file: file.write_text("x" * 9000), "is larger than 8192 bytes"),
        pytest.param(
            _fifo,
            "cannot be read: it is no regular file",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="there are none"),
        ),
    ],
)
def test_a_service_without_a_token_to_read_does_not_start(file: Path, change: Callable[[Path], Any], said: str) -> None:
    change(file)
    refused = run("start", "--port", "0", "--token-file", str(file), "--output", str(file.parent))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Error: --token-file {file} ")
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_file_and_a_token_exclude_each_other_and_a_variable_that_is_empty_opens_nothing(file: Path) -> None:
    both = run("start", "--port", "0", "--token-file", str(file), "--token", "x")
    assert (both.returncode, "--token and --token-file both say which token" in both.stderr) == (1, True)
    empty = run("start", "--port", "0", PACTMOCK_TOKEN_FILE="")
    assert (empty.returncode, "PACTMOCK_TOKEN_FILE is empty" in empty.stderr) == (1, True)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes say who may read on POSIX")
def test_who_else_can_read_the_file_is_a_warning(file: Path) -> None:
    file.chmod(file.stat().st_mode | stat.S_IROTH)
    with service(file.parent, "--token-file", str(file)) as running:
        assert str(file) in _line(running, "WARNING pactmock.service: --token-file ")
        assert _status(running, "first") == 200
