"""The native Pact library makes the same pacts of matchers in integration JSON as we do."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pactmock.authoring.consumer_test import read_consumer_test
from pactmock.pact import specification
from pactmock.pact.documents import writing
from pactmock.pact.json.values import parse
from parity.draw.cases import draw_all
from tests.patience import HANG
from tests.plugin_directory import ROOT


def contracts(count: int, seed: int) -> list[dict[str, Any]]:
    """Draw contracts. The library writes rules for a member `*` at `$.*`, where they hold for all: that is left out."""
    drawn = (case.consumer_test(f"c{number}") for number, case in enumerate(draw_all("contract", count, seed)))
    return [with_examples(contract) for contract in drawn if '"*"' not in json.dumps(contract)]


EXAMPLE = re.compile(r".*[(, ]('[^']*'|[^',(]*)\)", re.DOTALL)


def with_examples(value: Any) -> Any:
    """Repeat the example of each definition string as the matcher's value, which the library takes it from."""
    if isinstance(value, list):
        return [with_examples(item) for item in value]
    if not isinstance(value, dict):
        return value
    defined = EXAMPLE.fullmatch(str(value.get("pact:matcher:type")))
    if defined and "value" not in value:
        return {**value, "value": json.loads(defined[1].replace("'", '"'))}
    return {name: with_examples(item) for name, item in value.items()}


@pytest.mark.skipif(importlib.util.find_spec("pact_ffi") is None, reason="the package pact-python-ffi is not installed")
def test_the_native_library_makes_the_same_pact_of_a_contract(tmp_path: Path) -> None:
    drawn = contracts(300, seed=1)
    file = tmp_path / "contracts.json"
    file.write_text(json.dumps(drawn))
    command = [sys.executable, str(ROOT / "tests" / "native_forms.py"), str(file), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    for contract, theirs in zip(drawn, made, strict=True):
        pact = read_consumer_test(parse(json.dumps(contract)))
        ours = writing.to_json(pact, specification.named(contract["specification"]))
        assert ours["interactions"] == theirs["interactions"], json.dumps(contract)
