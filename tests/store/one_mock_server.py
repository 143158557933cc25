"""What one mock server of one process answers to calls that are made one after another: the model of a law.

`test_at_once.py` holds it against such a process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tests.pacts import Json, interaction, pact, rules


@dataclass(frozen=True)
class Ask:
    """Something that is asked of a mock server: `kind` says what, `names` are those of interactions or of paths.

    Interactions are told apart by the number of the call that gave them, so that an answer says which it is of.
    """

    kind: str
    names: tuple[str, ...] = ()
    number: int = 0

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The interactions that it gives: descriptions and paths."""
        return tuple((f"{name}{self.number}", f"/{name}") for name in self.names)

    @property
    def path(self) -> str:
        return f"/{self.names[0]}"

    @property
    def document(self) -> list[Json]:
        """The interactions that it gives, as they are posted."""
        return [interaction(name, {"path": path, **_MORE.get(path, {})}, body=name) for name, path in self.given]

    def __str__(self) -> str:
        return " ".join((self.kind, *self.names, *([str(self.number)] if self.kind in GIVING else [])))


GIVING = frozenset({"put", "add"})

_ITEMS = [{"id": number, "name": f"item {number}"} for number in range(9000)]
LARGE = {"/large": json.dumps({"items": _ITEMS}).encode()}
"""Bodies of what is posted, by their paths: over 256 kB, so that it is decided in a thread, while others are noted."""

_MORE = {
    path: {"method": "POST", "body": {"items": _ITEMS[:1]}, "matchingRules": rules(**{"$.items": {"match": "type"}})}
    for path in LARGE
}

Entry: TypeAlias = tuple[str, str | None]
"""A request: its path, and the description of the interaction that it met. One that was late is none."""


@dataclass(frozen=True)
class Played:
    """All that is true of a mock server."""

    expected: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...] = ()
    faults: tuple[tuple[str, int], ...] = ()
    """The interactions that break connections, and how often yet."""
    has_ended: bool = False

    @property
    def failed(self) -> list[str]:
        return [path for path, met in self.entries if met is None]

    @property
    def missing(self) -> list[str]:
        called = {path for path, met in self.entries if met is not None}
        return [name for name, path in self.expected if path not in called]

    @property
    def mismatches(self) -> tuple[tuple[str, str], ...]:
        return (
            *(("request-not-found", path) for path in self.failed),
            *(("missing-request", name) for name in self.missing),
        )

    @property
    def matched(self) -> bool:
        return not self.mismatches

    def served(self, name: str) -> int:
        return sum(met == name for _, met in self.entries)


GONE = 404


def obey(state: Played, ask: Ask) -> tuple[Played, Any]:
    """Return what is true of a mock server after a call, and what is answered."""
    if state.has_ended:
        return state, GONE
    if ask.kind == "send":
        return _send(state, ask.path)
    return _CHANGES[ask.kind](state, ask) if ask.kind in _CHANGES else (state, _LOOKS[ask.kind](state))


def obey_at_once(state: Played, ask: Ask) -> list[tuple[Played, Any]]:
    """Return what may come of a call while others are under way: who changed what ends then may be told only that."""
    after, answer = obey(state, ask)
    return [(after, answer), *([(after, GONE)] if ask.kind in _CHANGES and ask.kind != "end" else ())]


def _send(state: Played, path: str) -> tuple[Played, Any]:
    met = next((name for name, expected in state.expected if expected == path), None)
    after = replace(state, entries=(*state.entries, (path, met)))
    left = dict(state.faults)
    if met is None or met not in left:
        return after, met or 500
    left[met] -= 1
    return replace(after, faults=tuple((name, times) for name, times in left.items() if times)), "broken off"


def _break(state: Played, ask: Ask) -> tuple[Played, Any]:
    (name, _), *_ = ask.given
    if name not in [each for each, _ in state.expected]:
        return state, "no such interaction"
    return replace(state, faults=tuple(sorted({**dict(state.faults), name: TIMES}.items()))), 200


TIMES = 2
"""For how many requests connections are broken off."""

_CHANGES: Any = {
    "put": lambda state, ask: (replace(state, expected=ask.given, entries=(), faults=()), 200),
    "add": lambda state, ask: (replace(state, expected=state.expected + ask.given), 200),
    "reset": lambda state, _: (replace(state, entries=(), faults=()), 204),
    "end": lambda state, _: (replace(state, has_ended=True), 204),
    "break": _break,
}
_LOOKS: Any = {
    "verify": lambda state: state.mismatches or 204,
    "mismatches": lambda state: state.mismatches or 200,
    "matched": lambda state: state.matched,
    "requests": lambda state: tuple((path, met is not None) for path, met in state.entries),
    "interactions": lambda state: tuple(
        (name, path, state.served(name), dict(state.faults).get(name)) for name, path in state.expected
    ),
    "show": lambda state: (len(state.failed), len(state.missing), len(state.entries)),
}
LOOKS = tuple(_LOOKS)


def new(ask: Ask, consumer: str) -> tuple[Played, Json]:
    """Return what is true of a mock server that was given interactions, and the pact that is posted."""
    return Played(ask.given), pact(*ask.document, consumer=consumer)
