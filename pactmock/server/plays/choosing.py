"""Which play a pact has: that of the transport which its interactions name (reference/plugins.md §6)."""

from __future__ import annotations

from pactmock.errors import InvalidPact
from pactmock.plugins.binding.bound_pact import HTTP, BoundPact
from pactmock.server.plays.http_play import HttpPlay
from pactmock.server.plays.play import Play
from pactmock.server.plays.stage import Stage


def play_for(bound: BoundPact, stage: Stage) -> Play:
    """Make the play of a pact: of a plugin's transport where the interactions name one, else of HTTP.

    Raises:
        InvalidPact: when a transport is not known, or the interactions are of several.
    """
    pact = bound.pact
    played = [item for item in pact.interactions if bound.plugin_missing_for(item) is None]
    transports = {item.transport for item in played} - HTTP
    if not transports:
        return HttpPlay(bound, stage)
    name = min(filter(None, transports))
    others = sorted({item.transport or "http" for item in played} - {name})
    if others:
        raise InvalidPact(
            f"The interactions of this pact are for several transports ({name}, {', '.join(others)}), and a mock server"
            " has one: post a pact for each"
        ).below("interactions")
    transport = bound.transports.get(name)
    if transport is None:
        raise InvalidPact(
            f"Transport '{name}' is not a known transport: name the plugin that has it in 'metadata.plugins', or under"
            " 'plugins' of a contract"
        ).below("interactions", 0, "transport")
    from pactmock.server.plays.plugin_play import PluginPlay  # late: few pacts have such a transport

    return PluginPlay(pact, stage, transport)
