"""What is to be said of mock servers that were verified, as a value: every format is made of it, and of nothing else.

A report is taken at one moment, so a format says what the verdict said, whatever is received while it is made.
"""

from __future__ import annotations

from pactmock.matching.explaining.explanation import Explanation
from pactmock.pact.value import value
from pactmock.reports.listed import ListedInteraction, ListedMessage


@value
class ServerReport:
    """One mock server at one moment.

    `explanations` say why it did not match, and `unlisted` counts those that are not among them. `not_tested` is how
    many of its messages do not count. `created` and `asked` are seconds since 1970: when it was made, and when the
    report was. `written` is the path of the pact file on the machine of the service, and `error` the sentence that says
    why it could not be written; both are empty where nobody wanted it written.
    """

    id: str
    consumer: str
    provider: str
    matched: bool
    name: str | None = None
    url: str = ""
    explanations: tuple[Explanation, ...] = ()
    unlisted: int = 0
    warnings: tuple[str, ...] = ()
    interactions: tuple[ListedInteraction, ...] = ()
    messages: tuple[ListedMessage, ...] = ()
    not_tested: int = 0
    created: float = 0.0
    asked: float = 0.0
    written: str = ""
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether all matched, and the pact file could be written if it was to be."""
        return self.matched and not self.error

    @property
    def problems(self) -> int:
        """How many things did not match."""
        return len(self.explanations) + self.unlisted

    @property
    def title(self) -> str:
        """Its participants, and the name that it was given."""
        pair = f"{self.consumer} -> {self.provider}"
        return f"{pair} ({self.name})" if self.name else pair


@value
class Report:
    """All mock servers that were asked, in their order."""

    servers: tuple[ServerReport, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them passed. Where there is none, nothing was tested, and nothing passed."""
        return bool(self.servers) and all(server.passed for server in self.servers)

    @property
    def problems(self) -> int:
        """How many things did not match."""
        return sum(server.problems for server in self.servers)
