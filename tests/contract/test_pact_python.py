"""The tests and examples of pact-python's consumer side, from a copy outside the project, pass here.

PACTMOCK_PACT_PYTHON names the copy: the repository of pact-python, or at least `tests` and `examples` of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

COPY = os.environ.get("PACTMOCK_PACT_PYTHON")
HERE = Path(__file__).parent
TESTS = ("tests/interaction", "tests/test_pact.py", "tests/test_xml.py", "tests/test_error.py")
EXAMPLES = (
    "http/aiohttp_and_flask",
    "http/requests_and_fastapi",
    "http/service_consumer_provider",
    "http/xml_example",
    "catalog/multipart_matching_rules",
)
OF_HANDLES = tuple(
    f"tests/interaction/test_{kind}_interaction.py::test_repr" for kind in ("http", "async_message", "sync_message")
)
"""They want the number of a handle of the native library in the text of an interaction, and here is none."""

pytestmark = pytest.mark.skipif(not COPY, reason="PACTMOCK_PACT_PYTHON names no copy of pact-python")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    copy = tmp_path / "outside" / "copy"
    for part in ("tests", "examples"):
        shutil.copytree(Path(COPY or "") / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    return copy


def passed(copy: Path, *paths: str) -> int:
    """Run tests of the copy, and return how many passed: none may fail."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pact_python", "-p", "no:cacheprovider", *paths]
    command += ["--import-mode=importlib", *(f"--deselect={name}" for name in OF_HANDLES)]
    path = os.pathsep.join((str(HERE.parent.parent), str(HERE), str(copy)))
    ended = subprocess.run(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = re.search(r"(\d+) passed", ended.stdout)
    return int(found[1]) if found else 0


def test_its_tests_of_interactions_pacts_xml_and_errors_pass(copied: Path) -> None:
    assert passed(copied, *TESTS) >= 280


def test_its_examples_of_consumers_pass(copied: Path) -> None:
    assert passed(copied, *(str(path.relative_to(copied)) for path in examples(copied))) >= 15


def examples(copy: Path) -> list[Path]:
    return [path for name in EXAMPLES for path in (copy / "examples" / name).glob("test_consumer*.py")]


@pytest.mark.skipif(not find_spec("flask"), reason="its provider is written with Flask, which is not installed")
def test_its_test_of_all_matchers_passes_up_to_the_verification_of_its_provider(copied: Path) -> None:
    assert passed(copied, "tests/test_match.py") == (1 if os.environ.get("PACTMOCK_PACT_CLI") else 0)
