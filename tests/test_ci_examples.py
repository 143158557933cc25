"""The action, and the examples for CI servers, do what they are for: a shell plays their steps, as a runner does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.patience import HANG
from tests.process import service

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / "examples" / "ci" / "github-actions.yml").read_text(encoding="utf-8"))
SIDECAR = yaml.safe_load((ROOT / "docker" / "github-actions.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "examples" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
_JENKINSFILE = (ROOT / "examples" / "ci" / "Jenkinsfile").read_text(encoding="utf-8")
JENKINS = re.findall(r"sh '''(.*?)'''", _JENKINSFILE, re.DOTALL)
INSTALL, RUN, KEEP = ACTION["runs"]["steps"]

pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="the examples are for bash and curl"
)

_TESTS = """
curl --silent --fail --header 'Accept: application/json' "$PACTMOCK_ORDERS_URL/orders/42" > order.json
! env | grep -E '^(RUN|PACTS|CONTRACTS|REPORTS|OUTPUT|STRICT)='
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a contract, tests of it, and pactmock installed where the examples have it."""
    path = tmp_path / "project"
    (path / "contracts").mkdir(parents=True)
    shutil.copy(ROOT / "docker" / "consumer" / "pact.json", path / "contracts" / "shop-orders.json")
    (path / "test.sh").write_text(_TESTS)
    for place in (path / ".pactmock", tmp_path / "pactmock"):
        (place / "bin").mkdir(parents=True)
        command = place / "bin" / "pactmock"
        command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pactmock "$@"\n')
        command.chmod(0o755)
    return path


def play(script: str, project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub and GitLab run it: by bash, which ends at the first failure."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607
        cwd=project,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


_INPUT = re.compile(r"\$\{\{ inputs\.(\w+) \}\}")


def step(step: Mapping[str, Any], project: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action with its inputs."""
    given = {name: item.get("default", "") for name, item in ACTION["inputs"].items()} | inputs
    told = {name: _INPUT.sub(lambda found: given[found[1]], text) for name, text in step["env"].items()}
    temporary = project.parent
    paths = {"RUNNER_TEMP": temporary, "GITHUB_ACTION_PATH": ROOT, "GITHUB_STEP_SUMMARY": temporary / "summary.md"}
    return play(step["run"], project, **told, **{name: str(path) for name, path in paths.items()})


class TestAction:
    def test_it_runs_the_tests_with_mock_servers_and_writes_the_pacts(self, project: Path) -> None:
        reports = "github\n\njunit=pact.xml\n"
        done = step(RUN, project, run="sh test.sh", pacts="contracts", reports=reports, strict="true")
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads((project / "order.json").read_text())["state"] == "shipped"
        assert [path.name for path in (project / "pacts").iterdir()] == ["shop-orders.json"]
        assert "<testsuites" in (project / "pact.xml").read_text()
        assert "All matched" in (project.parent / "summary.md").read_text()

    def test_what_did_not_match_is_an_annotation_and_fails_the_step(self, project: Path) -> None:
        done = step(RUN, project, run='curl --silent "$PACTMOCK_ORDERS_URL/orders/1"', pacts="contracts")
        assert done.returncode == 2
        assert "::error title=shop -> orders" in done.stdout
        assert not list((project / "pacts").glob("*.json"))

    def test_the_script_ends_at_its_first_failure_and_its_code_is_that_of_the_step(self, project: Path) -> None:
        done = step(
            RUN, project, run="(exit 7) | cat\necho afterwards", contracts="", pacts="contracts/shop-orders.json"
        )
        assert (done.returncode, "afterwards" in done.stdout) == (7, False)

    def test_a_python_that_is_too_old_is_told(self, project: Path) -> None:
        done = step(INSTALL, project, python="false")
        assert (done.returncode, done.stdout) == (
            1,
            "::error::pactmock needs Python 3.11 or newer: set up one, and name it with the input python\n",
        )

    def test_the_pacts_that_are_kept_are_those_that_were_written(self) -> None:
        assert KEEP["with"]["path"] == "${{ inputs.output }}/*.json"
        assert RUN["env"]["OUTPUT"] == "${{ inputs.output }}"

    def test_every_input_is_used_and_the_example_gives_what_there_is(self) -> None:
        used = re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text(encoding="utf-8"))
        assert set(used) == set(ACTION["inputs"])
        steps = WORKFLOW["jobs"]["consumer"]["steps"]
        (given,) = (item["with"] for item in steps if "pactmock" in item.get("uses", ""))
        assert {"run"} <= given.keys() <= ACTION["inputs"].keys()

    @pytest.mark.nightly  # it asks an index for all packages
    def test_it_installs_itself(self, project: Path) -> None:
        shutil.rmtree(project.parent / "pactmock")
        done = step(INSTALL, project, python=sys.executable)
        assert done.returncode == 0, done.stdout + done.stderr
        assert step(RUN, project, run="sh test.sh", pacts="contracts").returncode == 0


