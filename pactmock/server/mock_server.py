"""A mock server: it plays the provider of a pact, remembers what it was asked, and says whether that was right."""

from __future__ import annotations

import asyncio
import secrets
import string
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from pactmock.matching.book import Book
from pactmock.matching.explain import explain, missing
from pactmock.matching.explanation import Explanation
from pactmock.matching.verdict import Outcome, Verdict, describe
from pactmock.pact import specification, store
from pactmock.pact.json_value import Json
from pactmock.pact.model import Interaction, Pact, Request
from pactmock.pact.specification import Specification
from pactmock.pact.store import Written
from pactmock.plugins.pact_plugins import NO_PLUGINS, PactPlugins
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.reports.visible import visible
from pactmock.server import answer as answers
from pactmock.server.answer import Answer
from pactmock.server.journal import Exchange, Journal
from pactmock.server.listener import Listener
from pactmock.server.messages import host_of
from pactmock.server.options import ALL_INTERFACES, LOOPBACK, MockServerOptions
from pactmock.server.script import Script
from pactmock.server.wire import Connections

T = TypeVar("T")
_KEPT_EVENTS = 1000


class PluginsOfPact(NamedTuple):
    """The plugins of a pact: as its metadata lists them, and loaded."""

    listed: list[Json]
    loaded: PactPlugins


