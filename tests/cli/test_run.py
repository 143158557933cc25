"""`pactmock run`: one command in a pipeline, which leaves a verdict and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import trustme

from tests.certificates import authority_file, written
from tests.http_servers import web
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.plugin_directory import none_left, with_csv
from tests.process import COMMAND

ASK = """import os, sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ[sys.argv[1]] + sys.argv[2]).read()
except urllib.error.HTTPError as error:
    error.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a pact of `web` and `users-api`, and a program that asks a mock server."""
    _write(tmp_path / "p.json", pact(interaction("a user", {"path": "/users/7"}), provider="users-api"))
    (tmp_path / "ask.py").write_text(ASK)
    return tmp_path


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


def _script(folder: Path, *lines: str) -> tuple[str, ...]:
    (folder / "test.sh").write_text("\n".join(lines) + "\n")
    return ("--", "sh", "test.sh")


def _ask(variable: str, path: str) -> str:
    return f"{sys.executable} ask.py {variable} {path}"


def _run(
    folder: Path, *arguments: str, stdin: bytes | None = b"", options: Any = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run to the end, in a process group of its own, of which nothing may be left."""
    process = subprocess.Popen(
        [*COMMAND, "run", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **(options or {}),
    )
    output, errors = process.communicate(stdin, timeout=HANG)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert b"Traceback" not in errors, errors.decode()
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def test_a_failing_script_is_told_why_and_a_mended_one_leaves_the_pact(folder: Path) -> None:
    given = ("--pact", "p.json", "--report", "junit=out.xml")
    failed = _run(folder, *given, *_script(folder, _ask("PACTMOCK_USERS_API_URL", "/user/7")))
    assert failed.returncode == 2
    assert failed.stdout.decode().splitlines() == [
        "web -> users-api: 2 problems",
        "",
        "1) GET /user/7 was not expected",
        "   nearest: a user",
        "   matched: method, query, headers, body",
        "   - path: Expected '/user/7' to be equal to '/users/7'",
        "       expected                             | actual",
        "       /users/7                             | /user/7",
        "",
        "2) GET /users/7 was expected and never came",
        "   interaction: a user",
    ]
    (suite,) = ET.parse(folder / "out.xml").getroot()  # noqa: S314  what we wrote
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert not (folder / "web-users-api.json").exists()

    mended = _run(folder, *given, *_script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7")))
    assert mended.stdout.decode() == "web -> users-api: all matched, the pact is in web-users-api.json\n"
    assert (mended.returncode, mended.stderr) == (0, b"")
    assert json.loads((folder / "web-users-api.json").read_bytes())["interactions"][0]["description"] == "a user"
    (suite,) = ET.parse(folder / "out.xml").getroot()  # noqa: S314
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_a_command_that_fails_has_its_exit_code_and_no_pact_is_written(folder: Path) -> None:
    script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"), "exit 7")
    failed = _run(folder, "--pact", "p.json", "--report", "json=out.json", *script)
    assert failed.returncode == 7
    assert failed.stderr == b"pactmock: the command failed with exit code 7, so no pact was written\n"
    assert failed.stdout == b"web -> users-api: all matched\n"
    (server,) = json.loads((folder / "out.json").read_bytes())["servers"]
    assert (server["matched"], server["pact"]) == (True, None)
    assert not (folder / "web-users-api.json").exists()


def test_a_command_that_is_killed_counts_as_in_a_shell(folder: Path) -> None:
    killed = _run(folder, "--pact", "p.json", *_script(folder, "kill -9 $$"))
    assert killed.returncode == 128 + 9
    assert b"was ended by SIGKILL" in killed.stderr


@pytest.mark.parametrize(("command", "code"), [("nowhere-to-be-found", 127), ("./p.json", 126)])
def test_a_command_that_cannot_be_started_counts_as_in_a_shell(folder: Path, command: str, code: int) -> None:
    failed = _run(folder, "--pact", "p.json", "--report", "junit=out.xml", "--", command)
    assert (failed.returncode, failed.stdout) == (code, b"")
    assert failed.stderr.startswith(f"Error: The command '{command}' cannot be started: ".encode())
    assert not (folder / "out.xml").exists()
    assert (b"name pacts with --pact" in failed.stderr) == command.endswith(".json")


def test_only_what_matched_is_written(folder: Path) -> None:
    _write(folder / "other.json", pact(interaction("b", {"path": "/b"}), provider="other"))
    script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    failed = _run(folder, "--pact", "p.json", "--pact", "other.json", "-o", "pacts", *script)
    assert failed.returncode == 2
    assert b"web -> users-api: all matched, the pact is in pacts/web-users-api.json\n" in failed.stdout
    assert b"web -> other: 1 problem\n" in failed.stdout
    assert [path.name for path in (folder / "pacts").iterdir() if path.suffix == ".json"] == ["web-users-api.json"]


def test_a_pact_that_cannot_be_written_is_an_error(folder: Path) -> None:
    (folder / "pacts" / "web-users-api.json").mkdir(parents=True)
    script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    failed = _run(folder, "--pact", "p.json", "-o", "pacts", *script)
    assert failed.returncode == 1
    assert b"all matched, and the pact could not be written: " in failed.stdout


def test_what_cannot_be_played_is_told_before_the_command_runs(folder: Path) -> None:
    _write(folder / "a.json", {"interactions": 1})
    (folder / "b.json").write_text("{")
    given = [text for name in ("p.json", "a.json", "b.json", "c.json") for text in ("--pact", name)]
    (folder / "empty").mkdir()
    refused = _run(folder, *given, *_script(folder, "touch it-ran"))
    assert refused.returncode == 1
    lines = refused.stderr.decode().splitlines()
    assert lines[0] == "Error: c.json was refused: It cannot be read: No such file or directory"
    assert [line.partition(" was refused: ")[0] for line in lines[1:]] == ["a.json", "b.json"]
    for directory, words in (("empty", "no .json file below"), ("nowhere", "cannot be read")):
        refused = _run(folder, "--pact", directory, *_script(folder, "touch it-ran"))
        assert (refused.returncode, words in refused.stderr.decode()) == (1, True)
    assert not (folder / "it-ran").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--nonsense", "--", "true"), "No such option"),
        (("--pact", "p.json"), "Missing argument"),
        (("--report", "nonsense", "--", "true"), "There is no report format 'nonsense'"),
        (("--pact", "p.json", "--output", "/proc/pacts", "--", "true"), "No pact can be written to /proc/pacts"),
        (("--", "true"), "there was no mock server, so nothing was tested: name pacts with --pact"),
    ],
)
def test_wrong_use_is_no_mismatch(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    refused = _run(folder, *arguments)
    assert refused.returncode == 1
    assert words in refused.stderr.decode()


def test_all_of_a_directory_is_played_with_contracts_among_it(folder: Path) -> None:
    _write(folder / "all" / "one.json", pact(interaction("b", {"path": "/b"}), provider="other"))
    contract = {
        "consumer": "web",
        "provider": "third",
        "interactions": [{"description": "x", "request": {"path": "/x"}}],
    }
    _write(folder / "all" / "below" / "contract.json", contract)
    _write(folder / "example.txt", {**contract, "provider": "fourth"})
    (folder / "all" / "readme.md").write_text("no pact")
    names = {"OTHER": "/b", "THIRD": "/x", "FOURTH": "/x"}
    script = _script(folder, *(_ask(f"PACTMOCK_{name}_URL", path) for name, path in names.items()))
    done = _run(folder, "--pact", "all", "--contract", "example.txt", "-o", "out", *script)
    assert done.returncode == 0, done.stdout
    assert done.stdout.decode().count(": all matched, the pact is in out/web-") == 3


def test_a_pact_can_be_at_a_url(folder: Path) -> None:
    script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    with web(folder) as url:
        done = _run(folder, "--pact", f"{url}/p.json", "-o", "out", *script)
        refused = _run(folder, "--pact", f"{url}/ask.py", *script)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (refused.returncode, f"{url}/ask.py was refused: " in refused.stderr.decode()) == (1, True)


def test_the_short_name_is_left_out_also_where_it_came_from_outside(folder: Path) -> None:
    _write(folder / "q.json", pact(interaction(), consumer="app", provider="users-api"))
    done = _run(
        folder, "--pact", "p.json", "--pact", "q.json", *_script(folder, "env | grep -c PACTMOCK_USERS_API_URL="),
        PACTMOCK_USERS_API_URL="http://somewhere.else",
    )  # fmt: skip
    assert done.stdout.startswith(b"0\n")
    assert done.stderr.startswith(b"pactmock: PACTMOCK_USERS_API_URL is not set, as several pacts have such a provider")


def test_the_same_pair_in_two_files_is_refused(folder: Path) -> None:
    (folder / "copy.json").write_bytes((folder / "p.json").read_bytes())
    refused = _run(folder, "--pact", ".", *_script(folder, "touch it-ran"))
    assert refused.returncode == 1
    assert b"copy.json and p.json would both be PACTMOCK_WEB_USERS_API_URL" in refused.stderr
    assert not (folder / "it-ran").exists()


def test_what_the_command_reads_and_prints_is_untouched(folder: Path) -> None:
    read, write = os.pipe()
    os.write(write, b"third")
    os.close(write)
    (folder / "cat.py").write_text(f"import os; print(os.read({read}, 99).decode(), end='', flush=True)")
    script = _script(
        folder, "cat", f"{sys.executable} cat.py", "printf '\\377\\000' >&2", _ask("PACTMOCK_USERS_API_URL", "/users/7")
    )
    done = _run(folder, "--pact", "p.json", *script, stdin=b"\xfe\n\r\n", options={"pass_fds": (read,)})
    os.close(read)
    assert done.stdout == b"\xfe\n\r\nthirdweb -> users-api: all matched, the pact is in web-users-api.json\n"
    assert (done.returncode, done.stderr) == (0, b"\xff\x00")


def test_what_starts_with_a_dash_behind_the_command_is_its_own(folder: Path) -> None:
    done = _run(folder, "--pact", "p.json", "sh", "-c", "echo $0 $1", "--pact", "--")
    assert done.stdout.startswith(b"--pact --\n")


def test_commands_of_the_command_talk_to_its_service_and_nobody_else_does(folder: Path) -> None:
    pactmock = " ".join(COMMAND)
    script = _script(
        folder,
        f"{pactmock} list",
        f"PACTMOCK_TOKEN= {pactmock} list",
        f"{pactmock} list --port 1",
        f"{pactmock} list --port 1 --url $PACTMOCK_URL",
    )
    done = _run(folder, "--pact", "p.json", *script, PYTHONPATH=str(Path.cwd()))
    assert b"users-api  web" in done.stdout
    errors = done.stderr.decode()
    assert "This call needs the header 'Authorization: Bearer'" in errors
    assert "No pactmock service answers on 127.0.0.1:1 " in errors
    assert "Name the service with --url, or with --host and --port" in errors


def test_what_the_command_made_or_ended_itself_is_verified_too(folder: Path) -> None:
    _write(folder / "q.json", pact(interaction("q"), provider="own"))
    pactmock = " ".join(COMMAND)
    ends = f"{pactmock} shutdown -m ${{PACTMOCK_USERS_API_URL##*:}}"
    script = _script(folder, f"{pactmock} create -f q.json > made", ends)
    done = _run(folder, "--pact", "p.json", *script, PYTHONPATH=str(Path.cwd()))
    assert done.returncode == 2
    assert [line for line in done.stdout.decode().splitlines() if " -> " in line] == [
        "web -> users-api: 1 problem",
        "web -> own: 1 problem",
    ]


@pytest.mark.parametrize(
    ("path", "exit_code", "words"),
    [
        ("/users/7", 0, b"has ended all mock servers that it made, so none is left to be verified\n"),
        ("/users/8", 2, b"1 mock server(s) that the command ended had not matched by then"),
    ],
)
def test_without_pacts_the_command_brings_its_own(folder: Path, path: str, exit_code: int, words: bytes) -> None:
    pactmock = " ".join(COMMAND)
    makes = f"port=$({pactmock} create -f p.json | sed 's/.* //'); export HERE=http://127.0.0.1:$port"
    asks, ends = f"{_ask('HERE', path)} || true", f"{pactmock} shutdown -m $port >&2"
    done = _run(folder, *_script(folder, makes, asks, ends), PYTHONPATH=str(Path.cwd()))
    assert done.returncode == exit_code
    assert words in done.stderr


def test_a_mock_server_that_ended_by_its_time_to_live_is_no_green(folder: Path) -> None:
    pactmock = " ".join(COMMAND)
    waits = f"while {pactmock} verify -m $port >/dev/null 2>&1; [ $? != 3 ]; do sleep 1.2; done"
    makes = f"port=$({pactmock} create -f p.json --ttl 1 --quiet)"
    done = _run(folder, *_script(folder, makes, waits), PYTHONPATH=str(Path.cwd()))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"pactmock: 1 mock server(s) that the command made ended by their time to live")


def test_a_run_ends_with_its_command_whatever_that_leaves_behind(folder: Path) -> None:
    script = _script(folder, "sleep 60 >/dev/null 2>&1 </dev/null &", "echo $! > left", "exit 4")
    process = subprocess.Popen(
        [*COMMAND, "run", *script], cwd=folder, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert process.wait(timeout=HANG) == 4
    finally:
        os.kill(int((folder / "left").read_text()), 9)


def test_with_tls_the_command_is_told_whom_to_trust(folder: Path) -> None:
    script = _script(
        folder,
        f"SSL_CERT_FILE=$PACTMOCK_CA_FILE {_ask('PACTMOCK_USERS_API_URL', '/users/7')}",
        "echo $PACTMOCK_CA_FILE",
    )
    done = _run(folder, "--pact", "p.json", "--tls", *script)
    assert done.returncode == 0, done.stderr
    assert not Path(done.stdout.decode().splitlines()[0]).exists()


def test_with_a_certificate_of_ones_own_the_mock_servers_show_it(folder: Path) -> None:
    theirs = trustme.CA()
    certificate, key = written(folder, theirs.issue_cert("localhost", "127.0.0.1"))
    trusted = authority_file(folder, theirs)
    script = _script(
        folder,
        f"SSL_CERT_FILE={trusted} {_ask('PACTMOCK_USERS_API_URL', '/users/7')}",
        "echo [$PACTMOCK_CA_FILE]",
    )
    shown = ("--tls", "--tls-cert", str(certificate), "--tls-key", str(key))
    done = _run(folder, "--pact", "p.json", *shown, *script)
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (0, "[]"), done.stderr
    done = _run(folder, "--pact", "p.json", "--tls", "--tls-cert", str(trusted), *script)
    assert (done.returncode, b"holds no private key" in done.stderr) == (1, True), done.stderr


def test_with_a_kept_authority_the_command_trusts_the_same_in_each_run(folder: Path) -> None:
    script = _script(folder, f"SSL_CERT_FILE={folder}/ca/ca.pem {_ask('PACTMOCK_USERS_API_URL', '/users/7')}")
    for _ in range(2):
        done = _run(folder, "--pact", "p.json", "--tls", "--ca-dir", str(folder / "ca"), *script)
        assert done.returncode == 0, done.stderr


def test_plugins_end_with_the_run(folder: Path) -> None:
    plugins = with_csv(folder / "plugins")
    contract = {
        "consumer": "web",
        "provider": "csv-api",
        "specification": "V4",
        "plugins": [{"name": "csv", "version": "0.0.1"}],
        "interactions": [
            {
                "description": "a table",
                "request": {"path": "/t"},
                "response": {
                    "contents": {"pact:content-type": "text/csv", "csvHeaders": False, "column:1": "matching(type,'x')"}
                },
            }
        ],
    }
    _write(folder / "c.json", contract)
    script = _script(folder, _ask("PACTMOCK_CSV_API_URL", "/t"))
    done = _run(folder, "--contract", "c.json", "--plugin-dir", str(plugins), *script)
    assert done.returncode == 0, done.stderr
    assert none_left(plugins)


def test_a_request_whose_sender_is_gone_counts_however_long_it_takes_to_decide_on(folder: Path) -> None:
    (folder / "fires.py").write_text(
        "import os, socket, sys, urllib.parse\n"
        "url = urllib.parse.urlsplit(os.environ['PACTMOCK_USERS_API_URL'])\n"
        "body = b'[' + b','.join([b'1'] * int(sys.argv[1])) + b']'\n"
        "to = socket.create_connection((url.hostname, url.port))\n"
        "head = ['POST /x HTTP/1.1', 'Host: x', 'Content-Type: application/json', f'Content-Length: {len(body)}']\n"
        "to.sendall('\\r\\n'.join([*head, '', '']).encode() + body)\n"
        "os._exit(0)\n"
    )
    for items in (1, 2_000_000):
        fires = f"{sys.executable} fires.py {items}"
        script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"), fires)
        done = _run(folder, "--pact", "p.json", *script)
        assert (done.returncode, b"1) POST /x was not expected" in done.stdout) == (2, True), items


def test_a_report_is_there_although_the_command_began_with_a_clean_directory(folder: Path) -> None:
    script = _script(folder, "rm -r build", _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    done = _run(folder, "--pact", "p.json", "--report", "junit=build/pact.xml", *script)
    assert done.returncode == 0, done.stderr
    assert "<testsuite " in (folder / "build" / "pact.xml").read_text()


def test_what_cannot_be_printed_is_an_error_and_is_in_the_files(folder: Path) -> None:
    script = _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "run", "--pact", "p.json", "--report", "junit=pact.xml", *script],
            cwd=folder, stdout=full, stderr=subprocess.PIPE, timeout=HANG, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"Error: The report cannot be printed: No space left on device\n")
    assert "<testsuite " in (folder / "pact.xml").read_text()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_without_standard_streams_has_the_same_exit_code(folder: Path, closed: str) -> None:
    _script(folder, _ask("PACTMOCK_USERS_API_URL", "/users/7"))
    run = f"exec {' '.join(COMMAND)} run --pact p.json --report junit=pact.xml -- sh test.sh {closed}"
    done = subprocess.run(["/bin/sh", "-c", run], cwd=folder, capture_output=True, timeout=HANG, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "<testsuite " in (folder / "pact.xml").read_text()
