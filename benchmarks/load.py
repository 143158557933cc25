"""How load is made: wrk, bounded in time and connections, on loopback only."""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CONNECTIONS = 16
NUMBER = b"{number}"


@dataclass(frozen=True)
class Load:
    """What is sent over and over. `succeeds` says whether the answers should be 2xx.

    Where `NUMBER` stands in the body, each request has a number of its own, so that no two are alike.
    """

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


@dataclass(frozen=True)
class Driven:
    """What became of a load: requests that were answered, seconds, and seconds of the processor that making it took."""

    requests: int
    seconds: float
    processor_seconds: float
    latencies: tuple[float, ...] = ()
    """Milliseconds within which 50, 75, 90 and 99 of a hundred requests were answered, in the median of the servers."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def requests_per_second(url: str, load: Load, seconds: float) -> float:
    """Drive one server for some seconds.

    Raises:
        RuntimeError: when the answers are not what they should be, so that no wrong answer counts as a fast one.
    """
    return drive([url], load, seconds).rate


def drive(urls: Sequence[str], load: Load, seconds: float, connections: int = _CONNECTIONS) -> Driven:
    """Drive servers at once, each over its share of the connections.

    Raises:
        RuntimeError: as above.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory(prefix="pactmock-load-") as directory:
        script = str(_script(load, Path(directory)))
        kept = ["-t", "1", "-c", str(connections // len(urls)), "-d", f"{whole_seconds(seconds)}s", "--timeout", "30s"]
        commands = [["wrk", *kept, "--latency", "-s", script, url + load.path] for url in urls]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]  # noqa: S603
        said = [process.communicate(timeout=seconds + 90)[0] for process in running]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    shares = [_answered(load, text) for text in said]
    latencies = tuple(map(statistics.median, zip(*(share.latencies for share in shares), strict=True)))
    took = max(share.seconds for share in shares)
    return Driven(sum(share.requests for share in shares), took, spent, latencies)


def _answered(load: Load, said: str) -> Driven:
    """Read what wrk says."""
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    answered = re.search(r"(\d+) requests in ", said)
    total = int(answered[1]) if answered else 0
    if (load.succeeds and refused) or (not load.succeeds and total and (not refused or int(refused[1]) != total)):
        raise RuntimeError(f"the answers to {load.method} {load.path} are not what they should be:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not total or not rate:
        raise RuntimeError(f"{load.method} {load.path} was not answered:\n{said}")
    latencies = re.findall(r"^\s+\d\d%\s+([\d.]+)(us|ms|s)", said, re.MULTILINE)
    return Driven(
        total, total / float(rate[1]), 0.0, tuple(float(number) * _MILLISECONDS[unit] for number, unit in latencies)
    )


_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


_COUNTING = f"""local template, number = wrk.body, 0
request = function()
  number = number + 1
  return wrk.format(nil, nil, nil, (template:gsub("{NUMBER.decode()}", number)))
end"""


def _script(load: Load, directory: Path) -> Path:
    """Write what wrk sends as its script; the body is read from a file, as it can hold anything."""
    lines = [f'wrk.method = "{load.method}"']
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in load.headers.items()]
    if load.body is not None:
        body = directory / "body"
        body.write_bytes(load.body)
        lines.append(f'local file = io.open("{body}", "rb"); wrk.body = file:read("*a"); file:close()')
        if NUMBER in load.body:
            lines.append(_COUNTING)
    script = directory / "load.lua"
    script.write_text("\n".join(lines))
    return script
