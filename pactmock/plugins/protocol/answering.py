"""One call that came in over gRPC, answered by a plugin: what both sides do who serve such calls."""

from __future__ import annotations

import logging
from typing import Any

import grpc

from pactmock.errors import PactmockError
from pactmock.matching.budget import OutOfBudget
from pactmock.pact.value import value
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.encoding import Message, Messages
from pactmock.plugins.protocol.plugin import Plugin


def method_handler(request_type: Any, handle: Any) -> Any:
    """Make what gRPC calls for a method whose requests are of a type."""
    return grpc.unary_unary_rpc_method_handler(
        handle, request_type.FromString, lambda message: message.SerializeToString()
    )


@value
class Answering:
    """How one side answers: in which version, with which status where it refuses, and where it logs what broke."""

    messages: Messages
    refused: grpc.StatusCode
    logger: logging.Logger

    def answer(self, call: Call[Any, Any], plugin: Plugin, request: Message, context: grpc.ServicerContext) -> Message:
        """Have a plugin answer. An error in words goes into the answer, where that has a place for it."""
        try:
            return call.encode_answer(self.messages, call.ask(plugin, call.decode_request(request)))
        except PactmockError as error:
            if call.answers_errors:
                return call.encode_error(self.messages, error.message)
            context.abort(self.refused, error.message)
        except OutOfBudget as error:
            context.abort(self.refused, f"{call.name} of the plugin {plugin} takes too long: {error.reason}")
        except BaseException as error:  # what would end the thread would leave the caller waiting
            self.logger.exception("%s failed", call.name)
            context.abort(grpc.StatusCode.INTERNAL, f"{call.name} of the plugin {plugin} raised {error!r}")
