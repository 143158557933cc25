"""The demonstrations play to their end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import HANG
from tests.store.redis_server import needs_redis

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "examples" / "demo.py"


def test_the_demonstration_succeeds_and_shows_the_verdict() -> None:
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- body $.age: Expected '36' (String) to be an integer" in done.stdout
    assert "exit code 0" in done.stdout


def _through_replicas(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "examples.demo_replicas"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


def test_the_demonstration_succeeds_through_three_replicas_of_which_one_is_killed() -> None:
    needs_redis()
    done = _through_replicas()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "replica 4 says the same" in done.stdout
    assert "GET /ready -> 503, GET /users/8 -> 200" in done.stdout


def test_without_a_redis_it_says_how_to_install_one(tmp_path: Path) -> None:
    done = _through_replicas(PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("This demonstration needs redis-server or valkey-server, and there is none: install")
