"""The calls about mock servers that plugins run for their transports (reference/plugins.md §6)."""

from __future__ import annotations

from typing import Any

from pactmock.errors import PluginError
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.encoding import (
    Message,
    Messages,
    context_in,
    data_message,
    data_of,
    mismatch_message,
    mismatch_of,
)
from pactmock.plugins.protocol.structs import to_struct
from pactmock.plugins.protocol.values import (
    InteractionContents,
    MockServerDetails,
    MockServerResult,
    MockServerResults,
    StartMockServerRequest,
)


class _StartMockServer(Call[StartMockServerRequest, MockServerDetails]):
    name = "StartMockServer"
    method = "start_mock_server"
    request = "StartMockServerRequest"
    response = "StartMockServerResponse"
    answers_errors = True

    def encode_request(self, messages: Messages, asked: StartMockServerRequest) -> Message:
        message = messages.StartMockServerRequest(hostInterface=asked.host, port=asked.port, tls=asked.tls)
        if "pact" in message.DESCRIPTOR.fields_by_name:
            message.pact = asked.pact
        else:
            for item in asked.interactions:
                message.interactions.add(
                    interactionType=item.type,
                    pluginConfiguration=data_message(messages, item.data),
                    consumer=item.consumer,
                    provider=item.provider,
                )
        message.testContext.CopyFrom(to_struct(asked.test_context))
        return message

    def decode_request(self, message: Message) -> StartMockServerRequest:
        is_v1 = "pact" in message.DESCRIPTOR.fields_by_name
        interactions = (
            InteractionContents(item.interactionType, item.consumer, item.provider, data_of(item.pluginConfiguration))
            for item in (() if is_v1 else message.interactions)
        )
        return StartMockServerRequest(
            host=message.hostInterface,
            port=message.port,
            tls=message.tls,
            pact=message.pact if is_v1 else "",
            interactions=tuple(interactions),
            test_context=context_in(message),
        )

    def encode_answer(self, messages: Messages, answer: MockServerDetails) -> Message:
        details = messages.MockServerDetails(key=answer.key, port=answer.port, address=answer.address)
        return messages.StartMockServerResponse(details=details)

    def decode_answer(self, message: Message) -> MockServerDetails:
        kind = message.WhichOneof("response")
        if kind == "error":
            raise PluginError(f"Mock server failed to start: {message.error}")
        if kind is None:
            raise PluginError("Did not get a valid response from the start mock server call")
        return MockServerDetails(message.details.key, message.details.port, message.details.address)


START_MOCK_SERVER: Call[StartMockServerRequest, MockServerDetails] = _StartMockServer()


class _GetMockServerResults(Call[str, MockServerResults]):
    name = "GetMockServerResults"
    method = "mock_server_results"
    request = "MockServerRequest"
    response = "MockServerResults"

    def encode_request(self, messages: Messages, asked: str) -> Message:
        return messages.MockServerRequest(serverKey=asked)

    def decode_request(self, message: Message) -> str:
        return str(message.serverKey)

    def encode_answer(self, messages: Messages, answer: MockServerResults) -> Message:
        results = [
            messages.MockServerResult(
                path=item.path,
                error=item.error,
                mismatches=[mismatch_message(messages, mismatch) for mismatch in item.mismatches],
            )
            for item in answer.results
        ]
        return messages.MockServerResults(ok=answer.ok, results=results)

    def decode_answer(self, message: Message) -> MockServerResults:
        return MockServerResults(
            message.ok,
            tuple(
                MockServerResult(item.path, item.error, tuple(map(mismatch_of, item.mismatches)))
                for item in message.results
            ),
        )


GET_MOCK_SERVER_RESULTS: Call[str, MockServerResults] = _GetMockServerResults()


class _ShutdownMockServer(_GetMockServerResults):
    """V1 has messages of its own for this call, with the same fields and numbers, so their bytes are the same."""

    name = "ShutdownMockServer"
    method = "shut_down_mock_server"


SHUTDOWN_MOCK_SERVER: Call[str, MockServerResults] = _ShutdownMockServer()

OF_MOCK_SERVERS: tuple[Call[Any, Any], ...] = (START_MOCK_SERVER, GET_MOCK_SERVER_RESULTS, SHUTDOWN_MOCK_SERVER)
