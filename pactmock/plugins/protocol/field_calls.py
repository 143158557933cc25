"""The calls about single values, which only interface V2 has (reference/plugins.md §5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pactmock.plugins.protocol.call import Call, mode_number, mode_of, refuse_error
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


class _MatchField(Call[MatchFieldRequest, Sequence[ContentMismatch]]):
    name = "MatchField"
    method = "match_field"
    request = "MatchFieldRequest"
    response = "MatchFieldResponse"
    answers_errors = True
    may_call_back = True
    only_in_v2 = "Field-level matching rules"

    def encode_request(self, messages: Messages, asked: MatchFieldRequest) -> Message:
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

    def decode_request(self, message: Message) -> MatchFieldRequest:
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

    def encode_answer(self, messages: Messages, answer: Sequence[ContentMismatch]) -> Message:
        return messages.MatchFieldResponse(mismatches=[mismatch_message(messages, item) for item in answer])

    def decode_answer(self, message: Message) -> Sequence[ContentMismatch]:
        refuse_error(message)
        return tuple(map(mismatch_of, message.mismatches))


MATCH_FIELD: Call[MatchFieldRequest, Sequence[ContentMismatch]] = _MatchField()


class _GenerateField(Call[GenerateFieldRequest, FieldValue]):
    name = "GenerateField"
    method = "generate_field"
    request = "GenerateFieldRequest"
    response = "GenerateFieldResponse"
    answers_errors = True
    may_call_back = True
    only_in_v2 = "Field-level matching generators"

    def encode_request(self, messages: Messages, asked: GenerateFieldRequest) -> Message:
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

    def decode_request(self, message: Message) -> GenerateFieldRequest:
        return GenerateFieldRequest(
            key=message.key,
            generator=generator_of(message.generator),
            example=field_of(message.exampleValue),
            path=message.path,
            data=data_in(message),
            test_context=context_in(message),
            mode=mode_of(message.testMode),
        )

    def encode_answer(self, messages: Messages, answer: FieldValue) -> Message:
        return messages.GenerateFieldResponse(value=field_message(messages, answer))

    def decode_answer(self, message: Message) -> FieldValue:
        refuse_error(message)
        return field_of(message.value)


GENERATE_FIELD: Call[GenerateFieldRequest, FieldValue] = _GenerateField()

OF_FIELDS: tuple[Call[Any, Any], ...] = (MATCH_FIELD, GENERATE_FIELD)
