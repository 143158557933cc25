"""`pactmock verify --report` and `--all`: what CI reads, and exit codes that are the same with and without it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from lxml import etree

from tests.http_servers import answer, listening
from tests.pacts import interaction, pact
from tests.process import Running, call, run, service

ROOT = Path(__file__).parents[2]
TWO = pact(interaction("the first", {"path": "/a"}), interaction("the second", {"path": "/b"}))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


def _played(running: Running, *paths: str, provider: str = "api") -> str:
    """Start a mock server and call it; return its port."""
    document = {**TWO, "provider": {"name": provider}}
    _, created = call("POST", running.url, document)
    for path in paths:
        call("GET", f"{created['mockServer']['url']}{path}")
    return str(created["mockServer"]["port"])


def _verify(running: Running, *arguments: str, **environment: str) -> tuple[int, str, str]:
    ran = run("verify", "--port", str(running.port), *arguments, **environment)
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(("paths", "code"), [(("/a", "/b"), 0), (("/a", "/c"), 2)])
def test_reports_go_to_files_beside_what_is_printed_without_them(
    running: Running, tmp_path: Path, paths: tuple[str, ...], code: int
) -> None:
    port = _played(running, *paths)
    files = {name: tmp_path / "new" / name for name in ("text", "json", "junit")}
    wanted = [argument for name, path in files.items() for argument in ("--report", f"{name}={path}")]
    assert _verify(running, "-m", port, *wanted) == _verify(running, "-m", port)
    suites = etree.fromstring(files["junit"].read_bytes())
    assert len(suites.findall("testsuite/testcase/failure")) == code
    assert json.loads(files["json"].read_text())["passed"] is (code == 0)
    assert files["text"].read_text().startswith("web -> api: " + ("2 problems\n" if code else "all matched, "))


def test_a_report_without_a_file_is_all_that_is_printed(running: Running) -> None:
    port = _played(running, "/a")
    code, output, errors = _verify(running, "-m", port, "--report", "junit")
    assert (code, errors) == (2, "")
    assert etree.fromstring(output.encode()).find("testsuite/testcase/failure") is not None


def test_a_report_is_utf_8_where_the_output_is_not(running: Running) -> None:
    port = _played(running, "/a")
    code, output, errors = _verify(running, "-m", port, "--report", "markdown", PYTHONIOENCODING="ascii")
    assert (code, errors) == (2, "")
    assert "❌" in output


def test_all_mock_servers_are_verified_at_once(tmp_path: Path) -> None:
    with service(tmp_path / "pacts") as running:
        code, _, errors = _verify(running, "--all", "--report", f"junit={tmp_path / 'out.xml'}")
        assert code == 3, "where nothing was tested nothing passed"
        assert "nothing was verified" in errors
        assert not (tmp_path / "out.xml").exists()
        _played(running, "/a", "/b")
        assert _verify(running, "--all")[:2] == (
            0,
            f"web -> api: all matched, the pact is in {tmp_path / 'pacts' / 'web-api.json'}\n",
        )
        _played(running, "/a", provider="other")
        code, output, _ = _verify(running, "--all", "--report", f"junit={tmp_path / 'out.xml'}")
        assert code == 2
        assert output.splitlines()[2:] == [
            "web -> other: 1 problem",
            "",
            "1) GET /b was expected and never came",
            "   interaction: the second",
        ]
        suites = etree.parse(tmp_path / "out.xml").findall("testsuite")
        assert [suite.get("failures") for suite in suites] == ["0", "1"]
        assert not (tmp_path / "pacts" / "web-other.json").exists()


def test_a_pact_that_cannot_be_written_is_an_error_and_in_the_report(tmp_path: Path) -> None:
    with service(tmp_path / "pacts") as running:
        port = _played(running, "/a", "/b")
        (tmp_path / "pacts").write_text("in the way")
        plain = _verify(running, "-m", port)
        code, output, errors = _verify(running, "-m", port, "--report", f"junit={tmp_path / 'out.xml'}")
        assert (plain[0], code) == (1, 1)
        assert "could not be verified" in plain[2]
        assert "could not be verified" in output + errors
        assert len(etree.parse(tmp_path / "out.xml").findall("testsuite/testcase/error")) == 1


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["sarif"], "There is no report format 'sarif': use text, json, junit, "),
        (["junit="], "--report junit= names no file: write junit=FILE, or junit to have it printed"),
        (["junit", "json"], "junit and json cannot both be printed: give one of them a FILE"),
        (["junit=a", "json=a"], "Two reports cannot both go to a: name another file for one of them"),
        (["junit=/dev/null/a"], "The report cannot be written to /dev/null/a: "),
        (["junit=."], "The report cannot be written to .: Is a directory"),
    ],
)
def test_what_cannot_be_reported_is_said_before_anything_is_verified(wanted: list[str], said: str) -> None:
    arguments = [argument for text in wanted for argument in ("--report", text)]
    ran = run("verify", "--port", "1", "-m", "1", *arguments)  # where nobody answers
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"Error: {said}")
    assert len(ran.stderr.splitlines()) == 1


def test_a_report_of_an_earlier_run_is_gone_when_there_is_no_verdict(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    path.write_text("<testsuites/>")
    code, output, _ = _verify(running, "-m", "1", "--report", f"junit={path}")
    assert (code, output) == (3, "")
    assert not path.exists()


def test_a_report_that_finds_no_room_is_an_error(running: Running) -> None:
    code, _, errors = _verify(running, "-m", _played(running, "/a", "/b"), "--report", "junit=/dev/full")
    assert code == 1
    assert errors.startswith("Error: The report cannot be written to /dev/full: No space left")


class _Another(BaseHTTPRequestHandler):
    """A service of another version: it describes a mock server, and its reports are not ours."""

    def do_GET(self) -> None:
        described = dict.fromkeys(
            ("id", "port", "url", "gatewayUrl", "warnings", "state", "notTested", "droppedMismatches")
        )
        answer(self, json.dumps(described).encode())

    def do_POST(self) -> None:
        answer(self, b'{"servers": [{"id": "x"}]}')


def test_a_report_that_cannot_be_read_is_an_error_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    with listening(_Another) as port:
        ran = run("verify", "--port", str(port), "-m", "1", "--report", f"junit={path}")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("Error: What the service answered is no report that this command can read")
    assert len(ran.stderr.splitlines()) == 1
    assert not path.exists()


def test_which_server_is_meant_is_said_once(running: Running) -> None:
    for arguments in (["--all", "-m", "1"], ["-i", "x", "-m", "1"], []):
        code, _, errors = _verify(running, *arguments)
        assert code == 1
        assert "--all" in errors.splitlines()[-1]


def test_nothing_that_is_printed_beside_annotations_is_a_command_of_github(running: Running, tmp_path: Path) -> None:
    hostile = pact(interaction("\n::error::forged\n##[error]forged", {"path": "/a", "body": "::warning::\n::debug::x"}))
    _, created = call("POST", running.url, hostile)
    port = str(created["mockServer"]["port"])
    call("GET", f"{created['mockServer']['url']}/a")
    summary = tmp_path / "summary.md"
    summary.write_text("# of another step\n")
    code, output, _ = _verify(running, "-m", port, "--report", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert code == 2
    first, *lines = output.splitlines()
    assert re.fullmatch("::stop-commands::[0-9a-f]{32}", first)
    end = lines.index(f"::{first.removeprefix('::stop-commands::')}::")
    commands = lines[end + 1 :]
    assert all(re.match(r"::(error|warning) title=[^:,\n]*::", line) for line in commands)
    assert any("forged" in line for line in commands)
    assert summary.read_text().startswith("# of another step\n\n")
    assert "forged" in summary.read_text()


def test_a_summary_is_only_for_who_asks_for_annotations(running: Running, tmp_path: Path) -> None:
    port = _played(running, "/a", "/b")
    summary = str(tmp_path / "summary.md")
    assert _verify(running, "-m", port, GITHUB_STEP_SUMMARY=summary)[0] == 0
    assert not Path(summary).exists()
    code, _, errors = _verify(running, "-m", port, "--report", "github", GITHUB_STEP_SUMMARY=str(tmp_path))
    assert (code, errors) == (1, f"Error: The report cannot be written to {tmp_path}: Is a directory\n")


def test_the_page_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    one, every, annotations = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    bad, good = (text.strip() for text in one.split("$ pactmock verify --mock-server-port 44799\n")[1:])
    monkeypatch.chdir(tmp_path)
    with service(Path("pacts")) as running:
        document = json.loads((ROOT / "examples" / "web-users-api.json").read_text(encoding="utf-8"))
        server = call("POST", running.url, document)[1]["mockServer"]
        port, user = str(server["port"]), {"name": "Ada", "age": "36", "languages": ["Python"]}
        call("POST", f"{server['url']}/users", user)
        code, output, _ = _verify(running, "-m", port)
        assert (code, output.replace(port, "44799").strip()) == (2, bad)
        call("DELETE", f"{running.url}/mockserver/{port}/requests")
        call("POST", f"{server['url']}/users", user | {"age": 36})
        call("GET", f"{server['url']}/users/1", headers={"Accept": "application/json"})
        code, output, _ = _verify(running, "-m", port)
        assert (code, output.replace(port, "44799").strip()) == (0, good)
        orders = pact(interaction("a request for the orders", {"path": "/orders"}), provider="orders-api")
        call("POST", f"{running.url}/?name=orders", orders)
        code, output, _ = _verify(running, "--all")
        assert (code, f"$ pactmock verify --all\n{output}") == (2, every)
        assert _verify(running, "--all", "--report", "github")[1].endswith(annotations)


def test_verifying_starts_without_what_it_does_not_need() -> None:
    heavy = "{'aiohttp', 'pydantic', 'rich', 'lxml', 'orjson', 'asyncio', 'xml.etree', 'pactmock.reports.formats'}"
    program = f"import sys, pactmock.cli.asking.verify; print({heavy} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
