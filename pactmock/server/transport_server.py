"""A mock server of a transport that a plugin brings, such as gRPC: the plugin plays it, we ask what it found.

To the control API it is a mock server as every other: it is listed, asked, verified, written and ended in the same
way. What only the plugin knows, the single requests, is not there (reference/plugins.md §6).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from pactmock.errors import InvalidPact, PactmockError, PluginError
from pactmock.matching.explain import MOST_DIFFERENCES
from pactmock.matching.explanation import PLUGIN_MISMATCH, Difference, Explanation, PartFinding
from pactmock.matching.shortening import cut, cut_content
from pactmock.pact import specification, writing
from pactmock.pact.json_value import compact
from pactmock.pact.model import Interaction, Pact
from pactmock.pact.pointer import Pointer
from pactmock.plugins.kept_data import NamedPlugin, data_of
from pactmock.plugins.pact_plugins import NO_PLUGINS, PactPlugins
from pactmock.plugins.plugin import Plugin
from pactmock.plugins.values import (
    ContentMismatch,
    InteractionContents,
    MockServerResult,
    MockServerResults,
    StartMockServerRequest,
)
from pactmock.server.mock_server import MockServer, PluginsOfPact
from pactmock.server.options import ALL_INTERFACES, LOOPBACK, MockServerOptions

_HTTP = frozenset({None, "http", "https"})
_POLL_SECONDS = 0.05
_NOT_ASKED = MockServerResults(ok=False)


def mock_server_for(pact: Pact, options: MockServerOptions, plugins: PactPlugins = NO_PLUGINS) -> MockServer:
    """Make the mock server of a pact: of a plugin's transport where the interactions name one, else of HTTP.

    Raises:
        InvalidPact: when a transport is not known, or the interactions are of several.
    """
    transports = {item.transport for item in pact.interactions} - _HTTP
    if not transports:
        return MockServer(pact, options, plugins)
    name = min(filter(None, transports))
    others = sorted({item.transport or "http" for item in pact.interactions} - {name})
    if others:
        raise InvalidPact(
            f"The interactions of this pact are for several transports ({name}, {', '.join(others)}), and a mock server"
            " has one: post a pact for each",
            pointer=(Pointer() / "interactions").text,
        )
    found = plugins.transport(name)
    if found is None:
        raise InvalidPact(
            f"Transport '{name}' is not a known transport: name the plugin that has it in 'metadata.plugins', or under"
            " 'plugins' of a contract",
            pointer=(Pointer() / "interactions" / 0 / "transport").text,
        )
    return TransportServer(pact, options, plugins, *found)


class TransportServer(MockServer):
    """A pact, played by the mock server of a plugin."""

    def __init__(
        self, pact: Pact, options: MockServerOptions, plugins: PactPlugins, plugin: Plugin, named: NamedPlugin
    ) -> None:
        super().__init__(pact, options, plugins)
        self.transport = pact.interactions[0].transport or ""
        self._plugin = plugin
        self._named = named
        self._key: str | None = None
        self._scheme = "http"
        self._host = LOOPBACK
        self._results = _NOT_ASKED

    async def start(self, ports: Sequence[int] | None = None) -> None:
        """Have the plugin start its mock server.

        Raises:
            PluginError: when it cannot.
        """
        port = self.options.port or (ports[0] if ports else 0)
        details = await asyncio.to_thread(self._plugin.start_mock_server, self._request(port))
        self._key, self._port = details.key, details.port
        address = urlsplit(details.address)
        self._scheme = address.scheme if address.scheme in {"http", "https"} else "http"
        self._host = address.hostname or LOOPBACK
        self.note(f"the plugin {self._plugin} listens on {details.address} for {self.transport} of {self.title}")
        await self.refresh()

    def _request(self, port: int) -> StartMockServerRequest:
        host = self.options.host
        if host in ALL_INTERFACES:
            host = "0.0.0.0"  # noqa: S104  as was asked for
        elif host == "localhost":
            host = LOOPBACK
        return StartMockServerRequest(
            host=f"[{host}]" if ":" in host else host,
            port=port,
            tls=self.options.authority is not None,
            pact=compact(writing.to_json(self.pact, specification.V4)),
            interactions=tuple(self._contents(item) for item in self.pact.interactions),
        )

    def _contents(self, interaction: Interaction) -> InteractionContents:
        data = data_of(self._named, interaction)
        return InteractionContents(interaction.type, self.pact.consumer, self.pact.provider, data)

    async def stop(self) -> None:
        """Have the plugin end its mock server."""
        key, self._key = self._key, None
        if key is None:
            return
        try:
            self._results = await asyncio.to_thread(self._plugin.shut_down_mock_server, key)
        except PluginError as error:
            self.note(f"the plugin did not end the mock server: {error.message}")

    async def refresh(self) -> None:
        """Ask the plugin what it found so far; that it cannot be asked is a finding too."""
        if self._key is None:
            return
        self.touched = time.monotonic()
        try:
            self._results = await asyncio.to_thread(self._plugin.mock_server_results, self._key)
        except PactmockError as error:
            self._results = MockServerResults(False, (MockServerResult(self.transport, error.message),))

    @property
    def is_running(self) -> bool:
        return self._key is not None

    @property
    def scheme(self) -> str:
        return self._scheme

    def address_for(self, caller_host: str | None) -> str:
        """Return host and port as a client has to give them: what the plugin says, but for all interfaces."""
        if self.options.host in ALL_INTERFACES:
            return super().address_for(caller_host)
        return f"[{self._host}]:{self.port}" if ":" in self._host else f"{self._host}:{self.port}"

    @property
    def interactions(self) -> int:
        return len(self.pact.interactions)

    @property
    def is_complete(self) -> bool:
        """Whether the plugin finds nothing wrong, as it counts what never came among that."""
        return self._results.ok

    def explanations(self) -> list[Explanation]:
        """List what the plugin found wrong; entries that say nothing are left out."""
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

    async def wait(self, seconds: float) -> bool:
        """Wait until the plugin finds nothing wrong any more, or the time is up; tell which."""
        until = time.monotonic() + seconds
        await self.refresh()
        while not self.is_complete and time.monotonic() < until:
            await asyncio.sleep(min(_POLL_SECONDS, seconds))
            await self.refresh()
        return self.is_complete

    def expect(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> NoReturn:  # noqa: ARG002
        raise self._refusal()

    def replace_interactions(self, *interactions: Interaction, plugins: PluginsOfPact | None = None) -> NoReturn:  # noqa: ARG002
        raise self._refusal()

    def _refusal(self) -> PluginError:
        return PluginError(
            f"The interactions of a mock server that the plugin {self._plugin} plays cannot be changed: start another"
        )


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
