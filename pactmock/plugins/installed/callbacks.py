"""What plugins can ask of their host while they work: the service `PluginHost` (reference/plugins.md §2.9).

A plugin that matches a format of its own has single values matched, or parts in another format compared, by the core
or by another plugin; and its log lines come into ours.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from pactmock.errors import PactmockError
from pactmock.matching.budget import Budget
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.process.chain import Chain, chain_of, current
from pactmock.plugins.process.channel import UNLIMITED
from pactmock.plugins.proto import plugin_v2_pb2
from pactmock.plugins.protocol.answering import Answering, method_handler
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.content_calls import COMPARE_CONTENTS, GENERATE_CONTENT
from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.field_calls import GENERATE_FIELD, MATCH_FIELD
from pactmock.plugins.protocol.levels import level_of
from pactmock.plugins.protocol.values import EntryKind

messages: Messages = plugin_v2_pb2
logger = logging.getLogger("pactmock.plugins")

_ANSWERING = Answering(messages, grpc.StatusCode.INTERNAL, logger)
_SERVICE = "io.pact.plugin.v2.PluginHost"
_THREADS = 16


class CallbackServer:
    """Serves the callbacks of all plugins on one loopback port."""

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue
        self._active: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(_THREADS, "plugin callback"), options=UNLIMITED)
        handlers = {call.name: self._handler(call, kind) for call, kind in _CALLBACKS}
        handlers["Log"] = method_handler(messages.LogMessage, _log)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def _handler(self, call: Call[Any, Any], kind: EntryKind) -> Any:
        def handle(request: Message, context: grpc.ServicerContext) -> Message:
            if not request.HasField("request"):
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{call.name} has no request")
            chain = chain_of(dict(context.invocation_metadata()))
            if chain.is_over:
                context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "The deadline of this chain of calls has passed")
            try:
                found = self._catalogue().resolve(request.entryKey, kind)
            except PactmockError as error:
                context.abort(grpc.StatusCode.NOT_FOUND, error.message)
            with self._entered(chain, found.full_key, context), Budget():
                return _ANSWERING.answer(call, found.owner, request.request, context)

        return method_handler(getattr(messages, f"Host{call.request}"), handle)

    @contextmanager
    def _entered(self, chain: Chain, key: str, context: grpc.ServicerContext) -> Iterator[None]:
        """Note that an entry is at work in a chain; it cannot be so twice."""
        with self._lock:
            if (chain.id, key) in self._active:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, f"Cycle detected calling {key} in one chain of calls")
            self._active.add((chain.id, key))
        token = current.set(chain)
        try:
            yield
        finally:
            current.reset(token)
            with self._lock:
                self._active.discard((chain.id, key))

    def close(self) -> None:
        """Stop serving."""
        self._server.stop(None)


_CALLBACKS: tuple[tuple[Call[Any, Any], EntryKind], ...] = (
    (COMPARE_CONTENTS, EntryKind.CONTENT_MATCHER),
    (GENERATE_CONTENT, EntryKind.CONTENT_GENERATOR),
    (MATCH_FIELD, EntryKind.MATCHER),
    (GENERATE_FIELD, EntryKind.GENERATOR),
)


def _log(message: Message, _context: grpc.ServicerContext) -> Empty:
    level = level_of(message.level, logging.ERROR)
    logger.log(level, "%s %s: %s", message.pluginInstanceId, message.target, message.message)
    return Empty()
