"""What docs/front-end.md shows is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pactmock.cli.serving.stub import stub_command
from tests.patience import HANG
from tests.stub.stubs import stub

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "front-end.md").read_text()
BLOCKS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_commands_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "pacts").mkdir()
    shutil.copy(ROOT / "examples" / "web-users-api.json", tmp_path / "pacts")
    start, *calls = (block.partition("\n")[::2] for block in BLOCKS)
    options = start[0].removeprefix("$ pactmock stub ").replace("8080", "0").split()
    assert calls
    with stub(*options) as server:
        server.output.wait_for("Watching")
        assert "\n".join(server.output.lines).replace(str(server.port), "8080") + "\n" == start[1]
        for command, printed in calls:
            line = command.removeprefix("$ ").replace("8080", str(server.port)).replace("python ", f"{sys.executable} ")
            done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, timeout=HANG, check=False)
            told = done.stdout.replace(str(server.port), "8080").replace("\r", "")
            assert _without_length(told) == _without_length(printed), done.stderr


def _without_length(text: str) -> str:
    """Ports may have more digits than that of the page."""
    return re.sub(r"Content-Length: \d+", "Content-Length", text).strip()


def test_every_option_has_its_row() -> None:
    table = PAGE.partition("## Every option")[2].partition("\n## ")[0]
    for parameter in stub_command.params:
        if isinstance(parameter, click.Option) and parameter.name not in {"version", "help"}:
            assert f"`{parameter.opts[0]}`" in table, parameter
