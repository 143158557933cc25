"""What the pages and examples say of publishing is what the broker's own client takes, and sends what was written."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.http_servers import answer, listening
from tests.pacts import USERS
from tests.patience import HANG
from tests.process import call, run, service

ROOT = Path(__file__).parents[1]
(ON_THE_PAGE,) = re.findall(r"^pact-broker publish .*$", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.MULTILINE)
(IN_PYTHON,) = re.findall(r"^pact-broker publish .*$", (ROOT / "docs" / "python.md").read_text("utf-8"), re.MULTILINE)
_WORKFLOW = yaml.safe_load((ROOT / "examples" / "ci" / "github-actions.yml").read_text("utf-8"))
(ON_GITHUB,) = (step["run"] for step in _WORKFLOW["jobs"]["consumer"]["steps"] if "publish" in step.get("run", ""))


@contextmanager
def broker() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A broker that takes everything: its URL, and what was published with which authorization."""
    published: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}"
            self._answer({"_links": {"self": {"href": url}, "pb:publish-contracts": {"href": f"{url}/publish"}}})

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            published.append({**document, "authorization": self.headers["Authorization"]})
            self._answer({"notices": [], "_links": {"pb:contracts": []}})

        def _answer(self, document: Any) -> None:
            answer(self, json.dumps(document).encode(), "application/hal+json")

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}", published


@pytest.mark.skipif("PACTMOCK_PACT_CLI" not in os.environ, reason="PACTMOCK_PACT_CLI names no client of the broker")
@pytest.mark.parametrize("command", [ON_THE_PAGE, IN_PYTHON, ON_GITHUB], ids=["page", "Python", "GitHub"])
def test_a_pact_that_was_written_is_published(tmp_path: Path, command: str) -> None:
    client = tmp_path / "bin" / "pact-broker"
    client.parent.mkdir()
    client.write_text(f'#!/bin/sh\nexec {os.environ["PACTMOCK_PACT_CLI"]} broker "$@"\n')
    client.chmod(0o755)
    with service(tmp_path / "pacts") as running:
        call("POST", running.url, USERS)
        assert run("pact", "--write", "--port", str(running.port)).returncode == 0
    told = {"GITHUB_SHA": "5d41402", "GITHUB_REF_NAME": "main", "PACT_BROKER_TOKEN": "of the broker"}
    path = os.pathsep.join((str(client.parent), os.environ["PATH"]))
    with broker() as (url, published):
        done = subprocess.run(
            ["sh", "-ec", command.replace("$(git rev-parse HEAD)", "5d41402")],  # noqa: S607
            cwd=tmp_path,
            env={**os.environ, **told, "PATH": path, "PACT_BROKER_BASE_URL": url},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    (sent,) = published
    assert (sent["pacticipantName"], sent["pacticipantVersionNumber"], sent["branch"]) == ("web", "5d41402", "main")
    assert sent["authorization"] == "Bearer of the broker"
    (contract,) = sent["contracts"]
    written = json.loads(base64.b64decode(contract["content"]))
    assert [item["description"] for item in written["interactions"]] == [
        item["description"] for item in USERS["interactions"]
    ]
