"""Contracts in consumer-test form, read with the plugins that they name, which have to be started for that."""

from __future__ import annotations

from pactmock.authoring.consumer_test import read_consumer_test, read_interactions
from pactmock.authoring.plugin_contents import no_plugins
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.plugins.binding.configuring import finish, loader
from pactmock.plugins.binding.kept_data import plugins_of
from pactmock.plugins.installed.host import PluginHost


def names_plugins(document: Json, of: Pact | None = None) -> bool:
    """Tell whether plugins are asked when a contract, or more interactions of a pact, are read."""
    return bool(of and plugins_of(of)) or (isinstance(document, dict) and bool(document.get("plugins")))


def read_contract(document: Json, host: PluginHost | None, of: Pact | None = None) -> Pact:
    """Read a contract, or more interactions of a pact. Blocks while plugins start and are asked.

    Without a `host` it can name no plugins.

    Raises:
        InvalidPact: with the JSON pointer of what cannot be read.
        NoSuchPlugin, PluginError: when a plugin is not there, or cannot do what it is asked.
    """
    load = loader(host, plugins_of(of) if of else ()) if host else no_plugins
    pact = read_interactions(document, load) if of else read_consumer_test(document, load)
    return finish(pact, host) if host and names_plugins(document, of) else pact
