"""Whatever is done with messages in whatever order, also at once: no verdict is green for one that was not handled.

The model knows what was handed out and handled since the last change of epoch, and what failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pactmock.errors import NoSuchMessage, NotHandedOut
from pactmock.pact.documents import reading
from pactmock.pact.model import Pact
from pactmock.server.answers.message_script import Reply
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.plays.message_play import Handled
from tests.pacts import interaction, pact

KEYS = ("a", "b", "question")


def _message(key: str) -> dict[str, Any]:
    contents = {"contents": {"content": {"of": key}, "contentType": "application/json"}}
    if key == "question":
        return {"type": "Synchronous/Messages", "description": key, "key": key, "request": {}, "response": [contents]}
    return {"type": "Asynchronous/Messages", "description": key, "key": key, **contents}


def _pact(keys: set[str], *, with_http: bool) -> Pact:
    http = [interaction("a request")] if with_http else []
    return reading.read_pact(pact(*http, *map(_message, sorted(keys)), version="4.0"))


_keys = st.sampled_from(KEYS)
_pacts = st.tuples(st.sets(_keys, min_size=1), st.booleans())


class MessageVerdicts(RuleBasedStateMachine):
    """A mock server that nobody sends a request to, and a model of what it must know of its messages."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()

    @initialize(given=_pacts, always=st.booleans())
    def create(self, given: tuple[set[str], bool], always: bool) -> None:
        self.keys, self.with_http = set(given[0]), given[1]
        self.always = always
        self.server = MockServer(_pact(self.keys, with_http=self.with_http), MockServerOptions(counts_messages=always))
        self.open: dict[int, str] = {}
        self.ended: dict[int, str] = {}
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        self.ended |= self.open
        self.open, self.handled, self.failed, self.asked = {}, set[str](), set[str](), False

    @rule(key=_keys)
    def hand_out(self, key: str) -> None:
        try:
            delivery = self.runner.run(self.server.messages.hand_out(key))
        except NoSuchMessage:
            assert key not in self.keys
            return
        self.asked = True
        self.open[delivery.number] = key

    @rule(data=st.data(), failure=st.sampled_from([None, "broken", "reply"]))
    def settle(self, data: st.DataObject, failure: str | None) -> None:
        if not (deliveries := {**self.open, **self.ended}):
            return
        number = data.draw(st.sampled_from(sorted(deliveries)))
        key = deliveries[number]
        handled = Handled(failure, delivery=number)
        if failure == "reply":
            is_question = key == "question"
            handled = Handled(None, (Reply(b'{"of": "another"}'),) if is_question else (), number)
            failure = failure if is_question else None
        try:
            wrong = self.runner.run(self.server.messages.settle(key, handled))
        except (NotHandedOut, NoSuchMessage):
            assert number in self.ended or key not in self.keys
            return
        assert number in self.open
        assert (wrong is not None) is (failure is not None)
        (self.handled if wrong is None else self.failed).add(key)

    @rule()
    def reset(self) -> None:
        self.server.reset()
        self._begin_epoch()

    @rule(given=_pacts)
    def replace(self, given: tuple[set[str], bool]) -> None:
        self.keys, self.with_http = set(given[0]), given[1]
        self.runner.run(self.server.replace_interactions(_pact(self.keys, with_http=self.with_http)))
        self._begin_epoch()

    @rule(key=_keys)
    def add(self, key: str) -> None:
        if key not in self.keys:
            self.keys.add(key)
            self.runner.run(self.server.expect(_pact({key}, with_http=False)))

    @rule(delay=st.integers(0, 3))
    def reset_while_a_reply_is_compared(self, delay: int) -> None:
        """A reset that comes at any time of it leaves nothing handled, or the reply came after it and is refused."""
        numbers = [number for number, key in self.open.items() if key == "question"]
        if not numbers or "question" not in self.keys:
            return

        async def both() -> None:
            handled = Handled(None, (Reply(b'{"of": "question"}'),), numbers[-1])
            settling = asyncio.ensure_future(self.server.messages.settle("question", handled))
            for _ in range(delay):
                await asyncio.sleep(0)
            self.server.reset()
            with contextlib.suppress(NotHandedOut):
                await settling

        self.runner.run(both())
        self._begin_epoch()

    @invariant()
    def the_verdict_is_that_of_the_model(self) -> None:
        counts = self.always or self.asked or not self.with_http
        missing = self.keys - self.handled - self.failed if counts else set()
        found = self.server.mismatches()
        named = {item["interaction"]["key"] for item in found if item["type"] == "missing-message"}
        assert named == missing
        failed = {item["interaction"]["key"] for item in found if item["type"].startswith("message-")}
        assert failed == self.failed
        assert self.server.matched is (not missing and not self.failed and not self.with_http)
        assert self.server.not_tested == (0 if counts else len(self.keys))

    def teardown(self) -> None:
        self.runner.close()


TestMessageVerdicts = MessageVerdicts.TestCase
