"""How plugins are found and run: what the command line and the environment can choose."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path

from pactmock.pact.value import value


def default_directory() -> Path:
    """Return where plugins are installed: `PACT_PLUGIN_DIR`, or `.pact/plugins` in the home directory."""
    given = os.environ.get("PACT_PLUGIN_DIR")
    return Path(given) if given else Path.home() / ".pact" / "plugins"


@value
class PluginSettings:
    """The settings of a plugin host; times are in seconds.

    `start_timeout` is for a plugin to say where it listens and to introduce itself, `call_timeout` for comparing and
    generating. Configuring gets longer: a plugin may compile what it is given, or fetch a tool for that.
    """

    directory: Path = field(default_factory=default_directory)
    start_timeout: float = 60.0
    call_timeout: float = 30.0
    configure_timeout: float = 600.0
