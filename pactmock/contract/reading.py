"""From the consumer-test form of a contract to the pact as a value, with the plugins that it names."""

from __future__ import annotations

import atexit
from functools import cache
from typing import TYPE_CHECKING, Any

from pactmock.contract.importing import importing
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from pactmock.pact.model import Pact
    from pactmock.plugins.installed.host import PluginHost


def read(contract: dict[str, Json]) -> Pact:
    """Read a contract; plugins make what is theirs in it.

    Raises:
        InvalidPact: when there can be no such contract, with the JSON pointer into it.
        NoSuchPlugin, PluginError: when a plugin is not there, or cannot do what it is asked.
    """
    with importing():
        from pactmock.authoring.consumer_test import read_consumer_test

    if not contract.get("plugins"):
        return read_consumer_test(contract)
    from pactmock.plugins.binding.configuring import finish, loader

    host = plugin_host()
    return finish(read_consumer_test(contract, loader(host)), host)


@cache
def plugin_host() -> PluginHost:
    """Return what runs the plugins of this process; they end with it."""
    from pactmock.plugins.installed.host import PluginHost

    host = PluginHost()
    atexit.register(host.close)
    return host


def plain(document: Any, *, rules: bool = False) -> dict[str, Json]:
    """Return a document that is a mapping, or the text of one, as JSON.

    With `rules`, matchers and generators in it are written as a pact file has them.

    Raises:
        Refused: for a text that is no JSON, and for what is no mapping.
    """
    import json

    from pactmock.contract.error import Refused
    from pactmock.contract.match.matcher import IntegrationJSONEncoder, MatchingRuleJSONEncoder

    encoder = MatchingRuleJSONEncoder if rules else IntegrationJSONEncoder
    try:
        text = document if isinstance(document, str) else json.dumps(document, cls=encoder, allow_nan=False)
        found = json.loads(text)
    except ValueError as error:
        raise Refused(f"The content is not valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused(f"An object is needed here, this is {text[:100]}")
    return found
