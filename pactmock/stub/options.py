"""How a stub is to behave, apart from its pacts."""

from __future__ import annotations

from pactmock.pact.value import value


@value
class StubOptions:
    """What pact-stub-server can be told, under its names."""

    cors: bool = False
    """Whether OPTIONS requests are answered that no interaction expects."""
    cors_referer: bool = False
    """Whether answers name the page that asks, and let it send credentials."""
    provider_state: str | None = None
    """A pattern: only interactions answer that are given a state in which it finds something."""
    empty_provider_state: bool = False
    """Whether interactions that are given no state answer too."""
    state_header: str | None = None
    """The header that has another such pattern for one request."""
    delay: tuple[float, float] | None = None
    """The least and the most of the seconds for which answers are kept back."""
    strict_match: bool = False
    """Whether a request has to match as at a mock server."""