class MockServer:
    """One pact, played on one port.

    It is made (which refuses what cannot be played), started, asked, and stopped:

        server = MockServer(pact)
        await server.start()
        ...
        await server.stop()
    """

    def __init__(self, pact: Pact, options: MockServerOptions | None = None, plugins: PactPlugins = NO_PLUGINS) -> None:
        """Compile a pact, with the plugins that it names.

        Raises:
            InvalidRule: with the JSON pointer of a matching rule that cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played.
        """
        self.id = _new_id()
        self.transport = "http"
        """What speaks to it: HTTP, or a transport that a plugin brings."""
        self.options = options or MockServerOptions()
        self.created = time.time()
        self.touched = time.monotonic()
        self._play_pact(pact, plugins)
        self.journal = Journal(self.options.journal)
        self.neighbours: Callable[[], Iterable[MockServer]] = tuple
        """The other mock servers of this process, for a request that may have been meant for one of them."""
        self._connections: Connections | None = None
        self._listener: Listener | None = None
        self._port = self.options.port
        self._events: deque[tuple[float, str]] = deque(maxlen=_KEPT_EVENTS)

    async def start(self, ports: Sequence[int] | None = None) -> None:
        """Start to listen, on the first of `ports` that is free where they are given.

        Raises:
            PortUnavailable: when it cannot.
        """
        tls = self.options.authority.context(self.options.host) if self.options.authority else None
        connections = Connections(self, self.options.wire)
        self._listener = await Listener.open(connections, self.options.host, ports or (self.options.port,), tls)
        self._connections, self._port = connections, self._listener.port
        self.note(f"listening on {self.url} for {len(self.book.expectations)} interaction(s) of {self.title}")

    async def stop(self) -> None:
        """Stop to listen; the port is free when this returns. A server that is stopped can still be asked."""
        if self._listener is None or self._connections is None:
            return
        listener, self._listener = self._listener, None
        # They know this server, and in a circle only the garbage collector would find it and its pact, much later.
        connections, self._connections = self._connections, None
        listener.close()
        await connections.close()

    async def play(self, request: Request, called_at: str | None = None) -> Answer:
        """Decide on a request and note it; what is returned is then sent."""
        return self.note_decision(*await self.run(self.decide, request, called_at))

    def decide(self, request: Request, called_at: str | None = None) -> tuple[float, Verdict, Answer]:
        """Decide on a request. This changes nothing, so it can be done in another thread.

        `called_at` is the URL of this server as the sender knows it, where that is not seen from the request.
        """
        received = time.time()
        verdict = self.book.match(request)
        if verdict.outcome is Outcome.MATCHED and verdict.nearest is not None:
            url_of = self._url_of if called_at is None else lambda _request: called_at
            reply = answers.for_request(self._script.answer(verdict.nearest.index, request, url_of), request)
        elif self.options.cors_pre_flight and request.method.upper() == "OPTIONS":
            reply = answers.pre_flight(request)
        else:
            reply = answers.explain(self.explanation(verdict))
        return received, verdict, reply

    def note_decision(self, received: float, verdict: Verdict, reply: Answer) -> Answer:
        """Note a request with its verdict, which has to happen before the answer is sent."""
        self.touched = time.monotonic()
        self.journal.record(received, verdict, reply)
        return reply

    def refuse(self, status: int, reason: str) -> Answer:
        """Note what never became a request."""
        self.journal.refuse(time.time(), status, reason)
        return answers.refused(reason, status)

    def _url_of(self, request: Request) -> str:
        """Return this server's URL as the sender of a request knows it."""
        return self.url_for(host_of(request))

    @property
    def expires(self) -> float | None:
        """When it is stopped if nobody touches it until then, as a Unix time."""
        if self.options.ttl is None:
            return None
        return time.time() + self.touched + self.options.ttl - time.monotonic()

    @property
    def is_running(self) -> bool:
        return self._listener is not None

    @property
    def port(self) -> int:
        return self._port

    @property
    def scheme(self) -> str:
        return "https" if self.options.authority else "http"

    @property
    def url(self) -> str:
        """Where a client on this machine can call it."""
        return self.url_for(None)

    def url_for(self, caller_host: str | None) -> str:
        """Return where a client can call it that reaches this machine by a name or address."""
        return f"{self.scheme}://{self.address_for(caller_host)}"

    def address_for(self, caller_host: str | None) -> str:
        """Return host and port as a client has to give them.

        A server that listens on all interfaces, as in a container, is where the client came to; any other is where
        it listens.
        """
        host = self.options.host
        if host in ALL_INTERFACES:
            host = caller_host or LOOPBACK
        elif host == "localhost":
            host = LOOPBACK
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def title(self) -> str:
        """The name that it was given, or its participants."""
        return self.options.name or f"{self.pact.consumer} - {self.pact.provider}"

    @property
    def interactions(self) -> int:
        """How many interactions are played."""
        return len(self.book.expectations)

    @property
    def specification(self) -> Specification:
        """The version that the pact is written in."""
        return self.options.specification or specification.named(self.pact.specification)

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""
        return self.journal.failed == 0 and self.is_complete

    @property
    def is_complete(self) -> bool:
        """Whether a request was received for every interaction, matching or not."""
        return all(item.identity in self.journal.received for item in self.book.expectations)

    def mismatches(self) -> list[dict[str, Json]]:
        """List what failed in the order it was received, then the interactions that were never asked for (§6.4)."""
        return list(map(json_report.mismatch, self.explanations()))

    def explanations(self) -> list[Explanation]:
        """Explain what failed in the order it was received, then the interactions that were never asked for (§6.4)."""
        never = [item for item in self.book.expectations if item.identity not in self.journal.received]
        return [*map(self.explanation, self.journal.failures), *map(missing, never)]

    def expect(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> None:
        """Expect more interactions, perhaps with other plugins; what was received stays.

        Raises:
            InvalidPact: when one of them cannot be played; then all is as it was.
        """
        self._play_interactions(self.pact.interactions + interactions, plugins)
        self.note(f"{len(interactions)} interaction(s) added")

    def replace_interactions(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> None:
        """Expect other interactions; what was received is forgotten, as it was held against the old ones.

        Raises:
            InvalidPact: when one of them cannot be played; then all is as it was.
        """
        self._play_interactions(interactions, plugins)
        self.journal.reset()
        self.note(f"the interactions were replaced by {len(interactions)}")

    def _play_interactions(self, interactions: tuple[Interaction, ...], plugins: PluginsOfPact | None) -> None:
        pact = replace(self.pact, interactions=interactions)
        if plugins is not None:
            pact = replace(pact, metadata={**pact.metadata, "plugins": plugins.listed})
        self._play_pact(pact, plugins.loaded if plugins is not None else self._plugins)

    def _play_pact(self, pact: Pact, plugins: PactPlugins) -> None:
        book = Book(plugins.bind(pact).http_interactions, plugins.body_compiler)
        script = Script(pact, self.options.seed, plugins)
        self.pact, self._plugins, self.book, self._script = pact, plugins, book, script
        self.asks_plugins = bool(plugins)

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Do work that decides on requests: in a thread where plugins are asked, as that may take its time."""
        return await asyncio.to_thread(work, *arguments) if self.asks_plugins else work(*arguments)

    async def refresh(self) -> None:
        """Bring up to date what is known of requests that others received; here it always is."""

    def explain(self, request: Request) -> Verdict:
        """Decide on a request that nobody sent; nothing is noted."""
        return self.book.match(request)

    def explanation(self, verdict: Verdict) -> Explanation:
        """Explain a verdict, also by what other mock servers of this process expect."""
        return explain(verdict, self._elsewhere)

    def _elsewhere(self, request: Request) -> str | None:
        for other in self.neighbours():
            # One that asks plugins would take its time, and this is only a hint.
            found = other.book.find(request) if other is not self and not other.asks_plugins else None
            if found is not None:
                return (
                    f"The mock server of {other.title} on port {other.port} has {describe(found.interaction)},"
                    " which matches"
                )
        return None

    async def wait(self, seconds: float) -> bool:
        """Wait until a request was received for every interaction, or the time is up; tell which."""
        if self.is_complete:
            return True
        complete = asyncio.get_running_loop().create_future()

        def look() -> None:
            if self.is_complete and not complete.done():
                complete.set_result(None)

        self.journal.listeners.append(look)
        try:
            await asyncio.wait_for(complete, seconds)
        except TimeoutError:
            return self.is_complete
        finally:
            self.journal.listeners.remove(look)
        return True

    def write_pact(self, directory: Path, *, overwrite: bool = False, refuse_replacements: bool = False) -> Written:
        """Write the pact file; blocks while another process holds the lock. See `pactmock.pact.store.write`."""
        written = store.write(
            self.pact,
            directory,
            self.options.specification,
            overwrite=overwrite,
            refuse_replacements=refuse_replacements,
        )
        self.note(f"pact written to {written.path} ({written.interactions} interaction(s))")
        for replacement in written.replacements:
            self.note(f"replaced in {written.path}: {replacement}")
        return written

    def note(self, text: str) -> None:
        """Add a line to the log of this server."""
        self._events.append((time.time(), visible(text)))

    def log_lines(self) -> list[str]:
        """Return the log: what happened to the server and what it was asked, by time."""
        lines = list(self._events)
        for entry in self.journal.entries:
            if isinstance(entry, Exchange):
                text = f"{sentence(explain(entry.verdict))} -> {entry.answer.status}"
            else:
                text = f"refused: {visible(entry.reason)} -> {entry.status}"
            lines.append((entry.received, text))
        if self.journal.dropped:
            lines.append((0.0, f"{self.journal.dropped} older request(s) are no longer kept"))
        return [f"{_timestamp(when)} {text}" if when else text for when, text in sorted(lines)]

    def __repr__(self) -> str:
        state = "running" if self.is_running else "stopped"
        return f"<MockServer {self.title!r} {state} on {self.url}, {self.journal!r}>"


def _timestamp(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat(timespec="milliseconds")


def _new_id() -> str:
    """Make an id of eight characters, as the Rust client wants it, that cannot be taken for a port."""
    rest = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(7))
    return secrets.choice(string.ascii_uppercase) + rest


_ID_CHARACTERS = string.ascii_uppercase + string.digits
