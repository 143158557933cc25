"""Many processes that write into one pact file at once lose nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

WRITERS = 20

PROGRAM = """
import sys
from pathlib import Path
from pactmock.pact import reading, store

number, directory = sys.argv[1:]
interaction = {"description": f"interaction {number}", "request": {"path": f"/{number}"}, "response": {"status": 200}}
pact = {"consumer": {"name": "web"}, "provider": {"name": "api"}, "interactions": [interaction]}
store.write(reading.read_pact(pact), Path(directory))
"""


def _write_all(directory: Path) -> bytes:
    writers = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, f"{number:02}", str(directory)]) for number in range(WRITERS)
    ]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    return (directory / "web-api.json").read_bytes()


def test_twenty_processes_that_write_different_interactions_lose_none(tmp_path: Path) -> None:
    first = _write_all(tmp_path)
    descriptions = [item["description"] for item in json.loads(first)["interactions"]]
    assert sorted(descriptions) == [f"interaction {number:02}" for number in range(WRITERS)]
    assert _write_all(tmp_path) == first
