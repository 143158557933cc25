"""The calls about contents: configure, compare, generate; and the catalogue (reference/plugins.md §3.3, §5)."""

from __future__ import annotations

from typing import Any

from google.protobuf.empty_pb2 import Empty

from pactmock.plugins.protocol.call import Call, mode_number, mode_of, refuse_error
from pactmock.plugins.protocol.encoding import (
    Message,
    Messages,
    body_message,
    contents_of,
    context_in,
    data_in,
    data_message,
    data_of,
    entries_of,
    entry_messages,
    generators_of,
    mismatch_message,
    mismatch_of,
    rules_of,
    set_context,
    set_generators,
    set_rules,
)
from pactmock.plugins.protocol.structs import from_struct, to_struct
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    CompareRequest,
    Comparison,
    Configured,
    ConfiguredPart,
    ConfigureRequest,
    Contents,
    ContentTypeMismatch,
    GenerateRequest,
    Side,
)


class _UpdateCatalogue(Call[tuple[CatalogueEntry, ...], None]):
    name = "UpdateCatalogue"
    method = "update_catalogue"
    request = "Catalogue"
    response = ""

    def encode_request(self, messages: Messages, asked: tuple[CatalogueEntry, ...]) -> Message:
        return messages.Catalogue(catalogue=entry_messages(messages, asked))

    def decode_request(self, message: Message) -> tuple[CatalogueEntry, ...]:
        return entries_of(message.catalogue)

    def encode_answer(self, messages: Messages, answer: None) -> Message:  # noqa: ARG002  nothing is answered
        return Empty()

    def decode_answer(self, message: Message) -> None:
        pass


UPDATE_CATALOGUE: Call[tuple[CatalogueEntry, ...], None] = _UpdateCatalogue()


_MARKUP_KINDS = ("COMMON_MARK", "HTML")


def _encode_part(messages: Messages, part: ConfiguredPart) -> Message:
    message = messages.InteractionResponse(
        contents=None if part.contents is None else body_message(messages, part.contents),
        pluginConfiguration=data_message(messages, part.data),
        interactionMarkup=part.markup,
        interactionMarkupType=_MARKUP_KINDS.index(part.markup_kind),
        partName=part.part_name,
    )
    set_rules(messages, message.rules, part.rules)
    set_generators(message.generators, part.generators)
    set_rules(messages, message.metadata_rules, part.metadata_rules)
    set_generators(message.metadata_generators, part.metadata_generators)
    if part.metadata:
        message.messageMetadata.CopyFrom(to_struct(part.metadata))
    return message


def _decode_part(message: Message) -> ConfiguredPart:
    return ConfiguredPart(
        contents=contents_of(message, "contents"),
        part_name=message.partName,
        rules=rules_of(message.rules),
        generators=generators_of(message.generators),
        metadata=from_struct(message.messageMetadata),
        metadata_rules=rules_of(message.metadata_rules),
        metadata_generators=generators_of(message.metadata_generators),
        data=data_of(message.pluginConfiguration),
        markup=message.interactionMarkup,
        markup_kind="HTML" if message.interactionMarkupType == 1 else "COMMON_MARK",
    )


class _ConfigureInteraction(Call[ConfigureRequest, Configured]):
    name = "ConfigureInteraction"
    method = "configure_interaction"
    request = "ConfigureInteractionRequest"
    response = "ConfigureInteractionResponse"
    answers_errors = True

    def encode_request(self, messages: Messages, asked: ConfigureRequest) -> Message:
        message = messages.ConfigureInteractionRequest(
            contentType=asked.content_type, contentsConfig=to_struct(asked.config)
        )
        set_context(message, asked.test_context)
        return message

    def decode_request(self, message: Message) -> ConfigureRequest:
        return ConfigureRequest(message.contentType, from_struct(message.contentsConfig), context_in(message))

    def encode_answer(self, messages: Messages, answer: Configured) -> Message:
        return messages.ConfigureInteractionResponse(
            interaction=[_encode_part(messages, part) for part in answer.parts],
            pluginConfiguration=data_message(messages, answer.data),
        )

    def decode_answer(self, message: Message) -> Configured:
        refuse_error(message)
        return Configured(tuple(map(_decode_part, message.interaction)), data_of(message.pluginConfiguration))


