"""The calls about single values, which only interface V2 has (reference/plugins.md §5.8)."""

from __future__ import annotations

from collections.abc import Sequence

from pactmock.plugins.protocol.call import Call, error_in, mode_number, mode_of, refuse_error
from pactmock.plugins.protocol.encoding import (
    Message,
    Messages,
    context_in,
    data_in,
    data_message,
    generator_of,
    mismatch_message,
    mismatch_of,
    rule_message,
    rule_of,
    set_context,
    set_generator,
)
from pactmock.plugins.protocol.single_values import field_message, field_of
from pactmock.plugins.protocol.values import (
    ContentMismatch,
    FieldValue,
    GenerateFieldRequest,
    MatchFieldRequest,
)

# MatchField and GenerateField, of V2 only


def _encode_match_field(messages: Messages, asked: MatchFieldRequest) -> Message:
    message = messages.MatchFieldRequest(
        key=asked.key,
        rule=rule_message(messages, asked.rule),
        path=asked.path,
        mismatchType=asked.mismatch_type,
        expected=field_message(messages, asked.expected),
        actual=field_message(messages, asked.actual),
        pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
    )
    set_context(message, asked.test_context)
    return message


def _decode_match_field(message: Message) -> MatchFieldRequest:
    return MatchFieldRequest(
        key=message.key,
        rule=rule_of(message.rule),
        expected=field_of(message.expected),
        actual=field_of(message.actual),
        path=message.path,
        mismatch_type=message.mismatchType,
        data=data_in(message),
        test_context=context_in(message),
    )


def _decode_field_mismatches(message: Message) -> tuple[ContentMismatch, ...]:
    refuse_error(message)
    return tuple(map(mismatch_of, message.mismatches))


MATCH_FIELD: Call[MatchFieldRequest, Sequence[ContentMismatch]] = Call(
    "MatchField",
    "MatchFieldRequest",
    "MatchFieldResponse",
    lambda plugin, asked: plugin.match_field(asked),
    _encode_match_field,
    _decode_match_field,
    lambda messages, answer: messages.MatchFieldResponse(
        mismatches=[mismatch_message(messages, item) for item in answer]
    ),
    _decode_field_mismatches,
    error_in("MatchFieldResponse"),
)


def _encode_generate_field(messages: Messages, asked: GenerateFieldRequest) -> Message:
    message = messages.GenerateFieldRequest(
        key=asked.key,
        path=asked.path,
        exampleValue=field_message(messages, asked.example),
        pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
        testMode=mode_number(asked.mode),
    )
    set_generator(message.generator, asked.generator)
    set_context(message, asked.test_context)
    return message


def _decode_generate_field(message: Message) -> GenerateFieldRequest:
    return GenerateFieldRequest(
        key=message.key,
        generator=generator_of(message.generator),
        example=field_of(message.exampleValue),
        path=message.path,
        data=data_in(message),
        test_context=context_in(message),
        mode=mode_of(message.testMode),
    )


def _decode_generated_field(message: Message) -> FieldValue:
    refuse_error(message)
    return field_of(message.value)


GENERATE_FIELD: Call[GenerateFieldRequest, FieldValue] = Call(
    "GenerateField",
    "GenerateFieldRequest",
    "GenerateFieldResponse",
    lambda plugin, asked: plugin.generate_field(asked),
    _encode_generate_field,
    _decode_generate_field,
    lambda messages, answer: messages.GenerateFieldResponse(value=field_message(messages, answer)),
    _decode_generated_field,
    error_in("GenerateFieldResponse"),
)
