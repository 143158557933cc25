"""What programs are told of an event, wherever they are: the same members in streams of events and in logs as JSON."""

from __future__ import annotations

from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.server.answers.decision import Decision, RequestLine
from pactmock.server.records.events import Event

LONGEST = 8000
"""How many bytes of JSON a text of an event has at the most."""


def told(event: Event) -> dict[str, Json]:
    """Return the members of an event; of a request those that a list shows, as all else is in the journal."""
    entry = event.entry
    if entry is not None:
        return {
            "number": entry.number,
            **_of_request(entry.request_line, entry.status, entry.interaction, matched=entry.is_match),
            "late": entry.is_late,
            "afterVerdict": entry.after_verdict,
            **({} if entry.scope is None else {"scope": entry.scope}),
        }
    return {name: cut(item, LONGEST) if isinstance(item, str) else item for name, item in event.fields.items()}


def of_decision(decision: Decision) -> dict[str, Json]:
    """Return what there is to be told of a request before it has a number."""
    return _of_request(decision.request_line, decision.answer.status, decision.interaction, matched=decision.is_match)


def _of_request(
    line: RequestLine, status: int, interaction: InteractionName | None, *, matched: bool
) -> dict[str, Json]:
    return {
        "method": None if line.method is None else cut(line.method),
        "path": None if line.path is None else cut(line.path, LONGEST),
        "query": None if line.query is None else cut(line.query, LONGEST),
        "status": status,
        "matched": matched,
        "interaction": None if interaction is None else _named(interaction),
    }


def _named(interaction: InteractionName) -> dict[str, Json]:
    return {"key": cut(interaction.key), "description": interaction.description}
