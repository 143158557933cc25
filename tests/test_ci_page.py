"""What docs/ci.md shows is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import HANG
from tests.process import COMMAND

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_first_run_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "examples" / "web-users-api.json", tmp_path)
    (shown,) = re.findall(r"```console\n\$ cat test\.sh\n(.*?)```", PAGE, re.DOTALL)
    script, command, printed = re.split(r"^\$ pactmock (.*)\n", shown, flags=re.MULTILINE)
    (tmp_path / "test.sh").write_text(script)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        [*COMMAND, *command.split()], cwd=tmp_path, capture_output=True, text=True, timeout=HANG, check=False
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == printed
    assert (tmp_path / "pact.xml").exists()
