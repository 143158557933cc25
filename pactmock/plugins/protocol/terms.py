"""On which terms the methods of a plugin are called, said once where they stand, and held to wherever one runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pactmock.pact.value import value
from pactmock.plugins.protocol.answers import Answer
from pactmock.plugins.settings import PluginSettings

Method = TypeVar("Method", bound=Callable[..., Any])


@value
class Terms:
    """The method, what it is asked to do, in words, and what it may answer; None where nobody takes note of that.

    What is slow gets the time for configuring.
    """

    method: str
    what: str
    answer: Answer | None = None
    is_slow: bool = False

    def seconds(self, settings: PluginSettings) -> float:
        """Say how long it may take."""
        return settings.configure_timeout if self.is_slow else settings.call_timeout


TERMS: dict[str, Terms] = {}
"""Those of each method that is a call of the plugin protocol."""


def asked_to(what: str, answer: Answer | None = None, *, is_slow: bool = False) -> Callable[[Method], Method]:
    """Say of a method of `Plugin` on which terms it is called."""

    def of(method: Method) -> Method:
        TERMS[method.__name__] = Terms(method.__name__, what, answer, is_slow)
        return method

    return of
