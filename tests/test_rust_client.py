"""The Rust client of the Pact mock server drives this service unchanged, where it is installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from parity.players import find_reference
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call, service
from tests.verifying import NO_REFERENCE

BINARY = find_reference()


@pytest.mark.skipif(BINARY is None, reason=NO_REFERENCE)
def test_create_list_verify_shutdown_and_shutdown_master(tmp_path: Path) -> None:
    file = tmp_path / "pact.json"
    file.write_text(json.dumps(pact(interaction("the only one", {"path": "/a"}))))
    with service(tmp_path / "pacts") as running:

        def rust(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [str(BINARY), "mock", *arguments, "--port", str(running.port)]
            return subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)

        created = rust("create", "--file", str(file))
        assert created.returncode == 0, created.stderr
        (server,) = call("GET", running.url)[1]["mockServers"]
        assert f"Mock server {server['id']} started on port {server['port']}" in created.stdout

        listed = rust("list")
        assert listed.returncode == 0, listed.stderr
        assert server["id"] in listed.stdout

        at = ("--mock-server-port", str(server["port"]))
        call("GET", f"{server['url']}/b")
        failed = rust("verify", *at)
        assert failed.returncode == 2
        assert "Received a request that was not expected" in failed.stdout
        assert "Expected request was not received" in failed.stdout

        call("DELETE", f"{running.url}/mockserver/{server['id']}/requests")
        call("GET", f"{server['url']}/a")
        verified = rust("verify", "--mock-server-id", server["id"])
        assert verified.returncode == 0, verified.stdout
        assert (tmp_path / "pacts" / "web-api.json").exists()

        assert rust("shutdown", *at).returncode == 0
        assert rust("shutdown", *at).returncode == 3
        assert rust("shutdown-master", "--server-key", "wrong").returncode not in {0, 2, 3}
        assert rust("shutdown-master", "--server-key", str(running.key)).returncode == 0
        assert running.process.wait(HANG) == 0
