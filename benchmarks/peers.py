"""Who is measured: servers in processes of their own, each started on a free port and ended with the run."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.started import HERE, Started
from pactmock.plugins.authors.packaging import PythonPlugin, package
from pactmock.plugins.csv import CsvPlugin

_LOOK_SECONDS = 0.3
_ONLY_HTTP = frozenset({"http"})


class Peer(Started):
    """A running server. `create` makes a mock server of a pact and returns its URL."""

    speaks = frozenset({"http", "pact"})
    """What it can play: HTTP, pacts, pacts with plugins; with a command line of its own, inside a Python program."""
    inside = ""
    """How `inside.py` knows it."""

    def help_command(self) -> Sequence[str]:
        """What shows the list of its commands."""
        raise NotImplementedError

    def create(self, pact: dict[str, Any]) -> str:
        server = call("POST", f"{self.control}/", pact)["mockServer"]
        return f"http://127.0.0.1:{server['port']}"

    def remove(self, url: str) -> None:
        call("DELETE", f"{self.control}/mockserver/{url.rpartition(':')[2]}")

    def come_to_rest(self) -> None:
        """Start anew when it still works on what nobody waits for any more: that would slow down who comes next."""
        before = self.processor_seconds()
        time.sleep(_LOOK_SECONDS)
        if self.processor_seconds() - before > _LOOK_SECONDS / 4:
            self.stop()
            self.start()


class Pactmock(Peer):
    name = "pactmock"
    speaks = frozenset({"http", "pact", "plugins", "commands", "inside"})
    inside = "pactmock"
    checkout = HERE
    """Of which tree it is, whatever is installed."""

    def help_command(self) -> Sequence[str]:
        return (sys.executable, "-m", "pactmock", "--help")

    def command(self) -> Sequence[str]:
        port, output = str(self.port), self.directory.name
        return (sys.executable, "-m", "pactmock", "start", "-p", port, "-o", output, "-l", "error")

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(self.checkout)}


class PactmockWithProcesses(Pactmock):
    """Our service again, with the CSV plugin as a process that it speaks gRPC to."""

    name = "pactmock, plugin a process"
    speaks = frozenset({"plugins"})

    def environment(self) -> dict[str, str]:
        directory = Path(self.directory.name) / "plugins"
        package(PythonPlugin(CsvPlugin), directory)
        return {**super().environment(), "PACT_PLUGIN_DIR": str(directory)}


class RustServer(Peer):
    """The Rust server, of the npm package @pact-foundation/pact-cli; `PACTMOCK_PACT_CLI` names its binary."""

    name = "rust"
    speaks = frozenset({"http", "pact", "commands"})

    def help_command(self) -> Sequence[str]:
        return (str(self.binary()), "mock", "--help")

    @staticmethod
    def binary() -> str | None:
        return os.environ.get("PACTMOCK_PACT_CLI") or shutil.which("pact")

    def command(self) -> Sequence[str]:
        port, output = str(self.port), self.directory.name
        return (str(self.binary()), "mock", "start", "-p", port, "-o", output, "--no-file-log", "-l", "none")

    def remove(self, url: str) -> None:
        with contextlib.suppress(urllib.error.HTTPError):  # with many servers it does not find some by their port
            super().remove(url)


class NativeLibrary(Peer):
    """The native Pact library of the package pact-python-ffi, inside a Python program: nothing runs beside that."""

    name = "native library"
    speaks = frozenset({"inside"})
    inside = "native"

    @staticmethod
    def binary() -> str | None:
        found = importlib.util.find_spec("pact_ffi")
        return found.origin if found else None

    def command(self) -> Sequence[str]:
        return ()

    def start(self) -> None:
        return

    def come_to_rest(self) -> None:
        return


class WireMock(Peer):
    """WireMock, of the npm package wiremock, which needs Java; `PACTMOCK_WIREMOCK` names its command."""

    name = "wiremock"
    speaks = _ONLY_HTTP

    @staticmethod
    def binary() -> str | None:
        return os.environ.get("PACTMOCK_WIREMOCK") or shutil.which("wiremock")

    def command(self) -> Sequence[str]:
        return (str(self.binary()), "--port", str(self.port), "--disable-banner", "--no-request-journal")

    def create(self, pact: dict[str, Any]) -> str:
        for item in pact["interactions"]:
            request, response = item["request"], item["response"]
            stub = {
                "request": {"method": request["method"], "urlPath": request["path"]},
                "response": {
                    "status": response["status"],
                    "headers": response["headers"],
                    "jsonBody": response["body"],
                },
            }
            call("POST", f"{self.control}/__admin/mappings", stub)
        return self.control

    def remove(self, _url: str) -> None:
        call("DELETE", f"{self.control}/__admin/mappings")


class Mountebank(Peer):
    """Mountebank, of the npm package mountebank; `PACTMOCK_MOUNTEBANK` names its command."""

    name = "mountebank"
    speaks = _ONLY_HTTP

    @staticmethod
    def binary() -> str | None:
        return os.environ.get("PACTMOCK_MOUNTEBANK") or shutil.which("mb")

    def command(self) -> Sequence[str]:
        return (str(self.binary()), "start", "--port", str(self.port), "--nologfile", "--loglevel", "error")

    def create(self, pact: dict[str, Any]) -> str:
        stubs = [
            {
                "predicates": [{"equals": {"method": item["request"]["method"], "path": item["request"]["path"]}}],
                "responses": [
                    {
                        "is": {
                            "statusCode": item["response"]["status"],
                            "headers": {**item["response"]["headers"], "Connection": "Keep-Alive"},
                            "body": json.dumps(item["response"]["body"]),
                        }
                    }
                ],
            }
            for item in pact["interactions"]
        ]
        imposter = call("POST", f"{self.control}/imposters", {"protocol": "http", "stubs": stubs})
        return f"http://127.0.0.1:{imposter['port']}"

    def remove(self, url: str) -> None:
        call("DELETE", f"{self.control}/imposters/{url.rpartition(':')[2]}")


class BareAiohttp(Peer):
    """aiohttp's low-level server with nothing behind it."""

    name = "bare aiohttp"
    speaks = _ONLY_HTTP
    program = "bare_aiohttp.py"

    def command(self) -> Sequence[str]:
        return (sys.executable, str(Path(__file__).with_name(self.program)), str(self.port))

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(HERE)}

    def create(self, _pact: dict[str, Any]) -> str:
        return self.control

    def remove(self, _url: str) -> None:
        return


