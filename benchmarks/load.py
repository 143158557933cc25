"""How load is made: wrk, bounded in time and connections, on loopback only."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

_CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What is sent over and over. `succeeds` says whether the answers should be 2xx."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    succeeds: bool = True


def available() -> bool:
    """Tell whether wrk is installed."""
    return shutil.which("wrk") is not None


def whole_seconds(seconds: float) -> int:
    """Return how long a load really lasts: wrk knows whole seconds."""
    return max(1, round(seconds))


def requests_per_second(url: str, load: Load, seconds: float) -> float:
    """Drive one server for some seconds.

    Raises:
        RuntimeError: when the answers are not what they should be, so that no wrong answer counts as a fast one.
    """
    with tempfile.TemporaryDirectory(prefix="pactmock-load-") as directory:
        command = ["wrk", "-t", "1", "-c", str(_CONNECTIONS), "-d", f"{whole_seconds(seconds)}s", "--timeout", "30s"]
        command += ["-s", str(_script(load, Path(directory))), url + load.path]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 90)  # noqa: S603
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    answered = re.search(r"(\d+) requests in", done.stdout)
    total = int(answered[1]) if answered else 0
    if (load.succeeds and refused) or (not load.succeeds and total and (not refused or int(refused[1]) != total)):
        raise RuntimeError(f"the answers to {load.method} {load.path} are not what they should be:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def _script(load: Load, directory: Path) -> Path:
    """Write what wrk sends as its script; the body is read from a file, as it can hold anything."""
    lines = [f'wrk.method = "{load.method}"']
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in load.headers.items()]
    if load.body is not None:
        body = directory / "body"
        body.write_bytes(load.body)
        lines.append(f'local file = io.open("{body}", "rb"); wrk.body = file:read("*a"); file:close()')
    script = directory / "load.lua"
    script.write_text("\n".join(lines))
    return script
