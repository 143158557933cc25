"""Makes a disagreement small: things are taken out of the case as long as it stays the same disagreement.

What is in the pact and in the request alike (a member of the body, a header, a parameter) is taken out of both at
once as well, as one side alone would make another difference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from parity.case import Case, Json, Wire
from parity.draw.edits import Path, at, paths, without

MOST_PLAYS = 400
"""How many smaller forms of one case are tried at the most."""
BATCH = 24

Test = Callable[[Sequence[Case]], Awaitable[list[bool]]]
"""Plays cases and tells of each whether it still shows the disagreement."""


async def shrink(case: Case, still_shows: Test) -> Case:
    """Return the smallest form found."""
    plays = 0
    while plays < MOST_PLAYS:
        candidates = [smaller for smaller in forms(case) if smaller.size < case.size]
        found = None
        for start in range(0, len(candidates), BATCH):
            batch = candidates[start : start + BATCH]
            plays += len(batch)
            shown = await still_shows(batch)
            found = next((smaller for smaller, shows in zip(batch, shown, strict=True) if shows), None)
            if found is not None or plays >= MOST_PLAYS:
                break
        if found is None:
            return case
        case = found
    return case


def forms(case: Case) -> Iterator[Case]:
    """Yield the forms of a case with one thing less, those with much less first."""
    if case.contract is not None:
        for form in forms(replace(case, interactions=case.contract, contract=None)):
            yield replace(form, contract=form.interactions)
        return
    yield from _fewer_requests(case)
    yield from _fewer_interactions(case)
    if case.written_as is not None:
        yield replace(case, written_as=None)
    yield from _less_on_both_sides(case)
    yield from _less_in_interactions(case)
    yield from _less_in_requests(case)
    yield from _less_text(case)


def _fewer_requests(case: Case) -> Iterator[Case]:
    if len(case.requests) > 1:
        for i in range(len(case.first)):
            yield replace(case, first=_cut(case.first, i))
        for i in range(len(case.then)):
            yield replace(case, then=_cut(case.then, i))


def _cut(items: tuple[Wire, ...], position: int) -> tuple[Wire, ...]:
    return items[:position] + items[position + 1 :]


def _fewer_interactions(case: Case) -> Iterator[Case]:
    if len(case.interactions) > 1:
        for i in range(len(case.interactions)):
            yield replace(case, interactions=case.interactions[:i] + case.interactions[i + 1 :])


_KEPT = ("type", "description", "request", "path", "method")


def _less_in_interactions(case: Case) -> Iterator[Case]:
    for number, interaction in enumerate(case.interactions):
        found = [path for path in paths(interaction) if path and path[-1] not in _KEPT]
        for path in sorted(found, key=lambda path, whole=interaction: -_size(at(whole, path))):  # type: ignore[misc]
            yield _with_interaction(case, number, without(interaction, path))


def _size(value: Json) -> int:
    return len(json.dumps(value))


def _with_interaction(case: Case, number: int, interaction: Json) -> Case:
    return replace(case, interactions=(*case.interactions[:number], interaction, *case.interactions[number + 1 :]))


def _less_on_both_sides(case: Case) -> Iterator[Case]:
    for number, interaction in enumerate(case.interactions):
        request = interaction.get("request", {})
        for start in (("request", "body", "content"), ("request", "body")):
            for path in _paths_below(interaction, start):
                shorter = _with_interaction(case, number, without(interaction, (*start, *path)))
                yield _with_requests(shorter, lambda wire, path=path: _without_member(wire, path))  # type: ignore[misc]
        for name in list(request.get("headers", {})):
            shorter = _with_interaction(case, number, without(interaction, ("request", "headers", name)))
            yield _with_requests(shorter, lambda wire, name=name: _without_header(wire, name))  # type: ignore[misc]
        if isinstance(request.get("query"), dict):
            for name in request["query"]:
                shorter = _with_interaction(case, number, without(interaction, ("request", "query", name)))
                yield _with_requests(shorter, lambda wire, name=name: _without_parameter(wire, name))  # type: ignore[misc]


def _paths_below(interaction: Json, start: Path) -> list[Path]:
    try:
        inner = at(interaction, start)
    except (KeyError, TypeError, IndexError):
        return []
    return sorted((path for path in paths(inner) if path), key=lambda path: -_size(at(inner, path)))


def _with_requests(case: Case, change: Callable[[Wire], Wire]) -> Case:
    return replace(case, first=tuple(map(change, case.first)), then=tuple(map(change, case.then)))


def _without_header(wire: Wire, name: str) -> Wire:
    return replace(wire, headers=tuple(line for line in wire.headers if line[0].lower() != name.lower()))


def _without_parameter(wire: Wire, name: str) -> Wire:
    path, _, query = wire.target.partition("?")
    kept = [piece for piece in query.split("&") if piece.partition("=")[0] != name]
    return replace(wire, target=f"{path}?{'&'.join(kept)}" if kept else path)


def _without_member(wire: Wire, path: Path) -> Wire:
    document = _document(wire)
    try:
        at(document, path)
    except (KeyError, TypeError, IndexError):
        return wire
    return _with_document(wire, without(document, path))


def _document(wire: Wire) -> Json:
    try:
        return json.loads(wire.body)
    except ValueError:
        return None


def _with_document(wire: Wire, document: Json) -> Wire:
    return replace(wire, body=json.dumps(document, ensure_ascii=False).encode(errors="replace"))


def _less_in_requests(case: Case) -> Iterator[Case]:
    for number, wire in enumerate(case.requests):
        for smaller in _less_in_request(wire):
            requests = (*case.requests[:number], smaller, *case.requests[number + 1 :])
            yield replace(case, first=requests[: len(case.first)], then=requests[len(case.first) :])


def _less_in_request(wire: Wire) -> Iterator[Wire]:
    for i in range(len(wire.headers)):
        yield replace(wire, headers=wire.headers[:i] + wire.headers[i + 1 :])
    path, mark, query = wire.target.partition("?")
    pieces = query.split("&") if mark else []
    for i in range(len(pieces)):
        kept = pieces[:i] + pieces[i + 1 :]
        yield replace(wire, target=f"{path}?{'&'.join(kept)}" if kept else path)
    if wire.body:
        yield replace(wire, body=b"")
        yield from _shorter_bodies(wire)


def _shorter_bodies(wire: Wire) -> Iterator[Wire]:
    document = _document(wire)
    for path in paths(document):
        if path:
            yield _with_document(wire, without(document, path))
    if document is None:
        half = len(wire.body) // 2
        yield replace(wire, body=wire.body[:half])
        yield replace(wire, body=wire.body[half:])


_PIECES = re.compile(
    r"<[^<>/!?]+/>|<([^<>\s/]+)[^<>]*>[^<>]*</\1>|\s[\w:-]+=\"[^\"]*\"|<[!?][^<>]*>|(?<=>)[^<>]+(?=<)|[^&=<>]*=[^&<>]*&?|--\w+\r\n.*?(?=--)",
    re.DOTALL,
)


def _less_text(case: Case) -> Iterator[Case]:
    """Take a piece of a text that is no JSON (an element, an attribute, a field, a part) out of both sides."""
    texts = {wire.body.decode("latin-1") for wire in case.requests if _document(wire) is None}
    pieces = {found[0] for text in texts for found in _PIECES.finditer(text)}
    for piece in sorted(pieces, key=lambda piece: (-len(piece), piece)):
        yield _without_text(case, piece)


def _without_text(case: Case, piece: str) -> Case:
    raw = piece.encode("latin-1")
    written = raw.decode(errors="replace")

    def cut(value: Json) -> Json:
        if isinstance(value, dict):
            return {name: cut(item) if name in {"request", "body", "content"} else item for name, item in value.items()}
        return value.replace(written, "", 1) if isinstance(value, str) else value

    shorter = replace(case, interactions=tuple(map(cut, case.interactions)))
    return _with_requests(shorter, lambda wire: replace(wire, body=wire.body.replace(raw, b"", 1)))
