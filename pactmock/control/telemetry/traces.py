"""Whether calls and requests are traced, which the environment says. Else nothing is loaded for that, or costs time."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from aiohttp.typedefs import Middleware

if TYPE_CHECKING:
    from pactmock.server.records.events import Events

logger = logging.getLogger("pactmock")
_ASKS = ("OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


class Traces(Protocol):
    """Makes spans, and sends them."""

    def follow(self, events: Events) -> None:
        """Make a span of each request that a mock server receives."""

    @property
    def middleware(self) -> Middleware:
        """What makes a span of each call of the control API."""

    async def close(self) -> None:
        """Send what is there, for a moment; then make no more."""


def traces_for(environment: Mapping[str, str]) -> Traces | None:
    """Return what traces, as the environment says by the variables of OpenTelemetry; None where it does not.

    What is asked for and cannot be is one sentence in the log: the service goes on without.
    """
    asked = next((name for name in _ASKS if environment.get(name, "").strip()), None)
    is_off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    if asked is None or is_off or environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none":
        return None
    try:
        from pactmock.control.telemetry.spans import NotToBeSent, Spans, provider_for
    except ImportError:
        logger.warning(
            "%s asks for traces, and OpenTelemetry is not installed: none are sent; pip install 'pactmock[otel]'", asked
        )
        return None
    try:
        return Spans(provider_for(environment))
    except NotToBeSent as error:
        logger.warning("%s asks for traces, and none are sent: %s", asked, error)
        return None
