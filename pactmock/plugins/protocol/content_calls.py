"""The calls about contents: configure, compare, generate; and the catalogue (reference/plugins.md §3.3, §5)."""

from __future__ import annotations

from google.protobuf.empty_pb2 import Empty

from pactmock.plugins.protocol.call import Call, error_in, mode_number, mode_of, refuse_error
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

# UpdateCatalogue


def _encode_catalogue(messages: Messages, entries: tuple[CatalogueEntry, ...]) -> Message:
    return messages.Catalogue(catalogue=entry_messages(messages, entries))


UPDATE_CATALOGUE: Call[tuple[CatalogueEntry, ...], None] = Call(
    "UpdateCatalogue",
    "Catalogue",
    "",
    lambda plugin, asked: plugin.update_catalogue(asked),
    _encode_catalogue,
    lambda message: entries_of(message.catalogue),
    lambda _messages, _answer: Empty(),
    lambda _message: None,
)


# ConfigureInteraction


def _encode_configure(messages: Messages, asked: ConfigureRequest) -> Message:
    message = messages.ConfigureInteractionRequest(
        contentType=asked.content_type, contentsConfig=to_struct(asked.config)
    )
    set_context(message, asked.test_context)
    return message


def _decode_configure(message: Message) -> ConfigureRequest:
    return ConfigureRequest(message.contentType, from_struct(message.contentsConfig), context_in(message))


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


def _encode_configured(messages: Messages, answer: Configured) -> Message:
    return messages.ConfigureInteractionResponse(
        interaction=[_encode_part(messages, part) for part in answer.parts],
        pluginConfiguration=data_message(messages, answer.data),
    )


def _decode_configured(message: Message) -> Configured:
    refuse_error(message)
    return Configured(tuple(map(_decode_part, message.interaction)), data_of(message.pluginConfiguration))


CONFIGURE_INTERACTION: Call[ConfigureRequest, Configured] = Call(
    "ConfigureInteraction",
    "ConfigureInteractionRequest",
    "ConfigureInteractionResponse",
    lambda plugin, asked: plugin.configure_interaction(asked),
    _encode_configure,
    _decode_configure,
    _encode_configured,
    _decode_configured,
    error_in("ConfigureInteractionResponse"),
)


# CompareContents


def _encode_compare(messages: Messages, asked: CompareRequest) -> Message:
    message = messages.CompareContentsRequest(
        expected=None if asked.expected is None else body_message(messages, asked.expected),
        actual=None if asked.actual is None else body_message(messages, asked.actual),
        allow_unexpected_keys=asked.allow_unexpected_keys,
        pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
    )
    set_rules(messages, message.rules, asked.rules)
    set_context(message, asked.test_context)
    return message


def _decode_compare(message: Message) -> CompareRequest:
    return CompareRequest(
        expected=_compared(message, "expected"),
        actual=_compared(message, "actual"),
        rules=rules_of(message.rules),
        allow_unexpected_keys=message.allow_unexpected_keys,
        data=data_in(message),
        test_context=context_in(message),
    )


def _compared(message: Message, field: str) -> Contents | None:
    """Return a body to compare; other hosts send one that is not there as a type without content (§5.6)."""
    return contents_of(message, field) if getattr(message, field).HasField("content") else None


def _encode_comparison(messages: Messages, answer: Comparison) -> Message:
    message = messages.CompareContentsResponse()
    if isinstance(answer, ContentTypeMismatch):
        message.typeMismatch.expected, message.typeMismatch.actual = answer.expected, answer.actual
        return message
    for mismatch in answer:
        message.results[mismatch.path].mismatches.append(mismatch_message(messages, mismatch))
    return message


def _decode_comparison(message: Message) -> Comparison:
    if message.HasField("typeMismatch"):  # before `error`, as in the reference (§5.6)
        return ContentTypeMismatch(message.typeMismatch.expected, message.typeMismatch.actual)
    refuse_error(message)
    return tuple(mismatch_of(item) for path in sorted(message.results) for item in message.results[path].mismatches)


COMPARE_CONTENTS: Call[CompareRequest, Comparison] = Call(
    "CompareContents",
    "CompareContentsRequest",
    "CompareContentsResponse",
    lambda plugin, asked: plugin.compare_contents(asked),
    _encode_compare,
    _decode_compare,
    _encode_comparison,
    _decode_comparison,
    error_in("CompareContentsResponse"),
)


# GenerateContent

_SIDES = (Side.REQUEST, Side.RESPONSE)


def _encode_generate(messages: Messages, asked: GenerateRequest) -> Message:
    message = messages.GenerateContentRequest(
        contents=body_message(messages, asked.contents),
        pluginConfiguration=None if asked.data is None else data_message(messages, asked.data),
        testMode=mode_number(asked.mode),
        contentFor=_SIDES.index(asked.side),
    )
    set_generators(message.generators, asked.generators)
    set_context(message, asked.test_context)
    return message


def _decode_generate(message: Message) -> GenerateRequest:
    return GenerateRequest(
        contents=contents_of(message, "contents") or Contents(),
        generators=generators_of(message.generators),
        data=data_in(message),
        test_context=context_in(message),
        mode=mode_of(message.testMode),
        side=Side.RESPONSE if message.contentFor else Side.REQUEST,
    )


GENERATE_CONTENT: Call[GenerateRequest, Contents | None] = Call(
    "GenerateContent",
    "GenerateContentRequest",
    "GenerateContentResponse",
    lambda plugin, asked: plugin.generate_content(asked),
    _encode_generate,
    _decode_generate,
    lambda messages, answer: messages.GenerateContentResponse(
        contents=None if answer is None else body_message(messages, answer)
    ),
    lambda message: contents_of(message, "contents"),
)
