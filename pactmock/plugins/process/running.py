"""A plugin that is loaded, whatever it is made of: whether it is there, and how long its calls take."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

from pactmock.durations import Durations
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.terms import TERMS, Terms

T = TypeVar("T")


class RunningPlugin(Plugin):
    """A plugin as its host has it: it passes on what it is asked, by each method in `TERMS`, to the one that runs."""

    times: Durations | None = None
    """How long its calls take, those that fail too; None as long as nobody wants to know."""

    @property
    @abstractmethod
    def is_up(self) -> bool:
        """Whether it can be asked. One that is not is started again when it is asked."""

    @abstractmethod
    def _pass_on(self, terms: Terms, question: Any) -> Any:
        """Have the plugin answer what a method of it is asked.

        Raises:
            PluginError: when it does not.
        """

    def _timed(self, work: Callable[[], T]) -> T:
        """Make a call, and count how long it took."""
        times = self.times
        if times is None:
            return work()
        since = perf_counter()
        try:
            return work()
        finally:
            times.add(perf_counter() - since)


def _passing_on(terms: Terms) -> Callable[[RunningPlugin, Any], Any]:
    def method(self: RunningPlugin, question: Any) -> Any:
        return self._pass_on(terms, question)

    return method


for _terms in TERMS.values():
    setattr(RunningPlugin, _terms.method, _passing_on(_terms))
