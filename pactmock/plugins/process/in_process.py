"""A plugin in Python inside the service, behind the same class: the one place where its faults become errors.

Whatever it raises, whatever it answers that is no answer, and that it does not answer at all, is a `PluginError` here,
so nobody who asks a plugin has to think of more than that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pactmock.errors import PactmockError, PluginError
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.plugins.process.apart import Apart, GivenUp, Here, Raised
from pactmock.plugins.process.running import RunningPlugin
from pactmock.plugins.protocol.answers import Answer
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.terms import TERMS, Terms
from pactmock.plugins.protocol.values import CatalogueEntry, Compare, CompareRequest, Contents
from pactmock.plugins.settings import PluginSettings

logger = logging.getLogger("pactmock.plugins")

_CLOSE_SECONDS = 1.0


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
        self._plugin = self._ask("be made", make, settings.start_timeout, Answer(Plugin))
        names = self._ask("say its name", lambda: (self._plugin.name, self._plugin.version), settings.start_timeout)
        if not all(isinstance(item, str) and item and item.isprintable() for item in names):
            raise PluginError(f"{self} could not be made: it needs a name and a version")
        self.name, self.version = names
        self.may_block = self._ask("be made", lambda: self._plugin.may_block is not False, settings.start_timeout)
        if not self.may_block:
            self._caller.close()
            self._caller = Here()
        self._catalogue: Sequence[CatalogueEntry] = self._ask(
            "say what it offers", self._plugin.catalogue, settings.start_timeout, Answer(many=CatalogueEntry)
        )

    def _pass_on(self, terms: Terms, question: Any) -> Any:
        return self._ask_on(terms, partial(getattr(self._plugin, terms.method), question))

    def _ask_on(self, terms: Terms, work: Callable[[], Any]) -> Any:
        return self._ask(terms.what, work, terms.seconds(self._settings), terms.answer)

    def _ask(self, what: str, work: Callable[[], Any], seconds: float, expected: Answer | None = None) -> Any:
        taken_out = work if expected is None else lambda: expected.taken_out(work())
        try:
            answer = self._timed(lambda: self._caller.call(taken_out, seconds))
        except GivenUp as late:
            raise self._could_not(what, str(late)) from None
        except Raised as raised:
            if isinstance(raised.error, PactmockError):
                raise raised.error from None
            if isinstance(raised.error, OutOfBudget):
                if budget.is_set():
                    raise raised.error from None
                raise self._could_not(what, str(raised.error)) from None
            logger.exception("%s could not %s", self, what, exc_info=raised.error)
            raise self._could_not(what, f"it raised {raised}") from None
        if expected is not None and not expected.admits(answer):
            raise self._could_not(what, f"it answered with {type(answer).__name__}, which is no answer to that")
        return answer

    def _could_not(self, what: str, why: str) -> PluginError:
        return PluginError(f"{self} could not {what}: {why}", plugin=self.name or None)

    is_up = True

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return self._catalogue

    def comparison(self, request: CompareRequest) -> Compare:
        terms = TERMS["compare_contents"]
        compare: Any = None

        def made_and_asked(actual: Contents | None) -> Any:  # at once: each call of a plugin may be one of a thread
            nonlocal compare
            compare = compare or self._plugin.comparison(request)
            return compare(actual)

        return lambda actual: self._ask_on(terms, partial(made_and_asked, actual))

    def close(self) -> None:
        try:
            self._ask("end", self._plugin.close, _CLOSE_SECONDS)
        finally:
            self._caller.close()

    def __str__(self) -> str:
        return f"{self.name}/{self.version}" if self.name else f"The Python plugin {self._place}"

    def __repr__(self) -> str:
        return f"<InProcess {self}>"
