"""A mock server: what is played, apart from how. Its id, address, lease, log, journal and pact, and a play of it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pactmock.errors import NoScopes, NoSuchMessage, PactmockError
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import Bind, BoundPact
from pactmock.reports.visible import visible
from pactmock.server.address import Address
from pactmock.server.lease import Lease
from pactmock.server.options import MockServerOptions
from pactmock.server.pact_writer import ToWrite
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.plays.stage import Stage
from pactmock.server.present_pact import PluginsOfPact, Present, PresentPact
from pactmock.server.records.events import PACT_WRITTEN, SERVER_STARTED, SERVER_STOPPED, VERDICT_GIVEN
from pactmock.server.records.journal import Journal
from pactmock.server.records.late import late_requests
from pactmock.server.records.log import ServerLog
from pactmock.server.records.unconfirmed import unconfirmed_requests
from pactmock.server.shared import ALONE, Shared

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.pact.directory.store import Written
    from pactmock.reports.listed import ListedInteraction
    from pactmock.reports.report import ServerReport
    from pactmock.server.plays.faults import Fault
    from pactmock.server.plays.message_play import MessagePlay
    from pactmock.server.plays.scopes import Scopes


logger = logging.getLogger("pactmock.server")


class MockServer:
    """One pact, played in one place.

    It is made (which refuses what cannot be played), started, asked, and stopped:

        server = MockServer(pact)
        await server.start()
        ...
        await server.stop()
    """

    has_port = True
    """Whether it can be called on a port of its own, and not through the gateway alone."""

    def __init__(
        self,
        pact: Pact,
        options: MockServerOptions | None = None,
        bind: Bind = BoundPact,
        shared: Shared | None = None,
        key: str | None = None,
    ) -> None:
        """Compile a pact, bound to the plugins that it names.

        Raises:
            InvalidRule: with the JSON pointer of a matching rule that cannot be used.
            InvalidPact: with the JSON pointer of what cannot be played, or with `strict` of what is warned of.
            NoSuchState: when no interaction is given the provider state that is to be chosen.
        """
        self.id = key or new_id()
        self.options = options or MockServerOptions()
        self.created = time.time()
        self._shared = shared or ALONE
        kept, events, totals = self._shared.kept, self._shared.events, self._shared.totals
        self.journal = Journal(self.options.journal, kept, events, self.id, totals)
        self.lease = Lease(self.options.ttl)
        self.log = ServerLog()
        self.address = Address(self.options.host, self.options.port, "https" if self.options.tls else "http")
        stage = Stage(self.options, self.address, self.journal, self.lease, self.log, self._shared)
        self._present = self._play(pact, bind, stage)
        self.play = self._present.play
        self._warn(self._present.warnings)

    def _play(self, pact: Pact, bind: Bind, stage: Stage) -> Present:
        """Compile what is played, on the stage of this server."""
        return PresentPact(pact, bind, stage)

    def _warn(self, warnings: Sequence[PactWarning]) -> None:
        for warning in warnings:
            self.log.note(f"warning: {warning}")
            texts = visible(cut(self.title)), visible(str(warning))
            logger.warning("%s: %s", *texts, extra={"told": {"server": self.id}})

    @property
    def pact(self) -> Pact:
        """What is played at present."""
        return self._present.pact

    @property
    def written_pact(self) -> Pact:
        """What a pact file gets of it."""
        return self.pact

    @property
    def scope_name(self) -> str | None:
        """The scope of a mock server that is meant, None for the whole."""
        return None

    @property
    def scoped_play(self) -> HttpPlay:
        """What plays requests in the scopes that they name.

        Raises:
            NoScopes: when what plays the pact cannot tell the requests of one test from those of another.
        """
        if not isinstance(self.play, HttpPlay):
            raise NoScopes(
                f"The mock server {self.id} plays {self.play.transport} as a whole, and has no scopes: leave the scope"
                " out, or give each test a mock server"
            )
        return self.play

    @property
    def scopes(self) -> Scopes:
        """The scopes of the tests that are told apart here.

        Raises:
            NoScopes: as above.
        """
        return self.scoped_play.scopes

    @property
    def warnings(self) -> tuple[PactWarning, ...]:
        """What of its pact will disappoint somebody, although it is played; of many the first hundred.

        Behind them stands which faults were played, and what was asked after a test was told that all matched.
        """
        found = (*late_requests(self.journal), *unconfirmed_requests(self.journal))
        return (*self._present.warnings, *self.play.played_faults, *found)

    async def start(self, ports: Sequence[int] | None = None) -> None:
        """Start to listen, on the first of `ports` that is free where they are given.

        Raises:
            PortUnavailable, PluginError: when it cannot.
        """
        await self.play.start(ports or (self.options.port,))
        messages = f" and {len(self.play.messages)} message(s)" if self.play.messages is not None else ""
        self.log.note(f"listening on {self.url} for {self.play.interactions} interaction(s){messages} of {self.title}")
        self.tell(SERVER_STARTED, **self.described())

    def described(self) -> dict[str, Json]:
        """Return what is told of it when it starts."""
        return {
            "title": self.title,
            "consumer": self.pact.consumer,
            "provider": self.pact.provider,
            "url": self.url,
            "interactions": self.play.interactions,
        }

    def tell(self, name: str, **fields: Json) -> None:
        """Tell whoever listens what happened to it."""
        self.journal.tell(name, **fields)

    async def stop(self, late: float = 0.0) -> None:
        """Stop to listen; the port is free when this returns. A server that is stopped can still be asked.

        For so many seconds, what comes `late` is refused, and noted; the port is free after that.
        """
        if late:
            self.play.stay(late)
        was_running = self.play.is_running
        await self.play.stop()
        if was_running:
            self.tell(SERVER_STOPPED, title=self.title)

    @property
    def port(self) -> int:
        return self.address.port

    @property
    def url(self) -> str:
        """Where a client on this machine can call it."""
        return self.address.url_for(None)

    @property
    def title(self) -> str:
        """The name that it was given, or its participants."""
        return self.options.name or f"{self.pact.consumer} - {self.pact.provider}"

    @property
    def specification(self) -> Specification:
        """The version that the pact is written in."""
        return self._present.specification

    @property
    def matched(self) -> bool:
        """Whether all that was expected was received, and nothing else."""
        return self.play.matched

    def give_verdict(self, *, matched: bool, mismatches: int) -> None:
        """Tell that somebody asked for the verdict."""
        self.tell(VERDICT_GIVEN, matched=matched, mismatches=mismatches)

    @property
    def not_tested(self) -> int:
        """How many messages of the pact do not count in the verdict, as nobody asks for them here."""
        return self.play.messages.not_tested if self.play.messages is not None else 0

    @property
    def messages(self) -> MessagePlay:
        """The messages of the pact, to be handed out.

        Raises:
            NoSuchMessage: when there are none, or a plugin plays them.
        """
        if self.play.messages is None:
            raise NoSuchMessage("This mock server has no messages to hand out: GET .../interactions lists what it has")
        return self.play.messages

    def mismatches(self) -> list[dict[str, Json]]:
        """List why it is not `matched`, as the control API has it."""
        from pactmock.reports import json  # late: most servers are asked when all matched

        return list(map(json.mismatch, self.play.explanations()))

    def report(self) -> ServerReport:
        """Return what is to be said of it now, for all formats of reports."""
        from pactmock.reports.report import ServerReport

        play = self.play
        return ServerReport(
            self.id,
            self.pact.consumer,
            self.pact.provider,
            self.matched,
            name=self.options.name,
            url=self.url,
            explanations=tuple(play.explanations()),
            unlisted=play.unlisted,
            warnings=tuple(map(str, self.warnings)),
            interactions=tuple(play.listed()),
            messages=tuple(play.messages.listed()) if play.messages is not None else (),
            not_tested=self.not_tested,
            created=self.created,
            asked=time.time(),
        )

    async def expect(self, given: Pact, plugins: PluginsOfPact | None = None, *, strict: bool | None = None) -> None:
        """Expect the interactions of another pact too, perhaps with other plugins; what was received stays.

        Raises:
            InvalidPact: when one of them cannot be played, or with `strict` is warned of; then all is as it was.
            PluginError: when a plugin plays the pact, which then cannot be changed.
        """
        self._warn(await self._present.change(given, plugins, anew=False, strict=strict))
        self.log.note(f"{len(given.interactions)} interaction(s) added")

    async def replace_interactions(
        self, given: Pact, plugins: PluginsOfPact | None = None, *, strict: bool | None = None
    ) -> None:
        """Expect those of another pact instead; what was received is forgotten, as it was held against the old ones.

        Raises:
            InvalidPact, PluginError: as above.
        """
        self._warn(await self._present.change(given, plugins, anew=True, strict=strict))
        self.log.note(f"the interactions were replaced by {len(given.interactions)}")

    def choose_state(self, state: str | None) -> None:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
            PluginError: when a plugin plays the pact.
        """
        self.play.choose_state(state)
        self.log.note("no provider state is chosen" if state is None else f"the provider state '{state}' is chosen")

    def put_fault(self, key: str, fault: Fault) -> ListedInteraction:
        """Have answers of an interaction, by its key or description, come later, or something else instead of them.

        It ends when what was received is forgotten, or the interactions are replaced.

        Raises:
            NoSuchInteraction: when there is none.
            PluginError: when a plugin plays the pact.
        """
        found = self.play.put_fault(key, fault)
        self.log.note(
            f"'{found.name.description}' is answered with {fault}"
            if found.fault
            else f"'{found.name.description}' is answered as the pact says"
        )
        return found

    def reset(self) -> None:
        """Forget what was received; what is expected stays.

        Raises:
            PluginError: when only a plugin knows what was received.
        """
        self.play.reset()
        self.log.note("what was received was forgotten")

    async def write_pact(
        self, directory: Path, *, overwrite: bool = False, refuse_replacements: bool = False
    ) -> Written:
        """Write the pact, where all mock servers of the process have theirs. See `pact/directory/store.py`."""
        totals, version, known = self._shared.totals, self.options.specification, self._shared.known
        try:
            written = await self._shared.pacts.write(
                ToWrite(self.written_pact, directory, version, overwrite, refuse_replacements, known)
            )
        except PactmockError as error:
            totals.fail_to_write(error)
            raise
        totals.replaced += len(written.replacements)
        self.log.note(f"pact written to {written.path} ({written.interactions} interaction(s))")
        self.tell(PACT_WRITTEN, path=str(written.path), interactions=written.interactions, merged=written.merged)
        for replacement in written.replacements:
            self.log.note(f"replaced in {written.path}: {replacement}")
        return written

    def log_lines(self) -> list[str]:
        """Return the log: what happened to the server and what it was asked, by time."""
        return self.log.lines(self.journal)

    def __repr__(self) -> str:
        state = "running" if self.play.is_running else "stopped"
        return f"<MockServer {self.title!r} {state} on {self.url}, {self.journal!r}>"


def new_id() -> str:
    """Make an id of eight characters, as the Rust client wants it, that cannot be taken for a port."""
    chosen = os.urandom(8)
    return (chosen[:1].translate(_AS_LETTER) + chosen[1:].translate(_AS_LETTER_OR_DIGIT)).decode()


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS_AND_DIGITS = _LETTERS + b"0123456789"
_AS_LETTER = bytes(_LETTERS[each % 26] for each in range(256))
_AS_LETTER_OR_DIGIT = bytes(_LETTERS_AND_DIGITS[each % 36] for each in range(256))
