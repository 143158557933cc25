"""What generators look at besides their own attributes: chance, the clock, the mock server, provider states.

All of it comes in from outside, so that a seed and a fixed clock make every generated value repeatable
(reference/matching.md §7.6, last table).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from enum import Enum
from random import Random

from pactmock.pact.json.values import Json
from pactmock.pact.value import value


class Mode(Enum):
    """For whom values are generated: the mock server plays for the consumer, verification plays for the provider."""

    CONSUMER = "consumer"
    PROVIDER = "provider"


def local_now() -> datetime:
    """Return the time of this machine, with its offset."""
    return datetime.now().astimezone()


@value
class GeneratorContext:
    """The surroundings of one generated part.

    `now` answers with a moment that knows its zone. `mock_server_url` is the address that the client called, with
    its real scheme (§11 row 56). `values` are the results of the provider states, plain or under `providerState`;
    `baseDate`, `baseTime` and `baseDateTime` among them stand in for `now` (§7.5).
    """

    mode: Mode = Mode.CONSUMER
    random: Random = field(default_factory=Random)
    now: Callable[[], datetime] = local_now
    mock_server_url: str | None = None
    values: Mapping[str, Json] = field(default_factory=dict)

    @property
    def provider_state_values(self) -> Mapping[str, Json]:
        """What the expressions of ProviderState generators are looked up in (§7.4)."""
        nested = self.values.get("providerState")
        return nested if isinstance(nested, dict) else self.values


def repeatable(
    seed: int,
    moment: datetime,
    *,
    mode: Mode = Mode.CONSUMER,
    mock_server_url: str | None = None,
    values: Mapping[str, Json] | None = None,
) -> GeneratorContext:
    """Make a context in which the same generators make the same values, in this and in any other process."""
    random = Random(seed)  # noqa: S311 - example data, not secrets
    return GeneratorContext(mode, random, lambda: moment, mock_server_url, values or {})
