"""The commands of docs/operating.md for certificates of one's own do what the page says, one after the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANG
from tests.process import service

ROOT = Path(__file__).parents[1]
_PAGE = (ROOT / "docs" / "operating.md").read_text().partition("### All of it once")[2].partition("\n### ")[0]
_CERTIFICATES, _START, _CALLS = re.findall(r"```sh\n(.*?)```", _PAGE, re.DOTALL)


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("curl")), reason="the page has openssl and curl")
def test_certificates_of_ones_own_as_the_page_has_them(tmp_path: Path) -> None:
    def run(script: str, **variables: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-ec", script], cwd=tmp_path, env={**os.environ, **variables}, capture_output=True, text=True,
            timeout=HANG, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(_CERTIFICATES)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    options = [str(tmp_path / each) if each.endswith(".pem") else each for each in _START.split()[2:]]
    assert _START.split()[:2] == ["pactmock", "start"]
    with service(tmp_path / "pacts", *options) as running:
        port = running.url.rpartition(":")[2]
        calls = _CALLS.replace("pactmock ", f"{sys.executable} -m pactmock ").replace(
            "--mock-port 9443", "--mock-port 0"
        )
        create, rest = calls.split("\n", 1)
        mock_port = run(f"{create} --quiet", PACTMOCK_PORT=port).strip()
        said = run(rest.replace("9443", mock_port), PACTMOCK_PORT=port)
        assert said.count('"name":"Ada"') == 2, said
        assert len(re.findall(r"ok +GET /users/7 -> 200", said)) == 2, said
