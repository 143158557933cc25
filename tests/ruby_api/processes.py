"""The Ruby service as a process, started by its command line as clients start it."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import HANG
from tests.process import COMMAND

PORT = re.compile(r"port=(\d+)")
"""What pact-js looks for."""


DRIVES = {"X-Pact-Mock-Service": "true"}


@dataclass(frozen=True)
class RubyProcess:
    """A service that listens."""

    process: subprocess.Popen[str]
    port: int
    scheme: str = "http"

    def drive(
        self, method: str, path: str, document: Any = None, origin: str | None = None, tls: ssl.SSLContext | None = None
    ) -> tuple[int, str]:
        """Ask as a client does, with the header; return status and text."""
        headers = DRIVES if origin is None else {**DRIVES, "Origin": origin}
        return call(f"{self.scheme}://localhost:{self.port}{path}", method, document, headers, tls)

    def call(
        self, method: str, path: str, document: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Ask as the code under test does."""
        return call(f"{self.scheme}://localhost:{self.port}{path}", method, document, headers)

    def end(self, number: int) -> tuple[int, str, str]:
        """End it by a signal; return exit code, standard output and error."""
        self.process.send_signal(number)
        output, error = self.process.communicate(timeout=HANG)
        return self.process.returncode, output, error


def call(
    url: str,
    method: str = "GET",
    document: Any = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> tuple[int, str]:
    """Make one call; return status and text."""
    body = None if document is None else json.dumps(document).encode()
    if method in {"POST", "PUT"} and body is None:
        body = b""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=HANG, context=tls) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `pactmock ruby` to its end."""
    return subprocess.run(
        [*COMMAND, "ruby", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@contextmanager
def started(
    *arguments: str, cwd: Path | None = None, scheme: str = "http", environment: Mapping[str, str] | None = None
) -> Iterator[RubyProcess]:
    """Start a service, and wait until it says its port."""
    process = subprocess.Popen(
        [*COMMAND, "ruby", *arguments],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := PORT.search(line):
                yield RubyProcess(process, int(found[1]), scheme)
                return
        raise AssertionError(process.communicate(timeout=HANG)[1])
    finally:
        process.kill()
        process.communicate(timeout=HANG)
