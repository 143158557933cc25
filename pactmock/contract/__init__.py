"""Contracts written in a Python test, in the words of pact-python 3 and 4: `from pactmock.contract import Pact, match`.

Moving a test is a change of that import. What stands here makes the consumer-test form of a contract
(docs/control-api.md), which `pactmock.authoring` reads just as it does one that came over HTTP; so a matcher means the
same whoever wrote it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pactmock.contract import error, generate, interaction, match, types, xml
    from pactmock.contract.pact import Pact, PactServer

__all__ = ["Pact", "PactServer", "error", "generate", "interaction", "match", "types", "xml"]

_CLASSES = {"Pact": "pactmock.contract.pact", "PactServer": "pactmock.contract.pact"}


def __getattr__(name: str) -> Any:
    # Late: who wants only `match` has no mock server loaded, and `pactmock start` nothing of this.
    from pactmock.contract.importing import importing

    with importing():
        if name in _CLASSES:
            return getattr(import_module(_CLASSES[name]), name)
        if name in __all__:
            return import_module(f"pactmock.contract.{name}")
    raise AttributeError(f"module 'pactmock.contract' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
