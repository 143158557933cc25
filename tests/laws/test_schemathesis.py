"""The OpenAPI document is true of the running service: schemathesis draws calls from it and looks at the answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pacts import USERS
from tests.patience import HANG
from tests.process import Running, call, service

pytestmark = pytest.mark.hypothesis  # in another process: so `make laws` plays it too

_IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
_EXAMPLES = "200" if _IS_THOROUGH else "8"
_SECONDS = 600 if _IS_THOROUGH else 10

_NOT_FOR_US = ("positive_data_acceptance", "ensure_resource_availability", "use_after_free")
"""What a pact may be is more than a JSON schema says: the document calls it an object, and most objects are none. What
was made need not be there: a mock server may be given a time to live of no time, and has received no request yet. And
`DELETE .../requests` empties a list, which is there afterwards.
"""

_CONFIG = """
[[operations]]
include-path = "/shutdown"
checks.missing_required_header.enabled = false
"""
"""Who calls without the server key is told so with 403, as by the Rust server; the check asks for 401."""

_ELSEWHERE = ("--exclude-path-regex", "^/m/|/events$")
"""What is below /m/ is answered as the pact says, and 500 where nothing in it matches. Events have no end."""


def _draw(running: Running, directory: Path, *options: str, config: str = "") -> None:
    settings = directory / "schemathesis.toml"
    settings.write_text(_CONFIG + config)
    arguments = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"]
    arguments += [f"{running.url}/openapi.json", "--max-examples", _EXAMPLES, "--max-time", str(_SECONDS)]
    arguments += ["--request-timeout", "30", "--generation-database", "none", "--no-color", "--continue-on-failure"]
    arguments += [] if _IS_THOROUGH else ["--seed", "1"]
    arguments += ["--exclude-checks", ",".join(_NOT_FOR_US), *options]
    patience = HANG + _SECONDS
    done = subprocess.run(arguments, cwd=directory, capture_output=True, text=True, timeout=patience, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


@pytest.mark.timeout(2 * HANG + _SECONDS)
def test_calls_about_a_server_that_is_there_are_answered_as_the_document_says(tmp_path: Path) -> None:
    with service(tmp_path / "pacts", "--loglevel", "none") as running:
        identifier = call("POST", running.url, USERS)[1]["mockServer"]["id"]
        call("GET", f"{running.url}/m/{identifier}/unexpected")
        # Of the times to wait, 600 seconds is as good as one.
        known = f'[parameters]\n"path.id" = "{identifier}"\n"path.number" = 1\n"query.timeout" = 1\n'
        _draw(running, tmp_path, *_ELSEWHERE, "--exclude-method", "DELETE", config=known)
        assert call("GET", f"{running.url}/health")[0] == 200


@pytest.mark.timeout(2 * HANG + _SECONDS)
def test_calls_about_servers_that_are_not_there_are_answered_as_the_document_says(tmp_path: Path) -> None:
    with service(tmp_path / "pacts", "--loglevel", "none") as running:
        _draw(running, tmp_path, *_ELSEWHERE)
        assert call("GET", f"{running.url}/health")[0] == 200
