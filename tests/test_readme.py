"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

    def call_my_code(url: str) -> None:
        with urllib.request.urlopen(f"{url}/users/1") as response:
            assert response.status == 200

    monkeypatch.chdir(tmp_path)
    exec(compile(source, "README.md", "exec"), {"call_my_code": call_my_code})  # noqa: S102  our own page
    assert (tmp_path / "pacts" / "web-users-api.json").exists()


def test_every_make_target_that_it_names_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([\w-]+)", README)) <= targets


def test_every_page_that_it_links_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links {link}"


def test_every_file_that_the_architecture_page_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    for name in re.findall(r"`((?:pact|matching|server|control|generators)/[\w/]+\.py)`", page):
        assert (ROOT / "pactmock" / name).exists(), name
