"""Replicas of a service, each in a process of its own, and a service without any others to compare with."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.patience import HANG
from tests.process import COMMAND, Running, call, service


class Replicas:
    """The replicas of one store."""

    def __init__(self, store: str, directory: Path) -> None:
        self._store = store
        self._directory = directory
        self._stack = ExitStack()
        self.running: list[Running] = []

    def start(self, *options: str, command: Sequence[str] = COMMAND, **environment: str) -> Running:
        """Start one more."""
        output = self._directory / f"replica-{len(self.running)}"
        started = self._stack.enter_context(
            service(output, "--store", self._store, *options, command=command, **environment)
        )
        self.running.append(started)
        return started

    @contextmanager
    def one_more(self) -> Iterator[Running]:
        """Start one that is not asked with the others, and ends with the block."""
        with service(self._directory / "one-more", "--store", self._store) as running:
            yield running

    @property
    def urls(self) -> list[str]:
        return [replica.url for replica in self.running]

    def create(self, pact: Any, query: str = "") -> str:
        """Create a mock server by the first one, and return its id."""
        status, answer = call("POST", f"{self.urls[0]}/{query}", pact)
        assert status == 200, answer
        return str(answer["mockServer"]["id"])

    def ask(self, path: str, method: str = "GET", document: Any = None) -> Any:
        """Ask all of them the same, which have to answer the same, and return that."""
        answers = [call(method, f"{url}{path}", document) for url in self.urls]
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    def wait_until_gone(self, server: str) -> None:
        """Wait until nobody knows a mock server, without touching it."""
        until = time.monotonic() + HANG
        while any(item["id"] == server for item in self._listed()):
            assert time.monotonic() < until
            time.sleep(2)  # to look is to touch, and it has less time than that

    def _listed(self) -> list[Any]:
        return list(call("GET", f"{self.urls[0]}/")[1]["mockServers"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
