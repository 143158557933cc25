"""The reference's verifier, played against a small provider: what passes here has to pass there.

It is in the npm package `@pact-foundation/pact-cli`; `PACTMOCK_PACT_CLI` names its binary, else `pact` on the PATH is
it. A test that comes to `verify` without it is skipped there, after all that it asserted before.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from parity.players import find_reference
from tests.patience import HANG

Json = Any
NO_REFERENCE = "there is no `pact` binary: npm install @pact-foundation/pact-cli, set PACTMOCK_PACT_CLI"


@dataclass(frozen=True)
class Asked:
    """A request of the verifier, as it came: the target undecoded, the headers in their order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the values of a header, joined by commas: an empty text where there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())


@dataclass(frozen=True)
class Given:
    """What the provider answers; nothing but a Content-Length is added to these headers."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Provider = Callable[[Asked], Given]


@dataclass(frozen=True)
class Failure:
    """What the verifier says against one interaction: its kind of failure, and each mismatch as `type: text`."""

    interaction: str
    mismatches: tuple[str, ...]


@dataclass(frozen=True)
class Verification:
    """What came of a run of the verifier."""

    exit_code: int
    results: tuple[tuple[str, str], ...]
    """Each interaction that it played, with `OK` or `Error`."""
    failures: tuple[Failure, ...]
    asked: tuple[Asked, ...]
    """What it asked of the provider; nothing, when that was a mock server."""
    output: str

    @property
    def passed(self) -> bool:
        """Whether there were interactions, and each was verified."""
        return self.exit_code == 0 and bool(self.results) and all(result == "OK" for _, result in self.results)

    def __bool__(self) -> bool:
        return self.passed


async def verify(pact: Path | Json, provider: Provider | int, *options: str) -> Verification:
    """Verify a pact, or the file of one, against a provider, or against what listens on a port (a mock server).

    `options` are further ones of `pact verifier`; `{port}` in them stands for that of the provider.
    """
    binary = find_reference()
    if binary is None:
        pytest.skip(NO_REFERENCE)
    with tempfile.TemporaryDirectory(prefix="verify-") as directory:
        file = pact if isinstance(pact, Path) else Path(directory, "pact.json")
        if file is not pact:
            file.write_text(json.dumps(pact), encoding="utf-8")
        if isinstance(provider, int):
            return await _run(binary, file, provider, (), options)
        async with playing(provider) as (port, asked):
            return await _run(binary, file, port, asked, options)


async def _run(binary: str, file: Path, port: int, asked: Iterable[Asked], options: tuple[str, ...]) -> Verification:
    with tempfile.TemporaryDirectory(prefix="verify-") as directory:
        report = Path(directory, "report.json")
        at = ("-h", "127.0.0.1", "-p", str(port))
        given = [option.format(port=port) for option in options]
        process = await asyncio.create_subprocess_exec(
            *(binary, "verifier", "-f", str(file), *at, "-j", str(report), "--no-colour", *given),
            env={**os.environ, "PACT_DO_NOT_TRACK": "true", "TREE_MAGIC_DIR": directory},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), HANG)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        said = _read_report(report)
    results = tuple((item["description"], item["result"]) for item in said.get("interactionResults", ()))
    failures = tuple(map(_failure, said.get("errors", ())))
    return Verification(process.returncode or 0, results, failures, tuple(asked), output.decode())


def _read_report(file: Path) -> Json:
    """Read the verifier's report; it writes none when it could not read the pact."""
    return json.loads(file.read_bytes()) if file.exists() else {}


def _failure(error: Json) -> Failure:
    mismatch = error["mismatch"]
    items = mismatch.get("mismatches", ())
    texts = (f"{item['type']}: {item['mismatch']}" for item in items)
    return Failure(error["interaction"], tuple(texts) or (str(mismatch.get("message", mismatch)),))


@asynccontextmanager
async def playing(provider: Provider) -> AsyncIterator[tuple[int, list[Asked]]]:
    """Have a provider listen; gives its port, and the list that what it is asked is added to."""
    asked: list[Asked] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            asked.append(request)
            writer.write(_rendered(provider(request), is_head=request.method == "HEAD"))
            await writer.drain()
        except asyncio.IncompleteReadError:
            pass  # it only looked whether somebody listens
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], asked


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n")
    line, *lines = head.split("\r\n")
    method, target, _ = line.split(" ")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    request = Asked(method, target, headers, b"")
    assert not request.header("transfer-encoding"), "the verifier never sent chunks before"
    return Asked(method, target, headers, await reader.readexactly(int(request.header("content-length") or 0)))


def _rendered(given: Given, *, is_head: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {given.status} {_PHRASES.get(given.status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in given.headers),
        *([] if given.status in {204, 304} else [f"Content-Length: {len(given.body)}"]),
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if is_head else given.body)


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def always(*, status: int = 200, body: bytes | str = b"", **headers: str) -> Provider:
    """Make a provider that gives one answer to whatever it is asked; `_` in the name of a header stands for `-`."""
    content = body.encode() if isinstance(body, str) else body
    given = Given(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), content)
    return lambda _: given


def does(pact: Json) -> Provider:
    """Make a provider that does what a pact says, by the examples in it, as somebody would write it who read the pact.

    An interaction is found by its method and its path as they are written, a message by its description; where there is
    one interaction only, it is that one.
    """
    found = {_key(one): _answer(one) for one in pact.get("interactions", ())}

    def provider(asked: Asked) -> Given:
        if len(found) == 1:
            return next(iter(found.values()))
        path = asked.target.partition("?")[0]
        described = json.loads(asked.body)["description"] if (asked.method, path) == ("POST", "/") else ""
        return found.get((asked.method, path)) or found.get(("message", described), Given(404))

    return provider


def _key(interaction: Json) -> tuple[str, str]:
    request = interaction.get("request", {})
    if "Messages" in interaction.get("type", ""):
        return "message", interaction["description"]
    return request.get("method", "GET").upper(), request.get("path", "/")


def _answer(interaction: Json) -> Given:
    if "request" in interaction and isinstance(interaction.get("response", {}), dict):
        return _given(interaction.get("response", {}))
    message = interaction["response"][0] if "request" in interaction else interaction
    content, content_type = _content(message.get("contents"))
    metadata = base64.b64encode(json.dumps(message.get("metadata", {})).encode()).decode()
    return Given(200, (("Content-Type", content_type), ("Pact-Message-Metadata", metadata)), content)


def _given(response: Mapping[str, Json]) -> Given:
    headers = [
        (name, value)
        for name, values in response.get("headers", {}).items()
        for value in (values if isinstance(values, list) else [values])
    ]
    content, content_type = _content(response.get("body"))
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    return Given(response.get("status", 200), tuple(headers), content)


def _content(body: Json) -> tuple[bytes, str]:
    """Return the bytes of a body, and its type: that of V4, or of earlier versions, where a text is itself."""
    if body is None:
        return b"", ""
    if not isinstance(body, dict) or "content" not in body:
        return (
            (body.encode(), "text/plain") if isinstance(body, str) else (json.dumps(body).encode(), "application/json")
        )
    content, content_type = body["content"], body.get("contentType", "application/json")
    if body.get("encoded") == "base64":
        return base64.b64decode(content), content_type
    is_text = isinstance(content, str) and body.get("encoded") != "json" and "json" not in content_type
    return content.encode() if is_text else json.dumps(content).encode(), content_type
