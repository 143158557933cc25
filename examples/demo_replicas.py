"""The whole way once through three replicas, one of which is killed in the middle; they share a Redis of their own.

    python -m examples.demo_replicas

It is the story of `demo.py`: whichever replica is asked, and whichever got the requests, there is one verdict. It needs
`redis-server` or `valkey-server`, and exits with 0 when everything was as it should be.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from examples.demo import JSON, PACT, call, expect, say, show

_NO_REDIS = (
    "This demonstration needs redis-server or valkey-server, and there is none: install it with"
    " `sudo apt-get install redis-server` on Debian and Ubuntu, with `brew install redis` on macOS"
)
_ACCEPT = {"Accept": "application/json"}
_DRAIN_SECONDS = 1.0


class Replica:
    """A service in a process of its own."""

    def __init__(self, number: int, store: str, output: Path) -> None:
        self.name = f"replica {number}"
        options = ["--store", store, "--output", str(output), "--drain-seconds", str(_DRAIN_SECONDS)]
        command = [sys.executable, "-m", "pactmock", "start", "--port", "0", "-l", "warn", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        line = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r"http://\S+", line)
        expect(found is not None, f"{self.name} did not start: {line}")
        self.url = found[0] if found else ""

    def kill(self) -> None:
        """End it at once, if it still runs."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def redis(program: str, directory: Path) -> Iterator[str]:
    """Start a Redis that writes all that it acknowledges; return its URL."""
    socket = directory / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(directory), "--save", ""]
    durable = ["--appendonly", "yes", "--appendfsync", "always"]
    process = subprocess.Popen([program, *options, *durable], stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        until = time.monotonic() + 10
        while not socket.exists():
            expect(time.monotonic() < until and process.poll() is None, "Redis did not start")
            time.sleep(0.02)
        yield f"unix://{socket}"
    finally:
        process.kill()
        process.wait()


def same(replicas: list[Replica], path: str) -> Any:
    """Ask all replicas the same, which have to answer the same; return that."""
    answers = [call("GET", replica.url + path) for replica in replicas]
    expect(all(answer == answers[0] for answer in answers), f"replicas differ on {path}: {answers}")
    expect(answers[0][0] == 200, f"{path} was not answered: {answers[0]}")
    return answers[0][1]


def play(replicas: list[Replica], start: Callable[[], Replica]) -> None:
    """Go the whole way; `start` makes one more replica."""
    first, second, third = replicas
    say(f"1. Post the pact {PACT.name} to {first.name}")
    status, created = call("POST", first.url, json.loads(PACT.read_text()))
    expect(status == 200, f"the pact was refused: {created}")
    key = created["mockServer"]["id"]
    here, provider = f"/mockserver/{key}", f"/m/{key}"
    show(f"mock server {key} is played by all three, below {provider}/")

    say("2. The code under test sends a right, a wrong and an unexpected request, each to another replica")
    sent: list[tuple[Replica, str, str, Any, dict[str, str]]] = [
        (first, "GET", "/users/7", None, _ACCEPT),
        (second, "POST", "/users", {"name": "Grace", "age": "36", "languages": []}, JSON),
        (third, "GET", "/user/7", None, _ACCEPT),
    ]
    for replica, method, path, document, headers in sent:
        status, answer = call(method, replica.url + provider + path, document, headers)
        show(f"{replica.name}: {method} {path} -> {status}")
        show(f"  {answer['error'] if status == 500 else json.dumps(answer)}")

    say(f"3. Kill {second.name}, which got the wrong one, and ask the others for the verdict")
    second.kill()
    replicas.remove(second)
    found = same(replicas, f"{here}/mismatches")
    for item in found:
        show(f"{item['type']}: {item.get('method')} {item.get('path')}")
    expect(len(found) == 2, "what the killed one answered should be in the verdict")

    say("4. Start another one: it knows all of it")
    replicas.append(start())
    expect(same(replicas, f"{here}/mismatches") == found, "the new one should say the same")
    show(f"{replicas[-1].name} says the same")

    say("5. Mend the code, forget what was received, and run again")
    call("DELETE", f"{first.url}{here}/requests")
    call("GET", f"{third.url}{provider}/users/7", None, _ACCEPT)
    mended = {"name": "Grace", "age": 36, "languages": ["COBOL", "FLOW-MATIC"]}
    call("POST", f"{replicas[-1].url}{provider}/users", mended)
    verdict = same(replicas, f"{here}/matched")
    show(f"all of them: GET {here}/matched -> {json.dumps(verdict)}")
    expect(verdict["matched"], "the mended run should match")

    say(f"6. Replace {first.name}: it is not ready any more, answers on for {_DRAIN_SECONDS:g} s, and ends")
    first.process.terminate()
    while call("GET", f"{first.url}/ready")[0] == 200:
        time.sleep(0.01)
    status, _ = call("GET", f"{first.url}{provider}/users/8", None, _ACCEPT)
    show(f"GET /ready -> 503, GET /users/8 -> {status}")
    expect(status == 200, "it should answer on")
    expect(first.process.wait(20) == 0, "it should have ended in good order")
    replicas.remove(first)

    say(f"7. Have the pact written by {third.name}, and read it from the other one")
    status, _ = call("POST", f"{third.url}{here}/verify")
    expect(status == 204, "the pact should have been written")
    written = same(replicas, "/pacts/web/users-api")
    show(json.dumps(written)[:100] + "...")

    say("8. Clean up")
    status, _ = call("DELETE", third.url + here)
    show(f"DELETE {here} -> {status}")
    expect(status == 204, "the mock server should have ended")
    expect(all(call("GET", each.url + here)[0] == 404 for each in replicas), "it should be gone everywhere")


def main() -> None:
    """Start a Redis and three replicas, play, and end them."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        sys.exit(_NO_REDIS)
    with tempfile.TemporaryDirectory(prefix="pactmock-") as directory, ExitStack() as stack:
        place = Path(directory)
        store = stack.enter_context(redis(program, place))
        numbers = itertools.count(1)

        def start() -> Replica:
            replica = Replica(next(numbers), store, place / "pacts")
            stack.callback(replica.kill)
            return replica

        replicas = [start() for _ in range(3)]
        say("0. " + ", ".join(f"{replica.name} is at {replica.url}" for replica in replicas))
        play(replicas, start)


if __name__ == "__main__":
    main()
