"""The CSV plugin as a whole: what it offers, and which module does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pactmock.plugins import (
    CatalogueEntry,
    Compare,
    CompareRequest,
    Comparison,
    Configured,
    ConfigureRequest,
    Contents,
    GenerateRequest,
    PactmockError,
    Plugin,
    PluginError,
    content_entries,
)
from pactmock.plugins.csv.comparing import comparison
from pactmock.plugins.csv.configuring import configure
from pactmock.plugins.csv.generating import generate

_COMPARING = "Failed to compare CSV contents: "


class CsvPlugin(Plugin):
    """Tables as bodies: `column:1` or `column:Name` with a matching rule definition each, and `csvHeaders`."""

    name = "csv"
    version = "0.1.0"
    may_block = False

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return content_entries("csv", "text/csv", "application/csv")

    def configure_interaction(self, request: ConfigureRequest) -> Configured:
        with self._failing(""):
            return configure(request.config)

    def compare_contents(self, request: CompareRequest) -> Comparison:
        return self.comparison(request)(request.actual)

    def comparison(self, request: CompareRequest) -> Compare:
        with self._failing(_COMPARING):
            compare = comparison(request)

        def compare_or_fail(actual: Contents | None) -> Comparison:
            with self._failing(_COMPARING):
                return compare(actual)

        return compare_or_fail

    def generate_content(self, request: GenerateRequest) -> Contents | None:
        with self._failing("Failed to generate CSV contents: "):
            return generate(request)

    @contextmanager
    def _failing(self, what: str) -> Iterator[None]:
        """Say of any error which plugin it is of, and what that was doing."""
        try:
            yield
        except PactmockError as error:
            raise PluginError(f"{what}{error.message}", plugin=self.name) from None
