"""The whole way once, as a consumer's test goes it, over the control API of a real service in a process of its own.

    python examples/demo.py

Start the service, post a pact, send one right, one wrong and one unexpected request, read the verdict, put it right,
write the pact, clean up. It prints what it does and exits with 0 when everything was as it should be.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import textwrap
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PACT = Path(__file__).with_name("web-users-api.json")
JSON = {"Content-Type": "application/json"}


def call(method: str, url: str, document: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Send a request; return the status and the JSON that came back."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, headers or JSON, method=method)  # noqa: S310  loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            status, content = response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            status, content = error.code, error.read()
    return status, json.loads(content) if content else None


def say(text: str) -> None:
    """Print a step."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}")  # noqa: T201


def show(text: str) -> None:
    """Print what a step brought."""
    print(textwrap.indent(text, "    "))  # noqa: T201


def expect(condition: bool, what: str) -> None:
    """Stop the demonstration where something is not as it should be."""
    if not condition:
        sys.exit(f"The demonstration failed: {what}")


def play(control: str, output: Path) -> None:
    """Go the whole way against a running service."""
    say(f"1. Post the pact {PACT.name}: a mock server for it starts")
    status, created = call("POST", control, json.loads(PACT.read_text()))
    expect(status == 200, f"the pact was refused: {created}")
    server = created["mockServer"]
    here, provider = f"{control}/mockserver/{server['id']}", server["url"]
    show(f"mock server {server['id']} plays {server['provider']} on {provider}")

    say("2. The code under test sends one right, one wrong and one unexpected request")
    requests: list[tuple[str, str, Any, dict[str, str]]] = [
        ("GET", "/users/7", None, {"Accept": "application/json"}),
        ("POST", "/users", {"name": "Grace", "age": "36", "languages": []}, JSON),
        ("GET", "/user/7", None, {"Accept": "application/json"}),
    ]
    for method, path, document, headers in requests:
        status, answer = call(method, provider + path, document, headers)
        show(f"{method} {path} -> {status}")
        show(f"  {answer['error'] if status == 500 else json.dumps(answer)}")

    say("3. Ask for the verdict, as `pactmock verify` shows it")
    done = pactmock("verify", "--port", control.rpartition(":")[2], "--mock-server-id", server["id"])
    expect(done.returncode == 2, "verify should have found mismatches")
    show(done.stdout)

    say("4. Mend the code, forget what was received, and run again")
    call("DELETE", f"{here}/requests")
    call(*requests[0][:1], provider + requests[0][1], None, requests[0][3])
    call("POST", f"{provider}/users", {"name": "Grace", "age": 36, "languages": ["COBOL", "FLOW-MATIC"]})
    _, verdict = call("GET", f"{here}/matched")
    show(f"GET /mockserver/{server['id']}/matched -> {json.dumps(verdict)}")
    expect(verdict["matched"], "the mended run should match")

    say("5. Write the pact, for the provider to verify")
    status, _ = call("POST", f"{here}/verify")
    expect(status == 204, "the pact should have been written")
    (file,) = output.glob("*.json")
    show(f"{file.name}:")
    show(file.read_text())

    say("6. Clean up")
    status, _ = call("DELETE", here)
    show(f"DELETE /mockserver/{server['id']} -> {status}")
    expect(status == 204, "the mock server should have stopped")


def pactmock(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "pactmock", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def main() -> None:
    """Start a service on a free port, play, and end it."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "pactmock", "start", "--port", "0", "--output", directory, "-l", "warn"]
        service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            line = service.stdout.readline() if service.stdout else ""
            found = re.search(r"http://\S+", line)
            expect(found is not None, f"the service did not start: {line}")
            say(f"0. {line.strip()}")
            play(found[0] if found else "", Path(directory))
        finally:
            service.terminate()
            code = service.wait(10)
            if service.stdout:
                service.stdout.close()
        show(f"the service ended with exit code {code}")
        expect(code == 0, "the service should have ended in good order")


if __name__ == "__main__":
    main()
