"""What a program that plays a small pact loads until its first answer: all of it is time before the first test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import HANG

ROOT = Path(__file__).parents[1]

_NOT_NEEDED = (
    "aiohttp click grpc gzip jsonpath_ng lxml pathlib pydantic random regex trustme"
    " pactmock.contract pactmock.control pactmock.generators.context pactmock.matching.explaining.explain"
    " pactmock.matching.values.elements pactmock.matching.values.strings"
    " pactmock.pact.merging pactmock.pact.directory.store pactmock.plugins.face pactmock.plugins.protocol"
    " pactmock.server.plays.message_play"
)


def test_a_first_answer_loads_nothing_that_only_other_pacts_need() -> None:
    program = f"import runpy, sys; runpy.run_path({str(ROOT / 'benchmarks' / 'inside.py')!r}, run_name='__main__')"
    shown = f"{program}; print(*sorted(set({_NOT_NEEDED!r}.split()) & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", shown, "pactmock", "answer"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == []


def test_a_suite_that_says_nothing_new_loads_no_parser_of_paths_and_no_lock(tmp_path: Path) -> None:
    program = (
        "import sys, pytest; from benchmarks.suites.__main__ import file_of;"
        "assert pytest.main(['-q', '-p', 'no:cacheprovider', str(file_of('pactmock'))]) == 0;"
        "print('loaded:', *sorted({'filelock', 'jsonpath_ng'} & set(sys.modules)))"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-p pactmock.pytest_plugin -p pytest_asyncio.plugin",
    }
    first, again = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
        for _ in range(2)
    )
    assert first.stdout.splitlines()[-1] == "loaded: filelock", first.stdout + first.stderr
    assert again.stdout.splitlines()[-1] == "loaded:", again.stdout + again.stderr
