"""A case: one pact with the requests that are sent to it, as values that both players get alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Anything that JSON can say."""

VERSIONS = {"V2": "2.0.0", "V3": "3.0.0", "V4": "4.0"}
"""The versions that cases are drawn in, with their spelling in a pact's metadata."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it goes over the wire. `target` is what stands in the request line; all is latin-1."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def to_bytes(self) -> bytes:
        """Render the bytes that both servers get; the host is the same for both, as answers repeat it."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: parity"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body

    def to_json(self) -> Json:
        """Render for a reader."""
        shown: dict[str, Json] = {"method": self.method, "target": self.target}
        if self.headers:
            shown["headers"] = [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            shown["body"] = self.body.decode(errors="backslashreplace")
        return shown


@dataclass(frozen=True, slots=True)
class Case:
    """One pact and its requests.

    `first` are the requests as the pact expects them: when they all match, the pact is written. `then` are those
    that differ in places.
    """

    kind: str
    name: str
    version: str
    interactions: tuple[Json, ...]
    first: tuple[Wire, ...]
    then: tuple[Wire, ...] = ()
    contract: tuple[Json, ...] | None = None
    """The interactions in the consumer-test form, where the pact is made of that. Only pactmock reads it."""
    written_as: str | None = None
    """The version that the pact is to be written in, if not its own."""

    @property
    def requests(self) -> tuple[Wire, ...]:
        return self.first + self.then

    def pact(self, consumer: str = "parity") -> Json:
        """Make the pact file; `consumer` keeps apart what is played at the same time."""
        return {
            "consumer": {"name": consumer},
            "provider": {"name": "api"},
            "interactions": list(self.interactions),
            "metadata": {"pactSpecification": {"version": VERSIONS[self.version]}},
        }

    def consumer_test(self, consumer: str) -> Json:
        """Make the contract in the consumer-test form."""
        return {
            "consumer": consumer,
            "provider": "api",
            "specification": self.version,
            "interactions": list(self.contract or ()),
        }

    @property
    def size(self) -> int:
        """How much there is to read in it; shrinking makes it less."""
        requests = sum(len(request.to_bytes()) for request in self.requests)
        return len(json.dumps(self.contract or self.interactions)) + requests

    def to_json(self) -> Json:
        """Render for a reader."""
        shown: dict[str, Json] = {"version": self.version, "interactions": list(self.interactions)}
        if self.contract is not None:
            shown["made of"] = list(self.contract)
        for name, requests in (("first", self.first), ("then", self.then)):
            if requests:
                shown[name] = [request.to_json() for request in requests]
        if self.written_as:
            shown["written as"] = self.written_as
        return shown
