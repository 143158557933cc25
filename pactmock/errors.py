"""Every error that pactmock reports to a person, in one small tree.

An error carries the fields that a program needs and one sentence that a person needs: what happened, where, and
what to do. `code` is a stable word; the control API sends it, and `status` is the HTTP status it sends it with.
Nothing above this module invents another error shape.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, ClassVar, Self, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""The way to a place in a document from another: names of members, and indexes of items."""


def pointer_of(steps: Steps) -> str:
    """Write the way to a place as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class PactmockError(Exception):
    """The root of all errors that are meant for a user.

    `problem` is what happened. Where that is, an error gathers on its way up: who reads a member or an item calls
    `below` with the step to it. `steps` are those that were said so far. Keyword arguments become fields of the JSON
    form; a field that is None is left out.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    retry_seconds: ClassVar[int | None] = None
    """After which time it is worth while to ask again, if it is."""

    def __init__(self, problem: str, **fields: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.steps: Steps = ()
        self._fields = {name: value for name, value in fields.items() if value is not None}

    def below(self, *steps: str | int) -> Self:
        """Say that this happened some steps below what is being read; the answer is the error itself."""
        self.steps = steps + self.steps
        return self

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901), which is empty for the whole document."""
        return pointer_of(self.steps)

    @property
    def message(self) -> str:
        """The sentence: what happened, and where."""
        return f"{self.problem} (at {self.pointer})" if self.steps else self.problem

    @property
    def fields(self) -> dict[str, object]:
        """What a program needs to know."""
        return {**self._fields, "pointer": self.pointer} if self.steps else self._fields

    def __str__(self) -> str:
        return self.message

    def to_json(self) -> dict[str, object]:
        """Return the error body of the control API: `error`, `code` and the fields."""
        return {"error": self.message, "code": self.code, **self.fields}


class below:  # noqa: N801  it reads as the preposition that it is, like `contextlib.suppress`
    """Have errors that come out of a `with` block say that they happened some steps below.

    Where many small things are read, `try` with `error.below(...)` and `raise` costs nothing as long as all is well.
    """

    __slots__ = ("_steps",)

    def __init__(self, *steps: str | int) -> None:
        self._steps = steps

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: TracebackType | None) -> None:
        if isinstance(error, PactmockError):
            error.below(*self._steps)


class NotJson(PactmockError):
    """A text that should be JSON is not."""

    code = "not_json"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{_NO_JSON}{reason}")

    @property
    def reason(self) -> str:
        """Why, with line and column."""
        return self.problem.removeprefix(_NO_JSON)


_NO_JSON = "This is not JSON: "


class InvalidPact(PactmockError):
    """A document is not a pact that can be served. Its `pointer` is always among the fields."""

    code = "invalid_pact"
    status = 422

    @property
    def fields(self) -> dict[str, object]:
        return {**super().fields, "pointer": self.pointer}


class InvalidRule(InvalidPact):
    """A matching rule, or the path expression it stands under, cannot be used."""

    code = "invalid_rule"


class Warned(InvalidPact):
    """A pact has warnings, and who posted it wants none. The code is that of the first warning; `strict` is true."""

    def __init__(self, text: str, code: str, more: int) -> None:
        others = f", and there are {more:,} more" if more else ""
        super().__init__(f"{text}; warnings are refused here{others}", more=more or None, strict=True)
        self.code = code  # type: ignore[misc]  # one of many: a warning is no error of its own


class InvalidParameter(PactmockError):
    """A query parameter, an option or a member of a request body has a value that cannot be used."""

    code = "invalid_parameter"


class UnsupportedMediaType(PactmockError):
    """A body came with a Content-Type that the call does not take."""

    code = "unsupported_media_type"
    status = 415


class TooLarge(PactmockError):
    """A body is larger, or JSON is nested deeper, than the service accepts."""

    code = "too_large"
    status = 413


class LimitReached(PactmockError):
    """The service already holds as many mock servers, or callers that follow events, as it may."""

    code = "limit_reached"
    status = 429


class Stopping(PactmockError):
    """The service was told to end."""

    code = "stopping"
    status = 503


class NoSuchMockServer(PactmockError):
    """No mock server has this id, port or name."""

    code = "no_such_mock_server"
    status = 404

    @classmethod
    def of(cls, key: str) -> Self:
        """Make it for what somebody has called one."""
        shown = key[:100]
        return cls(f"There is no mock server with the id, port or name '{shown}': GET / lists those that run", id=shown)


class NameTaken(PactmockError):
    """Another mock server has this name already."""

    code = "name_taken"
    status = 409


class NoSuchRequest(PactmockError):
    """The journal of a mock server has no request with this number."""

    code = "no_such_request"
    status = 404


class NoSuchInteraction(PactmockError):
    """What a mock server expects has no interaction with this key."""

    code = "no_such_interaction"
    status = 404


class NoSuchScope(PactmockError):
    """A mock server has no scope of this name."""

    code = "no_such_scope"
    status = 404


class ScopeGone(NoSuchScope):
    """A scope was ended with what it had received, and nobody who asks for it may take that for nothing."""

    code = "scope_gone"
    status = 410


class NoScopes(NoSuchScope):
    """What plays a pact cannot tell the requests of one test from those of another."""

    code = "no_scopes"


class NoSuchMessage(PactmockError):
    """The pact of a mock server has no message with this key."""

    code = "no_such_message"
    status = 404


class NoSuchPact(PactmockError):
    """No pact of this consumer and provider was written where the service keeps them."""

    code = "no_such_pact"
    status = 404


class NotHandedOut(PactmockError):
    """A message was said to be handled that nobody was handed, or not since what was received was forgotten."""

    code = "not_handed_out"
    status = 409


class NoSuchState(PactmockError):
    """No interaction of a mock server is given the provider state that was to be chosen."""

    code = "no_such_state"
    status = 422


class PortUnavailable(PactmockError):
    """A mock server cannot listen on the port or host that was asked for."""

    code = "port_unavailable"
    status = 409


class NotRunning(PactmockError):
    """A mock server inside a Python program was asked for what it has only while its `with` block runs."""

    code = "not_running"
    status = 409


class NotAllowed(PactmockError):
    """The caller may not do this: a wrong key, or a request that comes from another web page."""

    code = "not_allowed"
    status = 403


class NotAuthenticated(NotAllowed):
    """The caller showed no token, or a wrong one."""

    code = "not_authenticated"
    status = 401


class DirectoryNotAllowed(PactmockError):
    """A pact was to be written outside the output directory."""

    code = "directory_not_allowed"
    status = 403


class WriteFailed(PactmockError):
    """A pact file could not be read, locked or written."""

    code = "write_failed"
    status = 422


class Conflict(PactmockError):
    """Two pacts say different things of the same interaction, or are not of the same pair of participants."""

    code = "conflict"
    status = 409


class NoSuchPlugin(PactmockError):
    """A pact or a contract names a plugin that is not installed."""

    code = "no_such_plugin"
    status = 422


class PluginError(PactmockError):
    """A plugin could not do what it was asked, or it could not be asked at all."""

    code = "plugin_failed"
    status = 422


class ServiceUnreachable(PactmockError):
    """No service answers where one was called, or not in time."""

    code = "service_unreachable"
    status = 503


class StoreUnavailable(PactmockError):
    """What replicas share cannot be read or changed at the moment.

    `maybe` says whether it may have been changed all the same: it was asked, and the answer did not come.
    """

    code = "store_unavailable"
    status = 503
    retry_seconds = 1

    def __init__(self, problem: str, *, maybe: bool = False) -> None:
        super().__init__(problem)
        self.maybe = maybe


class SourceFailed(PactmockError):
    """A file, a URL or a broker has no pact that could be played."""

    code = "source_failed"
    status = 502


class UnexpectedAnswer(PactmockError):
    """What answers where a service was called is none, or not one that this program can talk to."""

    code = "unexpected_answer"
    status = 502


class NotMatched(PactmockError, AssertionError):
    """The verification of a mock server failed. The sentence is the whole report of `pactmock verify`.

    `mismatches` are as the control API has them, `warnings` say what of the pact will disappoint somebody.
    """

    code = "not_matched"
    status = 422

    def __init__(self, report: str, mismatches: list[Any], warnings: list[str]) -> None:
        super().__init__(report, mismatches=mismatches, warnings=warnings)
        self.mismatches = mismatches
        self.warnings = warnings
