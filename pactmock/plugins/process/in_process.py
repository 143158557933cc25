"""A plugin in Python inside the service, behind the same class: the one place where its faults become errors.

Whatever it raises, whatever it answers that is no answer, and that it does not answer at all, is a `PluginError` here,
so nobody who asks a plugin has to think of more than that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from pactmock.errors import PactmockError, PluginError
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.plugins.process.apart import Apart, GivenUp, Here, Raised
from pactmock.plugins.process.running import RunningPlugin
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    Compare,
    CompareRequest,
    Comparison,
    Configured,
    ConfigureRequest,
    ContentMismatch,
    Contents,
    ContentTypeMismatch,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    MockServerDetails,
    MockServerResults,
    PluginData,
    StartMockServerRequest,
)
from pactmock.plugins.settings import PluginSettings

T = TypeVar("T")
logger = logging.getLogger("pactmock.plugins")

_CLOSE_SECONDS = 1.0
_COMPARE = "compare contents"


class InProcess(RunningPlugin):
    """A plugin in Python, of which nothing but answers and `PluginError` comes back."""

    def __init__(self, make: Callable[[], Plugin], place: str, settings: PluginSettings) -> None:
        """Make the plugin, and have it say what it offers; `place` is what it is called until it has a name.

        Raises:
            PluginError: when that fails, or the plugin does not say what it is called.
        """
        self.name = self.version = ""
        self._place = place
        self._settings = settings
        self._caller: Apart | Here = Apart(f"plugin {place}")
        self._plugin = self._ask("be made", make, settings.start_timeout, Plugin)
        names = self._ask("say its name", lambda: (self._plugin.name, self._plugin.version), settings.start_timeout)
        if not all(isinstance(item, str) and item and item.isprintable() for item in names):
            raise PluginError(f"{self} could not be made: it needs a name and a version")
        self.name, self.version = names
        self.may_block = self._ask("be made", lambda: self._plugin.may_block is not False, settings.start_timeout)
        if not self.may_block:
            self._caller.close()
            self._caller = Here()
        self._catalogue = self._many(
            "say what it offers", self._plugin.catalogue, settings.start_timeout, CatalogueEntry
        )

    def _ask(self, what: str, work: Callable[[], T], seconds: float, *kinds: type) -> T:
        try:
            answer = self._timed(lambda: self._caller.call(work, seconds))
        except GivenUp as late:
            raise PluginError(f"{self} could not {what}: {late}", plugin=self.name or None) from None
        except Raised as raised:
            if isinstance(raised.error, PactmockError):
                raise raised.error from None
            if isinstance(raised.error, OutOfBudget):
                if budget.is_set():
                    raise raised.error from None
                raise PluginError(f"{self} could not {what}: {raised.error}", plugin=self.name or None) from None
            logger.exception("%s could not %s", self, what, exc_info=raised.error)
            raise PluginError(f"{self} could not {what}: it raised {raised}", plugin=self.name or None) from None
        if kinds and not (isinstance(answer, kinds) and _is_proper(answer)):
            raise self._no_answer(what, answer)
        return answer

    def _many(self, what: str, work: Callable[[], Any], seconds: float, kind: type[T]) -> tuple[T, ...]:
        """Have several things answered; taken out where the plugin runs, as they may only be made then."""
        return self._all(what, self._ask(what, lambda: _taken_out(work()), seconds), kind)

    def _all(self, what: str, answer: Any, kind: type[T]) -> tuple[T, ...]:
        if not (isinstance(answer, tuple) and all(isinstance(item, kind) and _is_proper(item) for item in answer)):
            raise self._no_answer(what, answer)
        return answer

    def _no_answer(self, what: str, answer: object) -> PluginError:
        return PluginError(
            f"{self} could not {what}: it answered with {type(answer).__name__}, which is no answer to that",
            plugin=self.name or None,
        )

    is_up = True

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return self._catalogue

    def update_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        work = partial(self._plugin.update_catalogue, entries)
        self._ask("take the catalogue", work, self._settings.call_timeout)

    def configure_interaction(self, request: ConfigureRequest) -> Configured:
        work = partial(self._plugin.configure_interaction, request)
        return self._ask("configure contents", work, self._settings.configure_timeout, Configured)

    def compare_contents(self, request: CompareRequest) -> Comparison:
        return self._compared(partial(self._plugin.compare_contents, request))

    def comparison(self, request: CompareRequest) -> Compare:
        compare: Any = None

        def made_and_asked(actual: Contents | None) -> Any:  # at once: each call of a plugin may be one of a thread
            nonlocal compare
            compare = compare or self._plugin.comparison(request)
            return compare(actual)

        return lambda actual: self._compared(partial(made_and_asked, actual))

    def _compared(self, work: Callable[[], Any]) -> Comparison:
        def compare() -> Comparison:
            found = work()
            return found if isinstance(found, ContentTypeMismatch) else _taken_out(found)

        found = self._ask(_COMPARE, compare, self._settings.call_timeout, ContentTypeMismatch, tuple)
        return found if isinstance(found, ContentTypeMismatch) else self._all(_COMPARE, found, ContentMismatch)

    def generate_content(self, request: GenerateRequest) -> Contents | None:
        work = partial(self._plugin.generate_content, request)
        return self._ask("generate contents", work, self._settings.call_timeout, Contents, type(None))

    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        work = partial(self._plugin.match_field, request)
        return self._many("match a field", work, self._settings.call_timeout, ContentMismatch)

    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        work = partial(self._plugin.generate_field, request)
        made = self._ask("generate a field", work, self._settings.call_timeout)
        if not (isinstance(made, bytes) or _is_json(made)):
            raise self._no_answer("generate a field", made)
        return made

    def start_mock_server(self, request: StartMockServerRequest) -> MockServerDetails:
        work = partial(self._plugin.start_mock_server, request)
        return self._ask("start a mock server", work, self._settings.configure_timeout, MockServerDetails)

    def mock_server_results(self, key: str) -> MockServerResults:
        work = partial(self._plugin.mock_server_results, key)
        return self._ask("say what a mock server found", work, self._settings.call_timeout, MockServerResults)

    def shut_down_mock_server(self, key: str) -> MockServerResults:
        work = partial(self._plugin.shut_down_mock_server, key)
        return self._ask("end a mock server", work, self._settings.call_timeout, MockServerResults)

    def close(self) -> None:
        try:
            self._ask("end", self._plugin.close, _CLOSE_SECONDS)
        finally:
            self._caller.close()

    def __str__(self) -> str:
        return f"{self.name}/{self.version}" if self.name else f"The Python plugin {self._place}"

    def __repr__(self) -> str:
        return f"<InProcess {self}>"


def _taken_out(found: Any) -> Any:
    """Take out what can be taken out once, such as a generator."""
    return tuple(found) if isinstance(found, Sequence) or hasattr(found, "__next__") else found


_MEMBERS: dict[type, dict[str, type | tuple[type, ...]]] = {
    CatalogueEntry: {"kind": EntryKind, "key": str, "values": Mapping},
    Contents: {"content": bytes, "content_type": str, "hint": str},
    Configured: {"parts": Sequence, "data": PluginData},
    ContentMismatch: {
        "mismatch": str,
        "path": str,
        "expected": (bytes, type(None)),
        "actual": (bytes, type(None)),
        "diff": str,
    },
    ContentTypeMismatch: {"expected": str, "actual": str},
    MockServerDetails: {"key": str, "port": int, "address": str},
    MockServerResults: {"results": Sequence},
}
"""What the members of answers have to be, as nobody checks types in a plugin."""


def _is_proper(answer: object) -> bool:
    members = _MEMBERS.get(type(answer), {})
    return all(isinstance(getattr(answer, name), kinds) for name, kinds in members.items())


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, str | int | float)