_JOBS = ["GitLab", "Jenkins"]


@pytest.mark.parametrize("script", ["\n".join(GITLAB["contract"]["script"]), JENKINS[1]], ids=_JOBS)
class TestOneJob:
    def test_a_report_and_the_pacts_are_there(self, project: Path, script: str) -> None:
        done = play(script, project)
        assert done.returncode == 0, done.stdout + done.stderr
        assert (project / "pacts" / "shop-orders.json").exists()
        assert "<testsuites" in (project / "pact.xml").read_text()

    def test_what_did_not_match_fails_the_job_and_is_in_the_report(self, project: Path, script: str) -> None:
        (project / "test.sh").write_text("true")
        done = play(script, project)
        assert (done.returncode, "GET /orders/42 was expected and never came" in done.stdout) == (2, True)
        assert "<failure" in (project / "pact.xml").read_text()


@pytest.mark.nightly  # they ask an index for all packages
@pytest.mark.parametrize("script", ["\n".join(GITLAB["contract"]["before_script"]), JENKINS[0]], ids=_JOBS)
def test_the_examples_install_what_they_run(project: Path, script: str) -> None:
    shutil.rmtree(project / ".pactmock")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = play(script, project, SOURCE=str(ROOT), PATH=path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert play(JENKINS[1], project).returncode == 0


class TestSidecar:
    """The examples with a container: the service is there, and everything goes through its one port."""

    def test_the_steps_for_github(self, project: Path) -> None:
        scripts = {item["name"]: item["run"] for item in SIDECAR["jobs"]["consumer"]["steps"] if "run" in item}
        create, call, verify, fetch = scripts.values()
        (project / "docker" / "consumer").mkdir(parents=True)
        shutil.copy(ROOT / "docker" / "consumer" / "pact.json", project / "docker" / "consumer")
        variables = SIDECAR["jobs"]["consumer"]["env"]
        with service(project / "pacts") as running:
            told = {name: text.replace("http://localhost:8080", running.url) for name, text in variables.items()}

            def done(script: str) -> subprocess.CompletedProcess[str]:
                return play(script, project, **told)

            assert done(create).returncode == 0
            failed = done(verify)
            assert (failed.returncode, "GET /orders/42 was expected and never came" in failed.stdout) == (22, True)
            assert [done(script).returncode for script in (call, verify, fetch)] == [0, 0, 0]
        assert json.loads((project / "pact.json").read_text())["consumer"]["name"] == "shop"
        assert (project / "pacts" / "shop-orders.json").exists()

    def test_the_job_for_gitlab(self, project: Path) -> None:
        job = GITLAB["contract-with-sidecar"]
        with service(project / "pacts") as running:

            def done(name: str) -> subprocess.CompletedProcess[str]:
                return play("\n".join(job[name]), project, CONTROL=running.url)

            assert done("before_script").returncode == 0
            assert done("script").returncode == 0
            assert done("after_script").returncode == 0
        assert (project / "pacts" / "shop-orders.json").exists()
        assert "<testsuites" in (project / "pact.xml").read_text()

    def test_the_consumer_of_the_compose_file(self, project: Path) -> None:
        consumer = ROOT / "docker" / "consumer" / "order_test.py"
        with service(project / "pacts") as running:
            done = play(f"{sys.executable} {consumer}", project, CONTROL_URL=running.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert (project / "pacts" / "shop-orders.json").exists()
