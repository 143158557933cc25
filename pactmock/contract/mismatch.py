"""What did not match, as typed objects, with pact-python's names, fields and texts.

`Mismatch.from_dict` takes the JSON of the control API (docs/control-api.md, MISMATCH).
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

logger = logging.getLogger(__name__)


class Mismatch(ABC):
    """One thing that did not match. `_fields` are the names of what it knows, in their order."""

    _fields: ClassVar[tuple[str, ...]] = ()

    @property
    def type(self) -> str:
        """The name of the class."""
        return type(self).__name__

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Mismatch:
        """Make a mismatch of its JSON; one of a type that is not known is a `GenericMismatch`.

        Raises:
            TypeError: for a member that the type does not have.
        """
        fields = dict(document)
        name = str(fields.pop("type", ""))
        kind = _TYPES.get(name) or _TYPES.get("".join(word[:1].upper() + word[1:] for word in name.split("-")))
        if kind is None:
            logger.warning("Unknown type of mismatch: %s", name)
            return GenericMismatch(**document)
        return kind(**fields)

    @abstractmethod
    def __str__(self) -> str:
        """Say in one sentence what did not match."""

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{self.type}({fields})"


class GenericMismatch(Mismatch):
    """A mismatch of a type that has no class here; its members are attributes."""

    def __init__(self, **kwargs: Any) -> None:
        self._members = kwargs
        self._fields = tuple(kwargs)  # type: ignore[misc]  # those of this one

    @property
    def type(self) -> str:
        return str(self._members.get("type", "UnknownMismatchType"))

    def __getattr__(self, name: str) -> Any:
        members = self.__dict__.get("_members", {})
        if name not in members:
            raise AttributeError(f"This mismatch has no {name!r}")
        return members[name]

    def __repr__(self) -> str:
        members = ", ".join(f"{name}={value!r}" for name, value in self._members.items())
        return f"GenericMismatch({members})"

    def __str__(self) -> str:
        return f"Generic mismatch ({self.type}): {self._members}"


class _RequestProblem(Mismatch):
    """A request that never came, or that nobody expected; `request` is it in the form of a V3 pact file."""

    _fields = ("method", "path", "request")
    _headline: ClassVar[str]

    def __init__(self, method: str, path: str, request: Mapping[str, Any]) -> None:
        self.method = method
        self.path = path
        self.request = request

    def __str__(self) -> str:
        rest = {name: value for name, value in self.request.items() if name not in {"method", "path"}}
        return f"{self._headline}: {self.method} {self.path}: {rest}"


class MissingRequest(_RequestProblem):
    """A request that was expected and never came."""

    _headline = "Missing request"


class RequestNotFound(_RequestProblem):
    """A request that came and that no interaction expects."""

    _headline = "Request not found"


class RequestMismatch(Mismatch):
    """A request that came near to an interaction: its method and path are right, and something else is not."""

    _fields = ("method", "path", "mismatches")

    def __init__(self, method: str, path: str, mismatches: Iterable[Mapping[str, Any] | Mismatch]) -> None:
        self.method = method
        self.path = path
        self.mismatches: list[Mismatch] = list(map(typed, mismatches))

    def __str__(self) -> str:
        items = (f"    ({number}) {item}" for number, item in enumerate(self.mismatches, 1))
        return "\n".join((f"Request mismatch: {self.method} {self.path}", *items))


class MethodMismatch(Mismatch):
    """Another method than was expected."""

    _fields = ("expected", "actual")

    def __init__(self, expected: str, actual: str) -> None:
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"Method mismatch: expected {self.expected}, got {self.actual}"


class _ValueMismatch(Mismatch):
    """A path or a status."""

    _fields = ("expected", "actual", "mismatch")
    _headline: ClassVar[str]

    def __init__(self, expected: str, actual: str, mismatch: str) -> None:
        self.expected = expected
        self.actual = actual
        self.mismatch = mismatch

    def __str__(self) -> str:
        return f"{self._headline} mismatch: expected {self.expected}, got {self.actual} ({self.mismatch})"


class PathMismatch(_ValueMismatch):
    """Another path than was expected."""

    _headline = "Path"


class StatusMismatch(_ValueMismatch):
    """Another status than was expected."""

    _headline = "Status"


class QueryMismatch(Mismatch):
    """A query parameter that differs, is missing, or was not expected."""

    _fields = ("parameter", "expected", "actual", "mismatch")

    def __init__(self, parameter: str, expected: str, actual: str, mismatch: str) -> None:
        self.parameter = parameter
        self.expected = expected
        self.actual = actual
        self.mismatch = mismatch

    def __str__(self) -> str:
        return f"Query mismatch: {self.mismatch}"


class _KeyMismatch(Mismatch):
    """A header, or a key of metadata."""

    _fields = ("key", "expected", "actual", "mismatch")

    def __init__(self, key: str, expected: str, actual: str, mismatch: str) -> None:
        self.key = key
        self.expected = expected
        self.actual = actual
        self.mismatch = mismatch


class HeaderMismatch(_KeyMismatch):
    """A header that differs or is missing."""

    def __str__(self) -> str:
        return f"Header mismatch: {self.mismatch}"


class BodyTypeMismatch(Mismatch):
    """A body of another content type than was expected."""

    _fields = ("expected", "actual", "mismatch", "expected_body", "actual_body")

    def __init__(
        self,
        expected: str,
        actual: str,
        mismatch: str,
        expected_body: bytes | str | None = None,
        actual_body: bytes | str | None = None,
        *,
        expectedBody: bytes | str | None = None,  # noqa: N803  as JSON has it
        actualBody: bytes | str | None = None,  # noqa: N803
    ) -> None:
        self.expected = expected
        self.actual = actual
        self.mismatch = mismatch
        self.expected_body = expected_body if expected_body is not None else expectedBody
        self.actual_body = actual_body if actual_body is not None else actualBody

    def __str__(self) -> str:
        return f"Body type mismatch: {self.mismatch}"


class BodyMismatch(Mismatch):
    """What differs at one place of a body."""

    _fields = ("path", "expected", "actual", "mismatch")

    def __init__(self, path: str, expected: str, actual: str, mismatch: str, **_details: Any) -> None:
        """Take what differs; details such as a `diff` are part of the report only."""
        self.path = path
        self.expected = expected
        self.actual = actual
        self.mismatch = mismatch

    def __str__(self) -> str:
        return f"Body mismatch: {self.mismatch}"


class MetadataMismatch(_KeyMismatch):
    """Metadata of a message that differs or is missing."""

    def __str__(self) -> str:
        return f"Metadata mismatch: {self.key}: expected {self.expected}, got {self.actual} ({self.mismatch})"


_TYPES: dict[str, type[Mismatch]] = {
    kind.__name__: kind
    for kind in (
        MissingRequest, RequestNotFound, RequestMismatch, MethodMismatch, PathMismatch, StatusMismatch, QueryMismatch,
        HeaderMismatch, BodyTypeMismatch, BodyMismatch, MetadataMismatch,
    )
}  # fmt: skip


def typed(mismatch: Mapping[str, Any] | Mismatch) -> Mismatch:
    return mismatch if isinstance(mismatch, Mismatch) else Mismatch.from_dict(mismatch)


_OF_EXPLANATIONS = {
    "missing-request": ("method", "path", "request"),
    "request-not-found": ("method", "path", "request"),
    "request-mismatch": ("method", "path", "mismatches"),
}
"""The members that the types of the control API have here; it adds what came near, and where."""


def of_explanation(document: Mapping[str, Any]) -> Mismatch:
    """Make a mismatch of an entry of `mismatches` of the control API."""
    kind = document["type"]
    if kind in _OF_EXPLANATIONS:
        return Mismatch.from_dict({"type": kind, **{name: document[name] for name in _OF_EXPLANATIONS[kind]}})
    return GenericMismatch(**document)
