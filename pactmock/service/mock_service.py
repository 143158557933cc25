"""The use cases: everything that can be asked of a service, on values, with the errors of the tree.

Each is one method here, so that the control API, the command line, and whatever comes to speak to the service in
another way, do the same and cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pactmock.errors import NoSuchMockServer, PactmockError, StoreUnavailable
from pactmock.matching.explaining.explanation import Explanation
from pactmock.pact import specification
from pactmock.pact.directory.store import Written
from pactmock.pact.merging.document import in_version
from pactmock.pact.merging.plugin_data import with_plugins_of
from pactmock.pact.model import Pact, Request
from pactmock.pact.value import value
from pactmock.reports.listed import ListedInteraction, ListedMessage
from pactmock.reports.report import ServerReport
from pactmock.server.deciding.scope_names import MARK
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.plays.message_play import Handled
from pactmock.server.present_pact import PluginsOfPact
from pactmock.server.records.deliveries import Delivery
from pactmock.server.scope import Scope
from pactmock.service.output import directory_in
from pactmock.service.posted import Posted, Reading
from pactmock.service.registry import Registry
from pactmock.service.settings import ServiceSettings
from pactmock.service.store.pacts.pacts import FilePacts, PactStore
from pactmock.service.wanted import Wanted

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Fault
    from pactmock.server.shared import Shared
    from pactmock.service.store.pacts.kept_pact import PactPage


@value
class Verification:
    """Whether all matched, and then what was written; else why not. Messages that are not tested here do not count."""

    written: Written | None
    explanations: tuple[Explanation, ...] = ()
    not_tested: int = 0

    @property
    def matched(self) -> bool:
        return self.written is not None


class MockService:
    """The mock servers of one process, and all that can be asked of them."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.registry = Registry(settings)
        self.keep_pacts(FilePacts(settings.output, self.registry.shared.files, durable=settings.durable))
        self.ended_unmatched = 0
        """How many mock servers were ended that had not matched by then."""
        self._reading = Reading(lambda: self.registry.plugins, self.registry.shared)

    def keep_pacts(self, store: PactStore) -> None:
        """Have pacts written into, and read from, a store; by default they are files of the output directory."""
        self.pacts = self.registry.shared.pacts = store

    @property
    def servers(self) -> tuple[MockServer, ...]:
        """All that run, oldest first."""
        return self.registry.servers

    async def open(self) -> None:
        """Open what is shared with other replicas, before anything is asked of it: here there are none.

        Raises:
            StoreUnavailable: when what replicas share cannot be had.
        """

    async def follow_events(self) -> None:
        """Have events told of what happens elsewhere too, for somebody who is about to follow them."""

    def check_ready(self) -> Sequence[str]:
        """See whether all is there that it needs; return what it cannot play although others can, a sentence each.

        Raises:
            StoreUnavailable: when what replicas share cannot be had.
        """
        return ()

    def at_hand(self, key: str) -> MockServer | None:
        """Find a mock server by its id, port or name where that can be said at once; None where it has to be asked.

        Raises:
            NoSuchMockServer: when there is none.
        """
        return self.registry.find(key)

    async def find(self, key: str) -> MockServer:
        """Find a mock server by its id, port or name, or one of its scopes by that, `~` and the name of the scope.

        Raises:
            NoSuchMockServer, NoSuchScope, NoScopes: when there is none.
            StoreUnavailable: when nobody knows.
        """
        key, mark, scope = key.partition(MARK)
        server = await self._found(key)
        if not mark:
            return server
        await server.play.refresh()
        return self.scope(server, scope)

    async def _found(self, key: str) -> MockServer:
        return self.registry.find(key)

    async def running(self) -> Sequence[MockServer]:
        """Return all that run, oldest first, as they are now.

        Raises:
            StoreUnavailable: when nobody knows.
        """
        await self.registry.refresh()
        return self.servers

    def scopes(self, server: MockServer) -> list[Scope]:
        """List the scopes of a mock server, oldest first.

        Raises:
            NoScopes: when what plays its pact tells none apart.
        """
        return [Scope(server, each) for each in server.scopes]

    def scope(self, server: MockServer, name: str) -> Scope:
        """Find a scope of a mock server, which can be asked as that can.

        Raises:
            NoSuchScope, NoScopes: when there is none.
        """
        return Scope(server, server.scopes.find(name))

    async def begin_scope(self, server: MockServer, name: str, interactions: Sequence[str] | None = None) -> Scope:
        """Begin a scope, perhaps anew, that expects some interactions by their keys or descriptions; None for all.

        Raises:
            InvalidParameter: when it cannot be the name of one.
            NoSuchInteraction: for one that there is not; then all is as it was.
            LimitReached, NoScopes: when there is no place for it.
        """
        return Scope(server, server.scopes.begin(name, interactions))

    async def create(self, posted: Posted, wanted: Wanted, *, local: bool = False) -> MockServer:  # noqa: ARG002
        """Start a mock server for a pact or a contract; when that fails nothing is left of it.

        A `local` one is that of this process alone, as all are where there are no replicas.

        Raises:
            InvalidParameter, NotJson, InvalidPact: when it cannot be read or played.
            NoSuchPlugin, PluginError: when a plugin that it names is not there, or does not start.
            NoSuchState: when no interaction is given the provider state that is wanted.
            PortUnavailable, LimitReached: when there is no place for it.
            NameTaken: when another has its name.
        """
        options = wanted.options(self.settings, self.registry.certificates)
        return await self.registry.create(await self._reading.pact(posted), options)

    async def take_in(self, make: Callable[[MockServerOptions, Shared], MockServer], wanted: Wanted) -> MockServer:
        """Start a mock server that plays no pact; `make` makes it of options, and of what all of this process share.

        Raises:
            InvalidParameter, PortUnavailable, LimitReached, NameTaken: as above.
        """
        options = wanted.options(self.settings, self.registry.certificates)
        return await self.registry.take_in(partial(make, options, self.registry.shared), options)

    async def renew(self, server: MockServer, posted: Posted, wanted: Wanted) -> MockServer:
        """Start a mock server in the place of another, which ends; when it cannot be played, the other goes on.

        It has the port of the other, if nobody takes that in between.

        Raises:
            InvalidParameter, NotJson, InvalidPact: when it cannot be read or played.
            NoSuchPlugin, PluginError: when a plugin that it names is not there, or does not start.
        """
        pact = await self._reading.pact(posted)
        return await self.registry.create(pact, wanted.options(self.settings, self.registry.certificates), server)

    async def add(self, server: MockServer, posted: Posted, *, strict: bool | None = None) -> None:
        """Expect more interactions; what was received stays. With `strict`, what is warned of is refused.

        Raises:
            NotJson, InvalidPact, PluginError: when they cannot be read or played; then all is as it was.
        """
        added = await self._reading.interactions(posted, server.pact)
        plugins = await self._plugins_with(server, added)
        await server.expect(added, plugins, strict=strict)

    async def replace(self, server: MockServer, posted: Posted, *, strict: bool | None = None) -> None:
        """Expect other interactions; what was received is forgotten.

        Raises:
            NotJson, InvalidPact, PluginError: as above.
        """
        given = await self._reading.interactions(posted, server.pact)
        plugins = await self._plugins_with(server, given)
        await server.replace_interactions(given, plugins, strict=strict)

    async def _plugins_with(self, server: MockServer, added: Pact) -> PluginsOfPact | None:
        """Return the plugins that a mock server has with those of more interactions, None where nothing changes."""
        more = with_plugins_of(server.pact, added)
        if more is None:
            return None
        return PluginsOfPact(more.metadata["plugins"], await self.registry.load_plugins(more))

    async def explain(self, server: MockServer, request: Request) -> Explanation:
        """Say whether a request would match, and if not, what came nearest; nothing is noted.

        Raises:
            PluginError: when only a plugin could say that.
        """
        return await server.play.explain(request)

    async def verify(self, server: MockServer) -> Verification:
        """Write the pact of a mock server if all matched.

        Raises:
            WriteFailed, Conflict: when all matched, and the file cannot be written.
        """
        await server.play.settle()
        not_tested = server.not_tested
        if not server.matched:
            explanations = tuple(server.play.explanations())
            server.give_verdict(matched=False, mismatches=len(explanations) + server.play.unlisted)
            return Verification(None, explanations, not_tested)
        server.give_verdict(matched=True, mismatches=0)
        return Verification(await self._written(server), not_tested=not_tested)

    async def _written(self, server: MockServer) -> Written:
        """Write the pact of a mock server that matched; what comes after that, comes late."""
        written = await server.write_pact(self.settings.output)
        await self._close_verdict(server)
        return written

    async def _close_verdict(self, server: MockServer) -> None:
        server.journal.close_verdict()

    async def report(self, server: MockServer) -> ServerReport:
        """Say what matched and what did not, for any format of reports. Nothing is written."""
        await server.play.settle()
        return server.report()

    async def report_verified(self, server: MockServer) -> ServerReport:
        """Write the pact of a mock server if all matched, and report; that it cannot be written is in the report."""
        report = await self.report(server)
        found = len(report.explanations) + report.unlisted
        server.give_verdict(matched=report.matched, mismatches=found)
        if not report.matched:
            return report
        try:
            written = await self._written(server)
        except (NoSuchMockServer, StoreUnavailable):  # no verdict, and none that is red
            raise
        except PactmockError as error:
            return replace(report, error=error.message)
        return replace(report, written=str(written.path))

    def messages(self, server: MockServer) -> list[ListedMessage]:
        """List the messages of a pact, and what became of them."""
        return server.messages.listed() if server.play.messages is not None else []

    async def hand_out(self, server: MockServer, key: str) -> Delivery:
        """Make a message for the code under test, with the values that generators make now.

        From the first one on, all messages of the pact have to be handled.

        Raises:
            NoSuchMessage: when there is none with this key.
            InvalidPact: when it cannot be made, with the JSON pointer of what stands against that.
        """
        return await server.messages.hand_out(key)

    async def settle(self, server: MockServer, key: str, handled: Handled) -> Explanation | None:
        """Note what became of a message that was handed out; return what is wrong with that, if anything is.

        Raises:
            NoSuchMessage: when there is none with this key.
            NotHandedOut: when it was not handed out since the last reset.
            InvalidParameter: for a reply to a message that nobody answers.
            InvalidPact: when the reply cannot be compared with the expected one.
        """
        return await server.messages.settle(key, handled)

    async def write(
        self, server: MockServer, directory: str | None, *, overwrite: bool = False, refuse_replacements: bool = False
    ) -> Written:
        """Write the pact of a mock server, matched or not; `directory` is relative to the output directory.

        Raises:
            InvalidParameter, DirectoryNotAllowed: when the directory is none, or outside.
            WriteFailed, Conflict: when the file cannot be written, or holds something else.
        """
        return await server.write_pact(
            directory_in(self.settings, directory), overwrite=overwrite, refuse_replacements=refuse_replacements
        )

    async def list_pacts(self, offset: int, limit: int) -> PactPage:
        """List some of the pacts that were written, sorted by their files."""
        return await self.pacts.page(offset, limit)

    async def written_pact(self, consumer: str, provider: str, version: str | None = None) -> bytes:
        """Return a pact as it was written, or in another version of the specification.

        Raises:
            InvalidParameter: when that is no version.
            NoSuchPact: when there is none of this consumer and provider.
            InvalidPact, WriteFailed: when it cannot be read, or the version cannot hold it.
        """
        asked = specification.named(version) if version is not None else None
        content = await self.pacts.read(consumer, provider)
        if asked is None:
            return content
        # In a thread, and one after another: a pact may be large.
        return await self.registry.shared.files.run(self, partial(in_version, content, asked))

    async def choose_state(self, server: MockServer, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
            PluginError: when a plugin plays the pact.
        """
        server.choose_state(state)

    def interaction(self, server: MockServer, key: str) -> ListedInteraction:
        """Find an interaction by its key or description, with how far it was asked for.

        Raises:
            NoSuchInteraction, InvalidParameter: when there is none, or several have this description.
        """
        return server.play.named(key)

    async def put_fault(self, server: MockServer, key: str, fault: Fault) -> ListedInteraction:
        """Have answers of an interaction come later, or something else instead of them, until the next reset.

        Raises:
            NoSuchInteraction: when there is none with this key or description.
            PluginError: when a plugin plays the pact.
        """
        return server.put_fault(key, fault)

    async def reset(self, server: MockServer) -> None:
        """Forget what was received; what is expected stays.

        Raises:
            PluginError: when only a plugin knows what was received.
        """
        server.reset()

    async def wait(self, server: MockServer, seconds: float) -> bool:
        """Wait until a request was received for every interaction, or the time is up; tell which."""
        return await server.play.wait(seconds)

    async def end(self, server: MockServer) -> None:
        """Stop a mock server; its port is free when this returns. Of a scope only its name is."""
        if isinstance(server, Scope):
            server.end()
            return
        await self.registry.remove(server)
        self.ended_unmatched += not server.play.matched

    async def end_called(self, key: str) -> None:
        """Stop a mock server by its id, port or name, or a scope by that, `~` and its own name.

        Raises:
            NoSuchMockServer, NoSuchScope, NoScopes: when there is none.
            StoreUnavailable: when nobody knows.
        """
        await self.end(await self.find(key))

    def end_delays(self) -> None:
        """Have all mock servers send what they keep back, as long as the connections are there on which it is owed."""
        for server in self.registry.servers:
            server.play.end_delays()

    async def close(self) -> None:
        """Stop all mock servers, then all plugins."""
        await self.registry.close()

    def __repr__(self) -> str:
        return f"<MockService of {len(self.registry)} mock servers>"
