"""A pact that the mock server of a plugin's transport plays, such as gRPC: the plugin plays it, we ask what it found.

What only the plugin knows, the single requests, is not there (reference/plugins.md §6).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import urlsplit

from pactmock.errors import NoSuchInteraction, PactmockError, PluginError
from pactmock.matching.explaining.differences import MOST_DIFFERENCES
from pactmock.matching.explaining.explanation import (
    PLUGIN_MISMATCH,
    Difference,
    Explanation,
    PartFinding,
)
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut, cut_content
from pactmock.pact import specification
from pactmock.pact.documents import writing
from pactmock.pact.json.values import compact
from pactmock.pact.model import Pact, Request
from pactmock.plugins.binding.bound_pact import BoundPact, Transport
from pactmock.plugins.protocol.values import (
    ContentMismatch,
    MockServerResult,
    MockServerResults,
    StartMockServerRequest,
)
from pactmock.reports.listed import ListedInteraction
from pactmock.server.options import ALL_INTERFACES, LOOPBACK
from pactmock.server.plays.stage import Stage

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault

T = TypeVar("T")
_POLL_SECONDS = 0.05
_NOT_ASKED = MockServerResults(ok=False)


class PluginPlay:
    """A pact, played by the mock server of a plugin."""

    def __init__(self, pact: Pact, stage: Stage, transport: Transport) -> None:
        self.transport = pact.interactions[0].transport or ""
        self._pact = pact
        self._stage = stage
        self._plugin = transport.plugin
        self._told = transport.interactions
        self._key: str | None = None
        self._results = _NOT_ASKED

    def _ask(self, call: Callable[[], T]) -> asyncio.Future[T]:
        return self._stage.shared.asking.run(self, call)

    async def start(self, ports: Sequence[int]) -> None:
        """Have the plugin start its mock server.

        Raises:
            PluginError: when it cannot.
        """
        request = self._request(self._stage.options.port or ports[0])
        details = await self._ask(lambda: self._plugin.start_mock_server(request))
        self._key = details.key
        told, address = urlsplit(details.address), self._stage.address
        address.port = details.port
        address.scheme = told.scheme if told.scheme in {"http", "https"} else "http"
        if address.host not in ALL_INTERFACES:  # where it is reached then depends on who asks
            address.host = told.hostname or LOOPBACK
        self._stage.log.note(f"the plugin {self._plugin} listens on {details.address} for {self.transport}")
        await self.refresh()

    def _request(self, port: int) -> StartMockServerRequest:
        host = self._stage.options.host
        if host in ALL_INTERFACES:
            host = "0.0.0.0"  # noqa: S104  as was asked for
        elif host == "localhost":
            host = LOOPBACK
        return StartMockServerRequest(
            host=f"[{host}]" if ":" in host else host,
            port=port,
            tls=self._stage.options.tls is not None,
            pact=compact(writing.to_json(self._pact, specification.V4)),
            interactions=self._told,
        )

    def stay(self, seconds: float) -> None:
        """Do nothing: the plugin has the port."""

    async def stop(self) -> None:
        """Have the plugin end its mock server."""
        key, self._key = self._key, None
        if key is None:
            return
        try:
            self._results = await self._ask(partial(self._plugin.shut_down_mock_server, key))
        except PluginError as error:
            self._stage.log.note(f"the plugin did not end the mock server: {error.message}")

    async def refresh(self) -> None:
        """Ask the plugin what it found so far; that it cannot be asked is a finding too."""
        if self._key is None:
            return
        try:
            self._results = await self._ask(partial(self._plugin.mock_server_results, self._key))
        except PactmockError as error:
            self._results = MockServerResults(False, (MockServerResult(self.transport, error.message),))

    async def settle(self) -> None:
        """Do nothing: what a plugin has not decided on, only the plugin knows."""

    @property
    def is_running(self) -> bool:
        return self._key is not None

    @property
    def interactions(self) -> int:
        return len(self._pact.interactions)

    @property
    def is_complete(self) -> bool:
        """Whether the plugin finds nothing wrong, as it counts what never came among that."""
        return self._results.ok

    @property
    def matched(self) -> bool:
        return self._results.ok

    @property
    def failed(self) -> int:
        """How many findings the plugin has; what never came is among them."""
        return len(self.explanations())

    missing = 0

    def listed(self) -> list[ListedInteraction]:
        return [
            ListedInteraction(InteractionName(cut(item.description), cut(item.key or ""), index))
            for index, item in enumerate(self._pact.interactions)
        ]

    def named(self, key: str) -> ListedInteraction:
        for item in self.listed():
            if key in {item.name.key, item.name.description}:
                return item
        raise NoSuchInteraction(
            f"There is no interaction with the key or description '{key[:200]}': GET .../interactions lists them",
            key=key[:200],
        )

    def explanations(self) -> list[Explanation]:
        """Explain what the plugin found wrong; entries that say nothing are left out."""
        if self._results.ok:
            return []
        found = [self._explanation(item) for item in self._results.results if item.error or item.mismatches]
        return found or [self._explanation(MockServerResult("", "the plugin says that not all matched, but not what"))]

    def _explanation(self, result: MockServerResult) -> Explanation:
        shown = tuple(map(_difference, result.mismatches[:MOST_DIFFERENCES]))
        found = PartFinding("", shown, len(result.mismatches) - len(shown))
        return Explanation(
            PLUGIN_MISMATCH, cut(self.transport), cut(result.path), parts=(found,), error=cut(result.error)
        )

    @property
    def unlisted(self) -> int:
        return 0

    async def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        await self.refresh()
        while not self.is_complete and self.is_running and time.monotonic() < until:
            await asyncio.sleep(min(_POLL_SECONDS, seconds))
            await self.refresh()
        return self.is_complete

    def prepare(self, bound: BoundPact) -> NoReturn:  # noqa: ARG002
        raise self._refusal("The interactions", "changed")

    def find(self, request: Request) -> None:  # noqa: ARG002
        return None

    async def explain(self, request: Request) -> NoReturn:  # noqa: ARG002
        raise self._refusal("Requests", "explained")

    state = None
    messages = None

    def choose_state(self, state: str | None) -> NoReturn:  # noqa: ARG002
        raise self._refusal("The provider state", "chosen")

    played_faults = ()

    def put_fault(self, key: str, fault: Fault) -> NoReturn:  # noqa: ARG002
        raise self._refusal("The answers", "delayed or replaced by faults")

    def end_delays(self) -> None:
        """Do nothing: no answer is delayed."""

    def reset(self) -> NoReturn:
        raise self._refusal("The requests", "forgotten")

    def _refusal(self, what: str, done: str) -> PluginError:
        return PluginError(
            f"{what} of a mock server that the plugin {self._plugin} plays cannot be {done}: start another"
        )

    def __repr__(self) -> str:
        return f"<PluginPlay of {self.transport} by {self._plugin}>"


def _difference(mismatch: ContentMismatch) -> Difference:
    return Difference(
        "BodyMismatch" if mismatch.mismatch_type in ("", "body") else "MetadataMismatch",
        ("path", cut(mismatch.path)),
        _text(mismatch.expected),
        _text(mismatch.actual),
        cut(mismatch.mismatch),
        details=(("diff", cut(mismatch.diff)),),
    )


def _text(content: bytes | None) -> str | None:
    return None if content is None else cut_content(content)
