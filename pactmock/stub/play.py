"""The port of a stub: what is decided there is said in the log, and counted nowhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pactmock.pact.parts.received_headers import decode
from pactmock.server.address import Address
from pactmock.server.answers import answer as answers
from pactmock.server.answers.answer import Answer
from pactmock.server.answers.decision import Decision
from pactmock.server.deciding.door import DecidingDoor
from pactmock.server.options import MockServerOptions
from pactmock.server.records.events import REQUEST_MATCHED, REQUEST_MISMATCHED, REQUEST_REFUSED
from pactmock.server.shared import Shared
from pactmock.server.wire.door import Owed
from pactmock.server.wire.incoming import Message
from pactmock.server.wire.refused import Refused
from pactmock.service.event_log import of_request
from pactmock.service.told import of_decision
from pactmock.stub.edition import StubEdition
from pactmock.stub.stub_decision import StubDecision

if TYPE_CHECKING:
    from pactmock.server.plays.faults import Faults

logger = logging.getLogger("pactmock.stub")


class StubPlay(DecidingDoor):
    """Plays the present edition of its pacts."""

    edition: StubEdition

    def __init__(
        self,
        edition: StubEdition,
        options: MockServerOptions,
        address: Address,
        shared: Shared,
        delay: tuple[float, float] | None = None,
    ) -> None:
        """Say where it listens, and the least and the most of the seconds for which answers are kept back."""
        super().__init__(options, address, shared)
        self.edition = edition
        self._delays: Faults | None = None
        if delay is not None:
            from pactmock.server.plays.faults import Fault, Faults  # late: few stubs want any

            self._delays, self._delay = Faults(), Fault.wanted(delay=delay)

    async def stop(self) -> None:
        """Stop to listen; what is kept back is sent."""
        if self._delays is not None:
            self._delays.end()
        await super().stop()

    def change(self, edition: StubEdition) -> None:
        """Play another edition from now on; what was asked before is answered by the one before."""
        edition.id = self.edition.id.next_epoch
        self.edition = edition

    def _note(self, decision: Decision) -> Owed:
        if isinstance(decision, StubDecision):
            is_fine = decision.is_match or decision.answer.status < 400
            level = logging.INFO if is_fine else logging.WARNING
            if logger.isEnabledFor(level):
                event = REQUEST_MATCHED if decision.is_match else REQUEST_MISMATCHED
                told = {"event": event, **of_decision(decision), **of_request(decision)}
                logger.log(level, "%s", decision.said, extra={"told": told})
        return decision.answer if self._delays is None else self._delays.owed(self._delay, decision.answer)

    def refuse(self, message: Message, refused: Refused) -> Answer:
        told = {"event": REQUEST_REFUSED, "status": refused.status}
        logger.warning("refused: %s -> %d", refused.reason, refused.status, extra={"told": told})
        return answers.refused(refused.reason, refused.status, decode(message.header(b"origin") or b""))
