"""Stubs in processes of their own, ours and the reference's, and what they answer."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import orjson

from tests.patience import HANG
from tests.process import COMMAND

REFERENCE = os.environ.get("PACTMOCK_PACT_CLI")


class Output:
    """The lines that a process writes, read as they come, so that it never waits for a reader."""

    def __init__(self, stream: IO[str]) -> None:
        self._changed = threading.Condition()
        self._has_ended = False
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self.lines.append(line.rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return the first match of a pattern in a line, as soon as there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or self._find(pattern), HANG)
            found = self._find(pattern)
        assert found, f"{pattern!r} did not come: {self.text}"
        return found

    def wait_for_count(self, text: str, times: int) -> None:
        """Wait until so many lines have a text in them."""
        with self._changed:
            assert self._changed.wait_for(lambda: sum(text in line for line in self.lines) >= times, HANG), self.text

    def close(self) -> None:
        """Wait until all was read of a process that has ended."""
        self._thread.join(HANG)

    def _find(self, pattern: str) -> re.Match[str] | None:
        return next(filter(None, (re.search(pattern, line) for line in self.lines)), None)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Reply(NamedTuple):
    """What came back: names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Stub:
    """A stub that runs."""

    process: subprocess.Popen[str]
    port: int
    output: Output
    log: Output

    def ask(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: str | bytes | None = None
    ) -> Reply:
        """Make a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        try:
            connection.request(method, target, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            response = connection.getresponse()
            lines: dict[str, str] = {}
            for name, value in response.getheaders():
                lines[name.lower()] = f"{lines[name.lower()]}, {value}" if name.lower() in lines else value
            return Reply(response.status, lines, response.read())
        finally:
            connection.close()


@contextmanager
def started(command: tuple[str, ...], **environment: str) -> Iterator[Stub]:
    """Start a stub, and wait until it says on which port it listens."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PACT", "RUST"))}
    process = subprocess.Popen(
        command,
        env={**kept, "NO_COLOR": "1", "TZ": "UTC", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    output, log = Output(process.stdout), Output(process.stderr)
    try:
        try:
            port = int(output.wait_for(r"Server started on port (\d+)")[1])
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.text}") from None
        yield Stub(process, port, output, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=HANG)
        finally:
            process.kill()
        output.close()
        log.close()


def stub(*arguments: str, **environment: str) -> Any:
    """Start `pactmock stub` on a free port."""
    return started((*COMMAND, "stub", *arguments), **environment)


def reference(*arguments: str, **environment: str) -> Any:
    """Start pact-stub-server on a free port."""
    assert REFERENCE
    return started((REFERENCE, "stub", *arguments), **environment)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `pactmock stub` to its end."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PACT")}
    return subprocess.run(
        [*COMMAND, "stub", *arguments],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
