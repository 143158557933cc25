"""Plugins: content types, rules, generators and transports that the core does not know (docs/plugins.md).

Authors of plugins import from here: `from pactmock.plugins import Plugin, Contents`. What they need is in `face`, and
stays. The packages behind it find plugins, run them, and ask them (docs/architecture.md).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pactmock.plugins.face import *  # noqa: F403  the names are listed there


def __getattr__(name: str) -> Any:
    # Late, because the house passes through here on its way to the packages, and needs little of what authors need.
    face = import_module("pactmock.plugins.face")
    if name != "__all__" and name not in face.__all__:
        raise AttributeError(f"module 'pactmock.plugins' has no attribute {name!r}: docs/plugins.md lists what it has")
    return getattr(face, name)


def __dir__() -> list[str]:
    return [*globals(), *import_module("pactmock.plugins.face").__all__]