class BareHttptools(BareAiohttp):
    """httptools with nothing behind it: what a server in Python can reach at the most."""

    name = "bare httptools"
    program = "bare_httptools.py"


def of_checkout(checkout: Path) -> type[Peer]:
    """Return the pactmock of another checkout as a kind of peer; it runs with the packages that are installed here."""
    return type("OldPactmock", (Pactmock,), {"name": "old", "checkout": checkout.resolve()})


def installed() -> list[type[Peer]]:
    """Return the peers that can be started here; pactmock first."""
    optional: tuple[type[RustServer | NativeLibrary | WireMock | Mountebank], ...] = (
        RustServer,
        NativeLibrary,
        WireMock,
        Mountebank,
    )
    return [Pactmock, *(kind for kind in optional if kind.binary()), BareAiohttp, BareHttptools, PactmockWithProcesses]


@contextlib.contextmanager
def running(kinds: Sequence[type[Peer]]) -> Iterator[list[Peer]]:
    """Start peers, and end them whatever happens."""
    peers = [kind() for kind in kinds]
    try:
        for peer in peers:
            peer.start()
        yield peers
    finally:
        for peer in peers:
            peer.stop()


def call(method: str, url: str, document: Any = None) -> Any:
    """Make a call with a JSON body; return the JSON that came back."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
        content = response.read()
    return json.loads(content) if content else None
