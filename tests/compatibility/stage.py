"""Where scenarios are played: a running service and its mock servers, spoken to over HTTP only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from pactmock.pact.specification import Specification
from tests.compatibility.parts import Part

CONSUMER, PROVIDER = "compatibility-suite-c", "p"
Json = dict[str, Any]


def place_of(difference: Json) -> Any:
    """Return where a difference is: the path in a body, the name of a header or of a query parameter."""
    return next((difference[name] for name in ("path", "key", "parameter") if name in difference), None)


@dataclass(frozen=True)
class Reply:
    """What a mock server answered."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


@dataclass(frozen=True)
class Stage:
    """A service, what its pacts are written in, and the directory that it writes to."""

    version: Specification
    control: aiohttp.ClientSession
    http: aiohttp.ClientSession
    output: Path

    def pact(self, interactions: Sequence[Json], kind: str = "interactions") -> Json:
        """Return a pact file of the stage's version."""
        return {
            "consumer": {"name": CONSUMER},
            "provider": {"name": PROVIDER},
            kind: list(interactions),
            "metadata": {"pactSpecification": {"version": self.version.version}},
        }

    def http_interaction(self, description: str, request: Part, response: Part) -> Json:
        """Return an interaction of a pact file of the stage's version."""
        kind = {"type": "Synchronous/HTTP"} if self.version.typed_interactions else {}
        return {
            **kind,
            "description": description,
            "request": request.request_json(self.version),
            "response": response.response_json(self.version),
        }

    async def start(self, pact: Json) -> MockServer:
        """Start a mock server for a pact; it ends with the service."""
        async with self.control.post("/", json=pact) as created:
            assert created.status == 200, await created.text()
            server = (await created.json())["mockServer"]
        return MockServer(self, server["id"], server["url"])

    def written(self) -> Json | None:
        """Return the only pact file that the service wrote, or None where it wrote none."""
        files = list(self.output.glob("*")) if self.output.exists() else []
        pacts = [path for path in files if path.suffix == ".json"]
        if not pacts:
            return None
        (path,) = pacts
        assert path.name == f"{CONSUMER}-{PROVIDER}.json"
        document: Json = json.loads(path.read_bytes())
        assert document["metadata"]["pactSpecification"] == {"version": self.version.version}
        return document


@dataclass(frozen=True)
class MockServer:
    """One mock server of the service."""

    stage: Stage
    id: str
    url: str

    async def send(self, part: Part) -> Reply:
        """Send a request, with the headers that it has and no other."""
        url = URL(f"{self.url}{part.path}{'?' if part.query else ''}{part.query}", encoded=True)
        async with self.stage.http.request(
            part.method,
            url,
            headers=CIMultiDict(part.headers),
            data=part.contents.content if part.contents else None,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
            allow_redirects=False,
        ) as response:
            return Reply(response.status, response.headers, await response.read())

    async def hand_out(self, error: str | None = None) -> list[Json]:
        """Ask for each message, and say that it was handled, or why not; return what was handed out."""
        here, deliveries = f"/mockserver/{self.id}/messages", []
        async with self.stage.control.get(here) as response:
            messages = (await response.json())["messages"]
        for message in messages:
            async with self.stage.control.post(f"{here}/{message['key']}") as response:
                assert response.status == 200, await response.text()
                deliveries.append(await response.json())
            async with self.stage.control.post(f"{here}/{message['key']}/handled", json={"error": error}) as response:
                assert (await response.json())["matched"] is (error is None)
        return deliveries

    async def mismatches(self) -> list[Json]:
        """Ask what did not match; that is nothing exactly when the server says that all matched."""
        async with self.stage.control.get(f"/mockserver/{self.id}/mismatches") as response:
            found: list[Json] = await response.json()
        async with self.stage.control.get(f"/mockserver/{self.id}/matched") as response:
            assert await response.json() == {"matched": not found}
        return found

    async def differences(self) -> list[Json]:
        """Ask what differs in the requests that were expected in another form."""
        return [
            difference
            for found in await self.mismatches()
            if found["type"] == "request-mismatch"
            for difference in found["mismatches"]
        ]

    async def verify(self) -> bool:
        """Have the pact written if all matched, and tell whether it was."""
        async with self.stage.control.post(f"/mockserver/{self.id}/verify") as response:
            assert response.status in (204, 422), await response.text()
            return response.status == 204
