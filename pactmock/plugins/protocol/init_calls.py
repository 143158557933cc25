"""The first call to a plugin, in which host and plugin introduce themselves (reference/plugins.md §2.4)."""

from __future__ import annotations

from pactmock.errors import PluginError
from pactmock.pact.value import value
from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.encoding import Message, Messages, entries_of, entry_messages
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import CatalogueEntry


@value
class Introduction:
    """Who the host is. V1 has no place for its capabilities and the id of the plugin's process."""

    implementation: str
    version: str
    capabilities: tuple[str, ...] = ()
    instance: str = ""


@value
class PluginOffer:
    """What a plugin offers. V1 has no place for its capabilities."""

    catalogue: tuple[CatalogueEntry, ...]
    capabilities: tuple[str, ...] = ()


def _is_v2(messages: Messages) -> bool:
    return hasattr(messages, "InitPluginSuccess")


class _InitPlugin(Call[Introduction, PluginOffer]):
    name = "InitPlugin"
    method = "catalogue"
    request = "InitPluginRequest"
    response = "InitPluginResponse"

    def ask(self, plugin: Plugin, asked: Introduction) -> PluginOffer:  # noqa: ARG002  it tells a plugin in Python nothing
        return PluginOffer(tuple(plugin.catalogue()))

    def encode_request(self, messages: Messages, asked: Introduction) -> Message:
        message = messages.InitPluginRequest(implementation=asked.implementation, version=asked.version)
        if _is_v2(messages):
            message.hostCapabilities.extend(asked.capabilities)
            message.pluginInstanceId = asked.instance
        return message

    def decode_request(self, message: Message) -> Introduction:
        if "hostCapabilities" not in message.DESCRIPTOR.fields_by_name:
            return Introduction(message.implementation, message.version)
        return Introduction(
            message.implementation, message.version, tuple(message.hostCapabilities), message.pluginInstanceId
        )

    def encode_answer(self, messages: Messages, answer: PluginOffer) -> Message:
        entries = entry_messages(messages, answer.catalogue)
        if not _is_v2(messages):
            return messages.InitPluginResponse(catalogue=entries)
        success = messages.InitPluginSuccess(catalogue=entries, pluginCapabilities=answer.capabilities)
        return messages.InitPluginResponse(success=success)

    def decode_answer(self, message: Message) -> PluginOffer:
        if "catalogue" in message.DESCRIPTOR.fields_by_name:
            return PluginOffer(entries_of(message.catalogue))
        kind = message.WhichOneof("response")
        if kind == "failure":
            missing = message.failure.missingHostCapabilities
            suffix = f" (missing host capabilities: {', '.join(missing)})" if missing else ""
            raise PluginError(message.failure.error + suffix)
        if kind is None:
            raise PluginError("Plugin returned an invalid V2 InitPlugin response")
        return PluginOffer(entries_of(message.success.catalogue), tuple(message.success.pluginCapabilities))


INIT_PLUGIN: Call[Introduction, PluginOffer] = _InitPlugin()
