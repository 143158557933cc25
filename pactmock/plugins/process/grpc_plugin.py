"""A plugin that is a process of its own, behind the same class as one in Python (reference/plugins.md §2, §3).

When the process has ended, because it crashed or was idle for too long, it is started again, once for a call; the call
is then made again.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

import pactmock
from pactmock.errors import PluginError
from pactmock.pact.value import value
from pactmock.plugins.manifest import Manifest
from pactmock.plugins.process.chain import chain_within
from pactmock.plugins.process.channel import CallFailed, Channel
from pactmock.plugins.process.process import PluginProcess
from pactmock.plugins.process.running import RunningPlugin
from pactmock.plugins.proto import plugin_v1_pb2, plugin_v2_pb2
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.calls import CALLS
from pactmock.plugins.protocol.encoding import Messages
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN, Introduction, PluginOffer
from pactmock.plugins.protocol.levels import name_of
from pactmock.plugins.protocol.terms import Terms
from pactmock.plugins.protocol.values import CatalogueEntry
from pactmock.plugins.settings import PluginSettings

Question = TypeVar("Question")
Answer = TypeVar("Answer")

logger = logging.getLogger("pactmock.plugins")

_MESSAGES: dict[int, Messages] = {1: plugin_v1_pb2, 2: plugin_v2_pb2}
_NOT_OFFERED = "UNIMPLEMENTED"
_CALLS = {call.method: call for call in CALLS}
_LOCK_SECONDS = 0.2


@value
class Surroundings:
    """What a plugin is told of its host: what the core can do, and where its callbacks are served, if they are."""

    capabilities: Sequence[str] = ()
    callback_address: Callable[[], str | None] = lambda: None


@value
class _Session:
    """One life of the plugin: a process, the channel to it, and what it offered."""

    process: PluginProcess
    channel: Channel
    offer: PluginOffer

    def close(self) -> None:
        self.channel.close()
        self.process.stop()


def _begin(manifest: Manifest, settings: PluginSettings, surroundings: Surroundings) -> _Session:
    """Start a plugin and have it introduce itself; when that fails, nothing is left of it."""
    instance = str(uuid.uuid4())
    level = name_of(logger.getEffectiveLevel())
    environment = {"LOG_LEVEL": level, "RUST_LOG": level, "PACT_PLUGIN_INSTANCE_ID": instance}
    address = surroundings.callback_address()
    if address:
        environment["PACT_PLUGIN_HOST"] = address
    who = Introduction("pactmock", pactmock.__version__, tuple(surroundings.capabilities), instance)
    with ExitStack() as undo:
        process = PluginProcess(manifest, environment, settings.start_timeout)
        undo.callback(process.stop)
        try:
            channel = Channel(process.startup, _MESSAGES[manifest.interface_version], settings.start_timeout)
            undo.callback(channel.close)
            offer = channel.ask(INIT_PLUGIN, who, settings.start_timeout)
        except PluginError as error:
            ended = process.has_ended(is_lost=isinstance(error, CallFailed) and error.is_lost)
            process.stop()  # first, so that its last words are complete
            how = f"; it {process.ending()}" if ended else process.last_words()
            raise PluginError(
                f"Failed to send init request to the plugin {manifest} - {error.message}{how}", plugin=manifest.name
            ) from None
        undo.pop_all()
    return _Session(process, channel, offer)


class GrpcPlugin(RunningPlugin):
    """A plugin that is spoken to over gRPC. It is running when it was made."""

    def __init__(self, manifest: Manifest, settings: PluginSettings, surroundings: Surroundings) -> None:
        """Start the plugin and have it introduce itself.

        Raises:
            PluginError: with what it printed last; no process is left.
        """
        if manifest.executable_type != "exec":
            raise PluginError(
                f"Plugin executable type of {manifest.executable_type} is not supported: {manifest} at"
                f" {manifest.directory} can only be run by another framework",
                plugin=manifest.name,
            )
        self.name, self.version, self.manifest = manifest.name, manifest.version, manifest
        self._settings = settings
        self._surroundings = surroundings
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._session = _begin(manifest, settings, surroundings)

    @property
    def is_up(self) -> bool:
        return self._session.process.is_alive

    def _pass_on(self, terms: Terms, question: Any) -> Any:
        call = _CALLS[terms.method]
        if call.only_in_v2 and self.manifest.interface_version == 1:
            raise PluginError(
                f"{call.only_in_v2} require the V2 plugin interface, and the plugin {self} uses V1", plugin=self.name
            )
        return self._timed(lambda: self._ask(call, question, terms.seconds(self._settings)))

    def _ask(self, call: Call[Question, Answer], question: Question, timeout: float) -> Answer:
        """Ask, and once more where the process has ended meanwhile."""
        session = self._session
        try:
            return self._ask_session(session, call, question, timeout)
        except CallFailed as error:
            if not (error.is_lost and session.process.has_ended(is_lost=True)):
                raise CallFailed(f"The plugin {self}: {error.message}", error.grpc_status) from None
        logger.warning("the plugin %s %s; it is started again", self, session.process.ending())
        session = self._restart(session)
        try:
            return self._ask_session(session, call, question, timeout)
        except CallFailed as error:
            how = (
                f"it {session.process.ending()}" if session.process.has_ended(is_lost=error.is_lost) else error.message
            )
            raise CallFailed(
                f"The plugin {self} was started again for {call.name} and failed again: {how}", error.grpc_status
            ) from None

    @staticmethod
    def _ask_session(session: _Session, call: Call[Question, Answer], question: Question, timeout: float) -> Answer:
        if not session.process.is_alive:
            raise CallFailed("it has ended", "UNAVAILABLE", is_lost=True)
        chain = chain_within(timeout) if call.may_call_back else None
        return session.channel.ask(call, question, chain.left if chain else timeout, chain)

    def _restart(self, ended: _Session) -> _Session:
        """Replace a session that has ended, unless somebody else did already."""
        with self._lock:
            if self._closed.is_set():
                raise CallFailed(f"The plugin {self} was stopped", "UNAVAILABLE")
            if self._session is ended:
                ended.close()
                self._session = _begin(self.manifest, self._settings, self._surroundings)
            if self._closed.is_set():  # meanwhile, and did not wait for this
                self._session.close()
            return self._session

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return self._session.offer.catalogue

    def update_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        try:
            super().update_catalogue(tuple(entries))
        except CallFailed as error:
            if error.grpc_status != _NOT_OFFERED:
                logger.warning("the plugin %s did not take the catalogue: %s", self, error.message)

    def close(self) -> None:
        self._closed.set()
        has_lock = self._lock.acquire(timeout=_LOCK_SECONDS)  # it may just be started again
        try:
            self._session.close()
        finally:
            if has_lock:
                self._lock.release()

    def __repr__(self) -> str:
        return f"<GrpcPlugin {self} {self._session.process!r}>"
