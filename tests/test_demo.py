"""The demonstration of the README plays to its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).parents[1] / "examples" / "demo.py"


def test_the_demonstration_succeeds_and_shows_the_verdict() -> None:
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- body $.age: Expected '36' (String) to be an integer" in done.stdout
    assert "exit code 0" in done.stdout
