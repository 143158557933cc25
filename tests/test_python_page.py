"""What docs/python.md shows works as it stands there: its tests, what they print, and what type checkers say."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANG

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))
FAILS, PASSES = re.findall(r"```console\n\$ pytest\n(.*?)```", PAGE, re.DOTALL)
MENDED = FILES["users.py"].replace('"text/html"', '"application/json"')


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    return tmp_path


def run(project: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MYPYPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": "-p pactmock.pytest_plugin -p xdist -p pytest_asyncio.plugin -p no:cacheprovider",
        },
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    return done.stdout + done.stderr


def shows(said: str, shown: str) -> bool:
    """Tell whether lines follow each other as the page shows them; three dots stand for what is left out."""
    parts = map(re.escape, shown.strip().removeprefix("...").removesuffix("...").strip().split("\n...\n"))
    return re.search("(?s:.*)".join(parts), said) is not None


def test_the_first_test_fails_and_says_why_and_passes_when_the_client_is_mended(project: Path) -> None:
    said = run(project, "pytest", "test_users.py")
    assert shows(said, FAILS), said
    assert not (project / "pacts").exists()
    (project / "users.py").write_text(MENDED)
    said = run(project, "pytest", "test_users.py")
    assert shows(said, PASSES), said
    assert (project / "pacts" / "web-users-api.json").exists()


def test_all_its_tests_pass_with_workers_too(project: Path) -> None:
    pytest.importorskip("requests")
    (project / "users.py").write_text(MENDED)
    said = run(project, "pytest", "-n", "2")
    assert "9 passed" in said, said
    assert len(list((project / "pacts").glob("*.json"))) == 4


@pytest.mark.parametrize(
    "checker", [("mypy", "--strict"), ("pyright", "--pythonpath", sys.executable)], ids=["mypy", "pyright"]
)
def test_type_checkers_are_content_in_their_strict_modes(project: Path, checker: tuple[str, ...]) -> None:
    if importlib.util.find_spec(checker[0]) is None:
        pytest.skip(f"{checker[0]} is not installed")
    pyright = f'{{"typeCheckingMode": "strict", "extraPaths": ["{ROOT}"]}}'
    (project / "pyrightconfig.json").write_text(pyright)
    said = run(project, *checker, *FILES)
    if not re.search(r"^(Success|Found \d|\d+ errors?)", said, re.MULTILINE):
        pytest.skip(f"{checker[0]} could not begin, as it does where it may not load what it needs: {said[-200:]}")
    assert re.search(r"^(Success: no issues|0 errors)", said, re.MULTILINE), said


def test_every_option_and_marker_of_the_plugin_is_on_the_page() -> None:
    source = (ROOT / "pactmock" / "pytest_plugin" / "__init__.py").read_text()
    options = re.findall(r'"(--pact-[a-z]+|pact_[a-z]+)"', source)
    said = {*options, *re.findall(r"^def (pact(?:_service)?)\(", source, re.MULTILINE)}
    assert said, "the plugin has options"
    assert [name for name in sorted(said) if f"`{name}" not in PAGE] == []
