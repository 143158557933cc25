"""A gRPC connection to a plugin, or to whatever else speaks the plugin protocol: calls out, errors as sentences."""

from __future__ import annotations

import socket
import time
from typing import Any, TypeVar

import grpc

from pactmock.errors import PluginError
from pactmock.plugins.process.chain import Chain
from pactmock.plugins.process.process import StartupLine
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.encoding import Messages

Question = TypeVar("Question")
Answer = TypeVar("Answer")

UNLIMITED = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),
)
"""Descriptors of Protobuf make messages of many megabytes, and nothing here goes through a proxy."""

_ADDRESSES = ("127.0.0.1", "::1")
_AGAIN_SECONDS = 0.05


class CallFailed(PluginError):
    """A call got no answer. `status` is the gRPC status, `is_lost` says that nobody was there to answer."""

    def __init__(self, message: str, grpc_status: str, *, is_lost: bool = False) -> None:
        super().__init__(message, grpcStatus=grpc_status)
        self.grpc_status = grpc_status
        self.is_lost = is_lost

    @classmethod
    def of(cls, name: str, error: Any, timeout: float | None) -> CallFailed:
        """Say in a sentence how gRPC failed to make a call."""
        code, details = error.code(), error.details() or ""
        status = code.name if code is not None else "UNKNOWN"
        if code is grpc.StatusCode.DEADLINE_EXCEEDED and timeout is not None:
            return cls(f"{name} got no answer within {timeout:.3g} seconds", status)
        is_lost = code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
        return cls(f"{name} failed with {status}: {details}", status, is_lost=is_lost)


class Channel:
    """An open channel. It can be used by several threads at once."""

    def __init__(self, startup: StartupLine, messages: Messages, timeout: float) -> None:
        """Connect, on IPv4 or IPv6.

        Raises:
            CallFailed: when nobody who speaks HTTP/2 answers on the port in time.
        """
        self._messages = messages
        self._package = messages.DESCRIPTOR.package
        self._key = startup.server_key
        address = _reachable_address(startup.port, timeout)
        self._channel = grpc.insecure_channel(address, options=UNLIMITED)
        self._methods: dict[str, Any] = {}
        try:
            grpc.channel_ready_future(self._channel).result(timeout)
        except grpc.FutureTimeoutError:
            self.close()
            raise CallFailed(
                f"what listens on {address} does not speak gRPC, or not within {timeout:g} seconds", "UNAVAILABLE"
            ) from None

    def ask(
        self,
        call: Call[Question, Answer],
        question: Question,
        timeout: float | None = None,
        chain: Chain | None = None,
    ) -> Answer:
        """Make one call, perhaps as one of a chain.

        Raises:
            CallFailed: when there is no answer.
            PluginError: when the answer is an error.
        """
        request = call.encode_request(self._messages, question)
        metadata = [("authorization", self._key), *(chain.metadata() if chain else ())]
        try:
            answer = self._method(call)(request, timeout=timeout, metadata=metadata)
        except grpc.RpcError as error:
            raise CallFailed.of(call.name, error, timeout) from None
        except ValueError:  # so gRPC says that the channel was closed, by who ended or restarted the plugin meanwhile
            raise CallFailed(
                f"{call.name} was not made, as the plugin is being stopped", "CANCELLED", is_lost=True
            ) from None
        return call.decode_answer(answer)

    def _method(self, call: Call[Any, Any]) -> Any:
        method = self._methods.get(call.name)
        if method is None:
            method = self._methods[call.name] = self._channel.unary_unary(
                f"/{self._package}.PactPlugin/{call.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=call.response_type(self._messages).FromString,
            )
        return method

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


def _reachable_address(port: int, timeout: float) -> str:
    """Return the loopback address that takes connections; a plugin may say its port a moment before it listens."""
    until = time.monotonic() + timeout
    while True:
        for host in _ADDRESSES:
            try:
                socket.create_connection((host, port), timeout=1.0).close()
            except OSError:
                continue
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if time.monotonic() > until:
            raise CallFailed(f"nothing listens on port {port} of {' or '.join(_ADDRESSES)}", "UNAVAILABLE")
        time.sleep(_AGAIN_SECONDS)
