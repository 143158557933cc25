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
from pactmock.pact.directory import store
from pactmock.pact.documents import reading

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


TOGETHER = """
import asyncio, sys
from pathlib import Path
from pactmock.pact.documents import reading
from pactmock.server.pact_writer import FileWriter, ToWrite
from pactmock.server.workers import Workers

name, count, directory = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
print("begins", flush=True)

def pact(number):
    interaction = {"description": f"{name} {number}", "request": {"path": "/"}, "response": {"status": 200}}
    return reading.read_pact(
        {"consumer": {"name": "web"}, "provider": {"name": "api"}, "interactions": [interaction]}
    )

async def main():
    writer, numbers = FileWriter(Workers("files", threads=8, share=1)), iter(range(count))

    async def write_some():
        for number in numbers:
            await writer.write(ToWrite(pact(number), directory))
            print(f"{name} {number}", flush=True)

    await asyncio.gather(*(write_some() for _ in range(8)))

asyncio.run(main())
"""


def _together(name: str, count: int, directory: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TOGETHER, name, str(count), str(directory)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _descriptions(directory: Path) -> set[str]:
    return {item["description"] for item in json.loads((directory / "web-api.json").read_bytes())["interactions"]}


def test_processes_with_many_writers_each_lose_nothing_and_leave_whole_files_where_some_are_killed(
    tmp_path: Path,
) -> None:
    staying = [_together(f"staying{number}", 40, tmp_path) for number in range(3)]
    said: set[str] = set()
    for number in range(4):
        killed = _together(f"killed{number}", 100_000, tmp_path)
        assert killed.stdout is not None
        said |= {killed.stdout.readline().strip() for _ in range(8)}  # in the middle of all, wherever that is
        killed.kill()
        said |= {line.strip() for line in killed.communicate()[0].splitlines(keepends=True) if line.endswith("\n")}
        assert said - {"begins"} <= _descriptions(tmp_path)  # which is a whole file
    for writer in staying:
        said |= set(writer.communicate()[0].split("\n"))
        assert writer.returncode == 0
    assert said - {"begins", ""} <= _descriptions(tmp_path)
    assert {f"staying{number} {place}" for number in range(3) for place in range(40)} <= said
    _together("last", 1, tmp_path).communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["web-api.json"]  # nor is anything left of who was killed
