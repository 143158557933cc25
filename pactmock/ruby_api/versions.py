"""What depends on the version of the specification with which the service was started (reference/ruby-api.md §3, §8).

Only the first digit of what a client says counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pactmock.pact.json.values import Json
from pactmock.pact.value import value


@value
class Version:
    """One version: what it reads of an interaction, and what it writes."""

    digit: str
    state_of: Callable[[dict[str, Json]], Json]
    compares_query_as_text: bool = False
    """Whether a query that is given as text is compared as text, order and all."""
    writes_rules: bool = True
    """Whether matchers become rules beside examples; else only the response has them, as they were registered."""

    @property
    def number(self) -> str:
        """What the metadata of a pact say."""
        return f"{self.digit}.0.0"


def _state(interaction: dict[str, Json]) -> Json:
    """Both spellings are taken, and `provider_state` wins."""
    found = interaction.get("provider_state")
    return interaction.get("providerState") if found is None else found


def _state_of_3(interaction: dict[str, Json]) -> Json:
    found = interaction.get("providerState")
    states = interaction.get("providerStates")
    if found is None and isinstance(states, list) and states and isinstance(states[0], dict):
        return states[0].get("name")
    return found


V1 = Version("1", _state, writes_rules=False)
V2 = Version("2", _state)
V3 = Version("3", _state_of_3, compares_query_as_text=True)

_KNOWN = {version.digit: version for version in (V1, V2, V3)}


def named(text: str) -> Version:
    """Return the version of a text such as `2`, `2.0.0` or `1.1.0`; later ones are version 3 under their own number."""
    digit = text[:1]
    if digit in _KNOWN:
        return _KNOWN[digit]
    return replace(V3, digit=digit) if digit > V3.digit and digit.isdecimal() else V2
