"""What the tests of a contract raise, and what did not match, by pact-python's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pactmock.contract.mismatch import (
    BodyMismatch,
    BodyTypeMismatch,
    GenericMismatch,
    HeaderMismatch,
    MetadataMismatch,
    MethodMismatch,
    Mismatch,
    MissingRequest,
    PathMismatch,
    QueryMismatch,
    RequestMismatch,
    RequestNotFound,
    StatusMismatch,
    typed,
)
from pactmock.errors import PactmockError

__all__ = [
    "BodyMismatch",
    "BodyTypeMismatch",
    "GenericMismatch",
    "HeaderMismatch",
    "InteractionVerificationError",
    "MetadataMismatch",
    "MethodMismatch",
    "Mismatch",
    "MismatchesError",
    "MissingRequest",
    "PactError",
    "PactVerificationError",
    "PathMismatch",
    "QueryMismatch",
    "Reason",
    "Refused",
    "RequestMismatch",
    "RequestNotFound",
    "StatusMismatch",
]


class PactError(PactmockError):
    """The root of what the tests of a contract raise."""

    code = "contract"


class Refused(PactmockError, RuntimeError):
    """Something was asked of a contract that cannot be done, or not now."""

    code = "refused"
    status = 409


class Reason(str):
    """The note on what a test raised first, that says what did not match."""

    __slots__ = ()


class MismatchesError(PactError, AssertionError):
    """A test did not do what its contract says. `report` is the text that says why, empty where nobody wrote one."""

    def __init__(self, *mismatches: Mismatch | Mapping[str, Any], report: str = "") -> None:
        self._mismatches = list(map(typed, mismatches))
        self.report = report
        super().__init__(f"Mismatched interaction (count: {len(self._mismatches)})")

    @property
    def mismatches(self) -> list[Mismatch]:
        """What did not match: requests as they came, then those that never did."""
        return self._mismatches

    def __str__(self) -> str:
        if self.report:
            return f"Mismatches:\n{self.report}"
        return "\n".join(("Mismatches:", *(f"  ({number}) {item}" for number, item in enumerate(self._mismatches, 1))))

    def __repr__(self) -> str:
        return f"MismatchesError({', '.join(map(repr, self._mismatches))})"


class InteractionVerificationError(PactError):
    """The code under test did not take a message. `error` is what it raised."""

    def __init__(self, description: str, error: Exception) -> None:
        super().__init__(f"Error verifying interaction '{description}': {error}")
        self.description = description
        self.error = error


class PactVerificationError(PactError, AssertionError):
    """The code under test did not take some messages."""

    def __init__(self, errors: list[InteractionVerificationError]) -> None:
        super().__init__(f"Error verifying Pact (count: {len(errors)})")
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join((self.problem, *(f"  ({number}) {item}" for number, item in enumerate(self.errors, 1))))