CONFIGURE_INTERACTION: Call[ConfigureRequest, Configured] = _ConfigureInteraction()


def _compared(message: Message, field: str) -> Contents | None:
    """Return a body to compare; other hosts send one that is not there as a type without content (§5.6)."""
    return contents_of(message, field) if getattr(message, field).HasField("content") else None


class _CompareContents(Call[CompareRequest, Comparison]):
    name = "CompareContents"
    method = "compare_contents"
    request = "CompareContentsRequest"
    response = "CompareContentsResponse"
    answers_errors = True
    may_call_back = True

    def encode_request(self, messages: Messages, asked: CompareRequest) -> Message:
        message = messages.CompareContentsRequest(
            expected=None if asked.expected is None else body_message(messages, asked.expected),
            actual=None if asked.actual is None else body_message(messages, asked.actual),
            allow_unexpected_keys=asked.allow_unexpected_keys,
            pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
        )
        set_rules(messages, message.rules, asked.rules)
        set_context(message, asked.test_context)
        return message

    def decode_request(self, message: Message) -> CompareRequest:
        return CompareRequest(
            expected=_compared(message, "expected"),
            actual=_compared(message, "actual"),
            rules=rules_of(message.rules),
            allow_unexpected_keys=message.allow_unexpected_keys,
            data=data_in(message),
            test_context=context_in(message),
        )

    def encode_answer(self, messages: Messages, answer: Comparison) -> Message:
        message = messages.CompareContentsResponse()
        if isinstance(answer, ContentTypeMismatch):
            message.typeMismatch.expected, message.typeMismatch.actual = answer.expected, answer.actual
            return message
        for mismatch in answer:
            message.results[mismatch.path].mismatches.append(mismatch_message(messages, mismatch))
        return message

    def decode_answer(self, message: Message) -> Comparison:
        if message.HasField("typeMismatch"):  # before `error`, as in the reference (§5.6)
            return ContentTypeMismatch(message.typeMismatch.expected, message.typeMismatch.actual)
        refuse_error(message)
        return tuple(mismatch_of(item) for path in sorted(message.results) for item in message.results[path].mismatches)


COMPARE_CONTENTS: Call[CompareRequest, Comparison] = _CompareContents()


_SIDES = (Side.REQUEST, Side.RESPONSE)


class _GenerateContent(Call[GenerateRequest, Contents | None]):
    name = "GenerateContent"
    method = "generate_content"
    request = "GenerateContentRequest"
    response = "GenerateContentResponse"
    may_call_back = True

    def encode_request(self, messages: Messages, asked: GenerateRequest) -> Message:
        message = messages.GenerateContentRequest(
            contents=body_message(messages, asked.contents),
            pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
            testMode=mode_number(asked.mode),
            contentFor=_SIDES.index(asked.side),
        )
        set_generators(message.generators, asked.generators)
        set_context(message, asked.test_context)
        return message

    def decode_request(self, message: Message) -> GenerateRequest:
        return GenerateRequest(
            contents=contents_of(message, "contents") or Contents(),
            generators=generators_of(message.generators),
            data=data_in(message),
            test_context=context_in(message),
            mode=mode_of(message.testMode),
            side=Side.RESPONSE if message.contentFor else Side.REQUEST,
        )

    def encode_answer(self, messages: Messages, answer: Contents | None) -> Message:
        contents = None if answer is None else body_message(messages, answer)
        return messages.GenerateContentResponse(contents=contents)

    def decode_answer(self, message: Message) -> Contents | None:
        return contents_of(message, "contents")


GENERATE_CONTENT: Call[GenerateRequest, Contents | None] = _GenerateContent()

OF_CONTENTS: tuple[Call[Any, Any], ...] = (UPDATE_CATALOGUE, CONFIGURE_INTERACTION, COMPARE_CONTENTS, GENERATE_CONTENT)
