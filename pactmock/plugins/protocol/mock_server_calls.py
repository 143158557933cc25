"""The calls about mock servers that plugins run for their transports (reference/plugins.md §6)."""

from __future__ import annotations

from dataclasses import replace

from pactmock.errors import PluginError
from pactmock.plugins.protocol.call import Call, error_in
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

# StartMockServer, GetMockServerResults, ShutdownMockServer


def _encode_start(messages: Messages, asked: StartMockServerRequest) -> Message:
    message = messages.StartMockServerRequest(hostInterface=asked.host, port=asked.port, tls=asked.tls)
    if "pact" in message.DESCRIPTOR.fields_by_name:
        message.pact = asked.pact
    else:
        message.interactions.extend(_encode_interaction(messages, item) for item in asked.interactions)
    message.testContext.CopyFrom(to_struct(asked.test_context))
    return message


def _encode_interaction(messages: Messages, item: InteractionContents) -> Message:
    return messages.InteractionContents(
        interactionType=item.type,
        pluginConfiguration=data_message(messages, item.data),
        consumer=item.consumer,
        provider=item.provider,
    )


def _decode_start(message: Message) -> StartMockServerRequest:
    is_v1 = "pact" in message.DESCRIPTOR.fields_by_name
    return StartMockServerRequest(
        host=message.hostInterface,
        port=message.port,
        tls=message.tls,
        pact=message.pact if is_v1 else "",
        interactions=() if is_v1 else tuple(map(_decode_interaction, message.interactions)),
        test_context=context_in(message),
    )


def _decode_interaction(message: Message) -> InteractionContents:
    data = data_of(message.pluginConfiguration)
    return InteractionContents(message.interactionType, message.consumer, message.provider, data)


def _decode_details(message: Message) -> MockServerDetails:
    kind = message.WhichOneof("response")
    if kind == "error":
        raise PluginError(f"Mock server failed to start: {message.error}")
    if kind is None:
        raise PluginError("Did not get a valid response from the start mock server call")
    return MockServerDetails(message.details.key, message.details.port, message.details.address)


START_MOCK_SERVER: Call[StartMockServerRequest, MockServerDetails] = Call(
    "StartMockServer",
    "StartMockServerRequest",
    "StartMockServerResponse",
    lambda plugin, asked: plugin.start_mock_server(asked),
    _encode_start,
    _decode_start,
    lambda messages, answer: messages.StartMockServerResponse(
        details=messages.MockServerDetails(key=answer.key, port=answer.port, address=answer.address)
    ),
    _decode_details,
    error_in("StartMockServerResponse"),
)


def _encode_results(messages: Messages, answer: MockServerResults) -> Message:
    results = [
        messages.MockServerResult(
            path=item.path,
            error=item.error,
            mismatches=[mismatch_message(messages, mismatch) for mismatch in item.mismatches],
        )
        for item in answer.results
    ]
    return messages.MockServerResults(ok=answer.ok, results=results)


def _decode_results(message: Message) -> MockServerResults:
    return MockServerResults(
        message.ok,
        tuple(
            MockServerResult(item.path, item.error, tuple(map(mismatch_of, item.mismatches)))
            for item in message.results
        ),
    )


GET_MOCK_SERVER_RESULTS: Call[str, MockServerResults] = Call(
    "GetMockServerResults",
    "MockServerRequest",
    "MockServerResults",
    lambda plugin, asked: plugin.mock_server_results(asked),
    lambda messages, key: messages.MockServerRequest(serverKey=key),
    lambda message: str(message.serverKey),
    _encode_results,
    _decode_results,
)

SHUTDOWN_MOCK_SERVER = replace(
    GET_MOCK_SERVER_RESULTS,
    name="ShutdownMockServer",
    ask=lambda plugin, asked: plugin.shut_down_mock_server(asked),
)
"""V1 has messages of its own for this call, with the same fields and numbers, so their bytes are the same."""
