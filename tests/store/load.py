"""Requests by the thousand, sent to replicas in turn, with what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import aiohttp

from tests.pacts import Json, interaction, pact


@dataclass(frozen=True)
class Sent:
    """A request, to whom it was sent, and the status that came back; None where nothing did."""

    server: str
    path: str
    is_right: bool
    status: int | None


def pact_of(number: int) -> Json:
    """Return a pact with an interaction that is met by any number below a path of its own."""
    rule = {"path": {"matchers": [{"match": "regex", "regex": rf"/of-{number}/\d+"}]}}
    return pact(interaction("any", {"path": f"/of-{number}/1", "matchingRules": rule}, body="yes"), version="3.0.0")


async def send(urls: Sequence[str], requests: Iterable[tuple[str, str, bool]], connections: int = 16) -> list[Sent]:
    """Send requests, each a server, a path and whether it is right, to the services in turn."""
    waiting = iter(list(enumerate(requests)))
    sent: list[Sent] = []
    timeout = aiohttp.ClientTimeout(total=30)

    async def work() -> None:
        async with aiohttp.ClientSession(timeout=timeout, headers={"Host": "mock"}) as session:
            for number, (server, path, is_right) in waiting:
                url = f"{urls[number % len(urls)]}/m/{server}{path}"
                status = None
                try:
                    async with session.get(url) as response:
                        await response.read()
                        status = response.status
                except aiohttp.ClientError:
                    pass
                sent.append(Sent(server, path, is_right, status))

    await asyncio.gather(*(work() for _ in range(connections)))
    return sent
