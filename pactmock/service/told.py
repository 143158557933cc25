"""What programs are told of an event, wherever they are: the same members in streams of events and in logs as JSON."""

from __future__ import annotations

from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json_value import Json
from pactmock.server.answers.decision import Decision
from pactmock.server.records.entries import Entry, Refusal
from pactmock.server.records.events import Event

LONGEST = 8000
"""How many bytes of JSON a text of an event has at the most."""


def told(event: Event) -> dict[str, Json]:
    """Return the members of an event; of a request those that a list shows, as all else is in the journal."""
    if event.entry is not None:
        return _of_entry(event.entry)
    return {name: cut(item, LONGEST) if isinstance(item, str) else item for name, item in event.fields.items()}


def _of_entry(entry: Entry) -> dict[str, Json]:
    if not isinstance(entry, Refusal):
        return {
            "number": entry.number,
            **of_decision(entry.decision),
            "late": entry.is_late,
            "afterVerdict": entry.after_verdict,
        }
    method, target = entry.asked_for or (None, None)
    path, _, query = (target or "").partition("?")
    return {
        "number": entry.number,
        "method": None if method is None else cut(method),
        "path": None if target is None else cut(path, LONGEST),
        "query": cut(query, LONGEST) or None,
        "status": entry.status,
        "matched": False,
        "interaction": None,
        "late": False,
        "afterVerdict": entry.after_verdict,
    }


def of_decision(decision: Decision) -> dict[str, Json]:
    """Return what there is to be told of a request before it has a number."""
    request = decision.request
    return {
        "method": cut(request.method),
        "path": cut(request.path, LONGEST),
        "query": None if request.query_text is None else cut(request.query_text, LONGEST),
        "status": decision.answer.status,
        "matched": decision.is_match,
        "interaction": None if decision.interaction is None else _named(decision.interaction),
    }


def _named(interaction: InteractionName) -> dict[str, Json]:
    return {"key": cut(interaction.key), "description": interaction.description}
