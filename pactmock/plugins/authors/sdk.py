"""For authors of plugins: a Python plugin as a process of its own, which every Pact framework can load.

    from pactmock.plugins import serve

    if __name__ == "__main__":
        serve(MyPlugin())

`pactmock plugin package` writes such a program, and the manifest beside it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TextIO

import grpc

from pactmock.plugins.process.chain import chain_of, current
from pactmock.plugins.process.channel import UNLIMITED
from pactmock.plugins.proto import plugin_v1_pb2, plugin_v2_pb2
from pactmock.plugins.protocol.answering import Answering, method_handler
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.calls import CALLS
from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.levels import level_of
from pactmock.plugins.protocol.plugin import Plugin

logger = logging.getLogger("pactmock.plugins.authors.sdk")

_THREADS = 8
_WATCH_SECONDS = 1.0
_VERSIONS: tuple[Messages, ...] = (plugin_v1_pb2, plugin_v2_pb2)


class PluginServer:
    """A plugin behind a loopback port, for interface V1 and V2 both, for callers who know the key."""

    def __init__(self, plugin: Plugin, key: str | None = None) -> None:
        self.plugin = plugin
        self.key = key or secrets.token_urlsafe(24)
        self._server = grpc.server(ThreadPoolExecutor(_THREADS, "plugin call"), options=UNLIMITED)
        for messages in _VERSIONS:
            handlers = {call.name: self._handler(messages, call) for call in CALLS if hasattr(messages, call.request)}
            service = f"{messages.DESCRIPTOR.package}.PactPlugin"
            self._server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, handlers)])
        self.port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def _handler(self, messages: Messages, call: Call[Any, Any]) -> Any:
        answering = Answering(messages, grpc.StatusCode.ABORTED, logger)

        def handle(request: Message, context: grpc.ServicerContext) -> Message:
            metadata = dict(context.invocation_metadata())
            if not secrets.compare_digest(str(metadata.get("authorization", "")), self.key):
                context.abort(
                    grpc.StatusCode.UNAUTHENTICATED, "the metadata 'authorization' is not the key of the startup line"
                )
            token = current.set(chain_of(metadata))
            try:
                return answering.answer(call, self.plugin, request, context)
            finally:
                current.reset(token)

        return method_handler(getattr(messages, call.request), handle)

    @property
    def startup_line(self) -> str:
        """What a host waits for on standard output."""
        return json.dumps({"port": self.port, "serverKey": self.key})

    def close(self) -> None:
        """Stop serving."""
        self._server.stop(None)
        self.plugin.close()


def serve(plugin: Plugin) -> None:
    """Serve a plugin until the process that started this one ends.

    The startup line is all that is printed on standard output; logs go to standard error, at the level that the host
    names in `LOG_LEVEL`.
    """
    logging.basicConfig(
        level=level_of(os.environ.get("LOG_LEVEL", ""), logging.WARNING),
        stream=sys.stderr,
        format="%(levelname)s %(name)s: %(message)s",
    )
    parent = os.getppid()  # before anybody can know that it may go: from the startup line on, it is watched
    with _take_standard_output() as startup:  # it stays open: its end is that of the plugin
        server = PluginServer(plugin)
        startup.write(server.startup_line + "\n")
        startup.flush()
        try:
            while os.getppid() == parent:  # it gets another one when its own is gone
                time.sleep(_WATCH_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            server.close()


def _take_standard_output() -> TextIO:
    """Return the standard output, and have all that is printed go to standard error from now on.

    It must not come before the startup line, nor look like it. That holds for what the plugin starts, too, so it is
    done where the system does it.
    """
    startup = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return startup
