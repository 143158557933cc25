"""For authors of plugins: a Python plugin as a process of its own, which every Pact framework can load.

    from pactmock.plugins.sdk import serve

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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TextIO

import grpc

from pactmock.errors import PactmockError, PluginError
from pactmock.plugins.call import Call
from pactmock.plugins.chain import chain_of, current
from pactmock.plugins.connection import UNLIMITED
from pactmock.plugins.content_calls import COMPARE_CONTENTS, CONFIGURE_INTERACTION, GENERATE_CONTENT, UPDATE_CATALOGUE
from pactmock.plugins.field_calls import GENERATE_FIELD, MATCH_FIELD
from pactmock.plugins.init_calls import INIT_PLUGIN, PluginOffer
from pactmock.plugins.levels import level_of
from pactmock.plugins.messages import Message, Messages
from pactmock.plugins.mock_server_calls import GET_MOCK_SERVER_RESULTS, SHUTDOWN_MOCK_SERVER, START_MOCK_SERVER
from pactmock.plugins.plugin import Plugin
from pactmock.plugins.proto import plugin_v1_pb2, plugin_v2_pb2

__all__ = ["Plugin", "PluginError", "serve"]

logger = logging.getLogger("pactmock.plugins.sdk")

_THREADS = 8
_WATCH_SECONDS = 1.0
_VERSIONS: tuple[Messages, ...] = (plugin_v1_pb2, plugin_v2_pb2)

Ask = Callable[[Plugin, Any], Any]
_CALLS: tuple[tuple[Call[Any, Any], Ask], ...] = (
    (INIT_PLUGIN, lambda plugin, _asked: PluginOffer(tuple(plugin.catalogue()))),
    (UPDATE_CATALOGUE, lambda plugin, asked: plugin.update_catalogue(asked)),
    (CONFIGURE_INTERACTION, lambda plugin, asked: plugin.configure_interaction(asked)),
    (COMPARE_CONTENTS, lambda plugin, asked: plugin.compare_contents(asked)),
    (GENERATE_CONTENT, lambda plugin, asked: plugin.generate_content(asked)),
    (MATCH_FIELD, lambda plugin, asked: plugin.match_field(asked)),
    (GENERATE_FIELD, lambda plugin, asked: plugin.generate_field(asked)),
    (START_MOCK_SERVER, lambda plugin, asked: plugin.start_mock_server(asked)),
    (GET_MOCK_SERVER_RESULTS, lambda plugin, asked: plugin.mock_server_results(asked)),
    (SHUTDOWN_MOCK_SERVER, lambda plugin, asked: plugin.shut_down_mock_server(asked)),
)


class PluginServer:
    """A plugin behind a loopback port, for interface V1 and V2 both, for callers who know the key."""

    def __init__(self, plugin: Plugin, key: str | None = None) -> None:
        self.plugin = plugin
        self.key = key or secrets.token_urlsafe(24)
        self._server = grpc.server(ThreadPoolExecutor(_THREADS, "plugin call"), options=UNLIMITED)
        self._server.add_generic_rpc_handlers([self._service(messages) for messages in _VERSIONS])
        self.port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def _service(self, messages: Messages) -> Any:
        handlers = {
            call.name: self._handler(messages, call, ask)
            for call, ask in _CALLS
            if not call.request or hasattr(messages, call.request)
        }
        return grpc.method_handlers_generic_handler(f"{messages.DESCRIPTOR.package}.PactPlugin", handlers)

    def _handler(self, messages: Messages, call: Call[Any, Any], ask: Ask) -> Any:
        def handle(request: Message, context: grpc.ServicerContext) -> Message:
            metadata = dict(context.invocation_metadata())
            if not secrets.compare_digest(str(metadata.get("authorization", "")), self.key):
                context.abort(
                    grpc.StatusCode.UNAUTHENTICATED, "the metadata 'authorization' is not the key of the startup line"
                )
            token = current.set(chain_of(metadata))
            try:
                return self._answer(messages, call, ask, request, context)
            finally:
                current.reset(token)

        return grpc.unary_unary_rpc_method_handler(
            handle, getattr(messages, call.request).FromString, lambda message: message.SerializeToString()
        )

    def _answer(
        self, messages: Messages, call: Call[Any, Any], ask: Ask, request: Message, context: grpc.ServicerContext
    ) -> Message:
        try:
            return call.encode_answer(messages, ask(self.plugin, call.decode_request(request)))
        except PactmockError as error:
            if call.encode_error is not None:
                return call.encode_error(messages, error.message)
            context.abort(grpc.StatusCode.ABORTED, error.message)
        except Exception as error:
            logger.exception("%s failed", call.name)
            context.abort(grpc.StatusCode.INTERNAL, f"{call.name} of the plugin {self.plugin} raised {error!r}")

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
    startup = _take_standard_output()
    server = PluginServer(plugin)
    startup.write(server.startup_line + "\n")
    startup.flush()
    try:
        _wait_for_the_end_of(os.getppid())
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


def _wait_for_the_end_of(parent: int) -> None:
    """Wait until this process has another parent, which it gets when its own is gone."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
