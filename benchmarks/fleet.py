"""What replicas are made of: a Redis, and services of this checkout on it, each a process of its own."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import Driven, Load, drive
from benchmarks.peers import call
from benchmarks.started import HERE, Started


class Redis(Started):
    """A Redis, or a Valkey, that keeps what it holds in memory alone."""

    name = "redis"

    @staticmethod
    def program() -> str | None:
        return shutil.which("redis-server") or shutil.which("valkey-server")

    def command(self) -> Sequence[str]:
        return (str(self.program()), "--port", str(self.port), "--save", "")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Any:
        """Return what asks it how it is."""
        from redis import Redis as Client  # late: an extra

        return Client(port=self.port)


class Service(Started):
    """A service of some checkout, with the options that it is started with."""

    name = "pactmock"

    def __init__(self, *options: str, checkout: Path = HERE) -> None:
        super().__init__()
        self._options = options
        self._checkout = checkout

    def command(self) -> Sequence[str]:
        kept = ("-p", str(self.port), "-o", self.directory.name, "-l", "error")
        return (sys.executable, "-m", "pactmock", "start", *kept, *self._options)

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(self._checkout.resolve())}

    def create(self, pact: dict[str, Any]) -> str:
        """Make a mock server, and return its id."""
        return str(call("POST", f"{self.control}/", pact)["mockServer"]["id"])

    def remove(self, server: str) -> None:
        call("DELETE", f"{self.control}/mockserver/{server}")


@contextlib.contextmanager
def running(*started: Started) -> Iterator[None]:
    """Start processes in their order, and end them whatever happens."""
    try:
        for one in started:
            one.start()
        yield
    finally:
        for one in started:
            one.stop()


@dataclass(frozen=True)
class Spent:
    """Microseconds of the processor that a request took, of all replicas, of Redis and of the load, and how it went."""

    replicas: float
    redis: float
    load: float
    driven: Driven


def spent(services: Sequence[Service], redis: Redis | None, paths: Sequence[str], load: Load, **how: Any) -> Spent:
    """Drive replicas by the gateway, each below its path, and say what that took (`load.drive` takes what is left)."""
    processes = [*services, *([redis] if redis is not None else [])]
    urls = [f"{one.control}{path}" for one, path in zip(services, paths, strict=True)]
    before = [one.processor_seconds() for one in processes]
    driven = drive(urls, load, **how)
    took = [one.processor_seconds() - was for one, was in zip(processes, before, strict=True)]
    each = 1e6 / driven.requests
    of_replicas = sum(took[: len(services)])
    return Spent(of_replicas * each, (sum(took) - of_replicas) * each, driven.processor_seconds * each, driven)
