"""What a list says of a pact, without reading its interactions: whose it is, its version, how much it holds."""

from __future__ import annotations

from pactmock.errors import InvalidPact
from pactmock.pact import specification
from pactmock.pact.json.values import Json, to_text
from pactmock.pact.model import HttpInteraction
from pactmock.pact.value import value


@value
class PactSummary:
    """A pact in a line. `specification` is the name of its version; `interactions` are those over HTTP."""

    consumer: str
    provider: str
    specification: str
    interactions: int
    messages: int


def summarize(document: Json) -> PactSummary:
    """Summarize a parsed pact file of any version.

    Raises:
        InvalidPact: when it names no participants, or has nothing that could be interactions.
    """
    if not isinstance(document, dict):
        raise InvalidPact("it is no JSON object, so it is no pact")
    version = specification.detect(document.get("metadata"))
    consumer, provider = (_participant(document, role) for role in ("consumer", "provider"))
    items = _listed(document, "interactions")
    if version.typed_interactions:
        interactions = sum(isinstance(item, dict) and item.get("type") == HttpInteraction.type for item in items)
        return PactSummary(consumer, provider, version.name, interactions, len(items) - interactions)
    messages = _listed(document, "messages")
    return PactSummary(consumer, provider, version.name, len(items), len(messages))


def _participant(document: dict[str, Json], role: str) -> str:
    participant = document.get(role)
    if not isinstance(participant, dict) or participant.get("name") is None:
        raise InvalidPact(f"it names no {role}, so it is no pact")
    return to_text(participant["name"])


def _listed(document: dict[str, Json], name: str) -> list[Json]:
    listed = document.get(name, [])
    if not isinstance(listed, list):
        raise InvalidPact(f"its '{name}' are no list, so it is no pact")
    if not {"interactions", "messages"} & document.keys():
        raise InvalidPact("it has neither 'interactions' nor 'messages', so it is no pact")
    return listed
