"""The JSON cases of the Pact specification, read from where `PACTMOCK_SPEC_CASES` says, and what they say of us."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pactmock.pact import specification
from pactmock.pact.specification import Specification

_FOLDER = Path(os.environ.get("PACTMOCK_SPEC_CASES", Path(__file__).parents[1] / ".." / "shared" / "spec-cases"))
_VERSIONS = {
    "version-1": specification.V1,
    "version-1.1": specification.V1_1,
    "version-2": specification.V2,
    "version-3": specification.V3,
    "version-4": specification.V4,
}


@dataclass(frozen=True)
class Case:
    """One case: an expected part and an actual one, and whether they match."""

    name: str
    version: Specification
    match: bool
    expected: dict[str, Any]
    actual: dict[str, Any]


def _load(path: Path) -> Case:
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    folder = path.relative_to(_FOLDER)
    return Case(
        name=str(folder.with_suffix("")),
        version=_VERSIONS[folder.parts[0]],
        match=document["match"],
        expected=document["expected"],
        actual=document["actual"],
    )


def parameters(kind: str) -> list[Any]:
    """All cases of `request`, `response` or `message` as test parameters; one that skips where there are none."""
    paths = sorted(_FOLDER.glob(f"version-*/{kind}/**/*.json"))
    if not paths:
        reason = f"no specification cases in {_FOLDER}: name their folder in PACTMOCK_SPEC_CASES"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(case, id=case.name) for case in map(_load, paths)]
