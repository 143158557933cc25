"""All calls of the plugin protocol, as their messages are encoded; whoever runs or serves a plugin has each of them."""

from __future__ import annotations

from typing import Any

from pactmock.plugins.protocol.call import Call
from pactmock.plugins.protocol.content_calls import OF_CONTENTS
from pactmock.plugins.protocol.field_calls import OF_FIELDS
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN
from pactmock.plugins.protocol.mock_server_calls import OF_MOCK_SERVERS

CALLS: tuple[Call[Any, Any], ...] = (INIT_PLUGIN, *OF_CONTENTS, *OF_FIELDS, *OF_MOCK_SERVERS)
