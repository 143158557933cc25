"""What a plugin is: the calls of the plugin protocol, as methods with values.

Whoever writes a plugin in Python derives from `Plugin`, says in `catalogue` what it offers, and writes the methods
that belong to that. Such a plugin runs in process, or as a process of its own for every other Pact framework with
`pactmock.plugins.serve`. Plugins of other languages are behind the same class, in `process/grpc_plugin.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from pactmock.errors import PluginError
from pactmock.plugins.protocol.answers import JSON_TYPES, Answer
from pactmock.plugins.protocol.terms import asked_to
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
    FieldValue,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    MockServerDetails,
    MockServerResults,
    StartMockServerRequest,
)


class Plugin(ABC):
    """A plugin. Its methods are called from several threads, at the same time too; keep no state in it.

    A method that cannot do what it is asked raises `PluginError` with a sentence for the test's author. A method that
    is not written says that the plugin does not offer it.
    """

    name: str
    """What pacts and catalogues call it."""
    version: str
    """Its semantic version."""
    may_block: bool = True
    """Whether a call may wait for something, or work for long without a `spend`. A plugin that says no is asked where a
    request arrives, which is faster than in threads; there it holds up everybody if that is not true."""

    @abstractmethod
    def catalogue(self) -> Sequence[CatalogueEntry]:
        """Say what the plugin offers."""

    @asked_to("take the catalogue")  # noqa: B027  most need not know
    def update_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """Take note of what the host and all its plugins offer."""

    @asked_to("configure contents", Answer(Configured), is_slow=True)
    def configure_interaction(self, request: ConfigureRequest) -> Configured:
        """Make a body with rules and generators of what a test author wrote."""
        raise self._not_offered("configure contents", request.content_type)

    @asked_to("compare contents", Answer(ContentTypeMismatch, many=ContentMismatch))
    def compare_contents(self, request: CompareRequest) -> Comparison:
        """Compare a body that was received with the one that is expected."""
        raise self._not_offered("compare contents", request.expected.content_type if request.expected else "")

    def comparison(self, request: CompareRequest) -> Compare:
        """Make what compares many bodies with the one that is expected; `actual` is of no matter in `request`.

        Who compiles the expected one writes this too: in process it is asked once, not at every request.
        """
        return lambda actual: self.compare_contents(replace(request, actual=actual))

    @asked_to("generate contents", Answer(Contents, type(None)))
    def generate_content(self, request: GenerateRequest) -> Contents | None:
        """Generate values in a body; None makes it an empty body. Without this method it stays as it is."""
        return request.contents

    @asked_to("match a field", Answer(many=ContentMismatch))
    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        """Hold one value against a rule of this plugin; no mismatches means that it matches."""
        raise self._not_offered("match fields with", request.key)

    @asked_to("generate a field", Answer(bytes, *JSON_TYPES))
    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        """Make one value."""
        raise self._not_offered("generate fields with", request.key)

    @asked_to("start a mock server", Answer(MockServerDetails), is_slow=True)
    def start_mock_server(self, request: StartMockServerRequest) -> MockServerDetails:
        """Start a mock server for a transport of this plugin."""
        raise self._not_offered("start mock servers on", request.host)

    @asked_to("say what a mock server found", Answer(MockServerResults))
    def mock_server_results(self, key: str) -> MockServerResults:
        """Say what a mock server found so far; can be asked any number of times."""
        raise self._not_offered("know the mock server", key)

    @asked_to("end a mock server", Answer(MockServerResults))
    def shut_down_mock_server(self, key: str) -> MockServerResults:
        """End a mock server, and say for the last time what it found."""
        raise self._not_offered("know the mock server", key)

    def close(self) -> None:  # noqa: B027  most hold nothing
        """Let go of everything; nothing is asked afterwards."""

    def _not_offered(self, what: str, subject: str) -> PluginError:
        return PluginError(f"The plugin {self} does not {what} {subject}".rstrip(), plugin=self.name)

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"
