"""`--durable` flushes what is written to the disk, wherever pacts are written; without it nothing is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG

# Says of each flush whether it is one of a file or of a directory.
PROGRAM = """
import os, stat, sys
from pathlib import Path

real = os.fsync

def fsync(number):
    with Path(os.environ["FLUSHED"]).open("a") as file:
        file.write("directory\\n" if stat.S_ISDIR(os.fstat(number).st_mode) else "file\\n")
    real(number)

os.fsync = fsync
from pactmock.cli import main
main()
"""
CALL = "import os, urllib.request; urllib.request.urlopen(os.environ['PACTMOCK_API_URL'] + '/')"
FLUSHED = ["file", "directory"]


def _environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    return {**os.environ, "FLUSHED": str(tmp_path / "flushed"), **variables}


def _flushed(tmp_path: Path) -> list[str]:
    path = tmp_path / "flushed"
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize(
    ("options", "variables", "flushed"),
    [((), {}, []), (("--durable",), {}, FLUSHED), ((), {"PACTMOCK_DURABLE": "1"}, FLUSHED)],
)
def test_run_flushes_pacts_that_are_durable(
    tmp_path: Path, options: tuple[str, ...], variables: dict[str, str], flushed: list[str]
) -> None:
    (tmp_path / "p.json").write_text(json.dumps(pact(interaction())))
    command = ["run", *options, "--pact", str(tmp_path / "p.json"), "-o", str(tmp_path / "pacts")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command, "--", sys.executable, "-c", CALL],
        env=_environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pacts" / "web-api.json").exists()
    assert _flushed(tmp_path) == flushed


@pytest.mark.skipif(os.name != "posix", reason="a directory cannot be flushed")
def test_start_flushes_what_mock_servers_and_services_for_clients_of_ruby_write(tmp_path: Path) -> None:
    arguments = ["start", "--durable", "--port", "0", "--output", str(tmp_path / "pacts")]
    service = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], env=_environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    try:
        assert service.stdout is not None
        url = service.stdout.readline().rpartition(" ")[2].strip()
        created = _call("POST", f"{url}/", pact(interaction()))["mockServer"]
        _call("POST", f"{url}/mockserver/{created['id']}/pact")
        assert _flushed(tmp_path) == FLUSHED
        _call("POST", f"{url}/mockserver/{created['id']}/pact")  # which says nothing new
        assert _flushed(tmp_path) == FLUSHED
        ruby = _call("POST", f"{url}/ruby?consumer=Shop&provider=Users")["mockServer"]
        _play_ruby(f"http://127.0.0.1:{ruby['port']}")
        assert (tmp_path / "pacts" / "shop-users.json").exists()
        assert _flushed(tmp_path) == FLUSHED * 2
    finally:
        service.terminate()
        service.communicate(timeout=HANG)


@pytest.mark.skipif(os.name != "posix", reason="a directory cannot be flushed")
@pytest.mark.parametrize(
    ("options", "variables", "flushed"),
    [([], {}, []), (["--durable"], {}, FLUSHED), ([], {"PACTMOCK_RUBY_DURABLE": "1"}, FLUSHED)],
)
def test_a_service_for_clients_of_ruby_flushes_pacts_that_are_durable(
    tmp_path: Path, options: list[str], variables: dict[str, str], flushed: list[str]
) -> None:
    arguments = [
        "ruby",
        "service",
        "--consumer",
        "Shop",
        "--provider",
        "Users",
        "-d",
        str(tmp_path / "pacts"),
        *options,
    ]
    service = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=_environment(tmp_path, **variables),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert service.stdout is not None
        line = next(line for line in service.stdout if "port=" in line)
        _play_ruby(f"http://localhost:{line.rpartition('=')[2].strip()}")
        assert (tmp_path / "pacts" / "shop-users.json").exists()
        assert _flushed(tmp_path) == flushed
    finally:
        service.terminate()
        service.communicate(timeout=HANG)


def _play_ruby(url: str) -> None:
    _call("POST", f"{url}/interactions", interaction("a user", headers={}), ruby=True)
    _call("GET", f"{url}/")
    _call("POST", f"{url}/pact", {}, ruby=True)


def _call(method: str, url: str, document: object = None, *, ruby: bool = False) -> dict[str, dict[str, str]]:
    headers = {"Content-Type": "application/json"} | ({"X-Pact-Mock-Service": "true"} if ruby else {})
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, headers if body else {}, method=method)
    with urllib.request.urlopen(request, timeout=HANG) as response:
        content = response.read()
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
