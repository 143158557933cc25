"""What a program that plays a small pact loads until its first answer: all of it is time before the first test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

_NOT_NEEDED = (
    "aiohttp click grpc gzip jsonpath_ng lxml pathlib pydantic random regex trustme"
    " pactmock.contract pactmock.control pactmock.generators.context pactmock.matching.explaining.explain"
    " pactmock.matching.values.elements pactmock.matching.values.strings pactmock.pact.merging pactmock.pact.store"
    " pactmock.plugins.face pactmock.plugins.protocol pactmock.server.message_play"
)


def test_a_first_answer_loads_nothing_that_only_other_pacts_need() -> None:
    program = f"import runpy, sys; runpy.run_path({str(ROOT / 'benchmarks' / 'inside.py')!r}, run_name='__main__')"
    shown = f"{program}; print(*sorted(set({_NOT_NEEDED!r}.split()) & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", shown, "pactmock", "answer"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == []
