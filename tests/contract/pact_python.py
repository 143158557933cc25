"""A pytest plugin that has tests of pact-python import `pactmock.contract` where they say `pact`: `-p` loads it.

What is native there is here in its place: `pact_ffi` has the versions of the specification and takes calls about logs,
and `Verifier` calls the `pact` command line that PACTMOCK_PACT_CLI names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pactmock import contract
from pactmock.contract.specification import PactSpecification
from tests.free_ports import free_port

MODULES = ("pact", "match", "match.matcher", "generate", "generate.generator", "xml", "error", "interaction", "types")


class Verifier:
    """As much of pact-python's as its consumer tests call."""

    def __init__(self, *_names: str, **_options: str) -> None:
        self._arguments: list[str] = []

    def add_transport(self, *, url: Any) -> Verifier:
        self._arguments += ["--hostname", str(url.host), "--port", str(url.port)]
        return self

    def add_source(self, source: Path) -> Verifier:
        self._arguments += ["--file", str(source)]
        return self

    def verify(self) -> None:
        command = os.environ.get("PACTMOCK_PACT_CLI")
        if not command:
            pytest.skip("PACTMOCK_PACT_CLI names no command line that verifies providers")
        ended = subprocess.run([command, "verifier", *self._arguments], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr


def _module(name: str, **members: Any) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


_util = _module("pact._util", find_free_port=free_port)
_module("pact", Verifier=Verifier, _util=_util, __path__=[], __getattr__=lambda name: getattr(contract, name))
_module("pact_ffi", PactSpecification=PactSpecification, log_to_stderr=lambda _level: None)
for part in MODULES:
    sys.modules[f"pact.{part}"] = import_module(f"pactmock.contract.{part}")
