"""What can differ between the expected and the received: one class a kind, each knows its JSON and its texts.

The members and the descriptions are the reference's (reference/matching.md §6.1).
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from pactmock.pact.json.values import Json
from pactmock.pact.value import value


@value
class _Mismatch:
    type: ClassVar[str]

    expected: str
    actual: str
    mismatch: str

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, "expected": self.expected, "actual": self.actual, "mismatch": self.mismatch}

    def description(self) -> str:
        """Say in a sentence what differs."""
        return self.mismatch


@value
class MethodMismatch(_Mismatch):
    type = "MethodMismatch"

    def description(self) -> str:
        return self.mismatch or f"expected {self.expected} but was {self.actual}"


@value
class PathMismatch(_Mismatch):
    type = "PathMismatch"


@value
class StatusMismatch:
    """`expected` and `actual` are numbers here."""

    type: ClassVar[str] = "StatusMismatch"

    expected: int
    actual: int
    mismatch: str

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, "expected": self.expected, "actual": self.actual, "mismatch": self.mismatch}

    def description(self) -> str:
        return self.mismatch


@value
class QueryMismatch(_Mismatch):
    parameter: str
    type = "QueryMismatch"

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, "parameter": self.parameter, **_without_type(self)}


@value
class _KeyedMismatch(_Mismatch):
    key: str

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, "key": self.key, **_without_type(self)}


@value
class HeaderMismatch(_KeyedMismatch):
    type = "HeaderMismatch"


@value
class MetadataMismatch(_KeyedMismatch):
    type = "MetadataMismatch"


@value
class BodyTypeMismatch(_Mismatch):
    expected_body: bytes | None = None
    actual_body: bytes | None = None
    type = "BodyTypeMismatch"

    def to_json(self) -> dict[str, Json]:
        return {
            "type": self.type,
            **_without_type(self),
            "expectedBody": _text(self.expected_body, "ERROR: could not convert to UTF-8 from bytes"),
            "actualBody": _text(self.actual_body, "ERROR: could not convert to UTF-8 from bytes"),
        }

    def description(self) -> str:
        return f"Expected a body of '{self.expected}' but the actual content type was '{self.actual}'"


@value
class BodyMismatch:
    """`expected` and `actual` are the bytes that differ, or None where there are none."""

    type: ClassVar[str] = "BodyMismatch"

    path: str
    expected: bytes | None
    actual: bytes | None
    mismatch: str

    def to_json(self) -> dict[str, Json]:
        return {
            "type": self.type,
            "path": self.path,
            "expected": _text(self.expected, "ERROR: could not convert from bytes"),
            "actual": _text(self.actual, "ERROR: could not convert from bytes"),
            "mismatch": self.mismatch,
        }

    def description(self) -> str:
        return f"{self.path} -> {self.mismatch}" if self.path else self.mismatch


@value
class UndecidedMismatch(_Mismatch):
    """What could not be compared or made within the budget of a request. `mismatch` says which pattern or place."""

    part: str
    """`path`, `query`, `headers` or `body`; `response` when the answer could not be generated."""
    type = "UndecidedMismatch"

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type, "part": self.part, **_without_type(self)}


Mismatch: TypeAlias = (
    MethodMismatch
    | PathMismatch
    | StatusMismatch
    | QueryMismatch
    | HeaderMismatch
    | MetadataMismatch
    | BodyTypeMismatch
    | BodyMismatch
    | UndecidedMismatch
)


def _without_type(mismatch: _Mismatch) -> dict[str, Json]:
    return {"expected": mismatch.expected, "actual": mismatch.actual, "mismatch": mismatch.mismatch}


def _text(content: bytes | None, otherwise: str) -> str | None:
    if content is None:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return otherwise
