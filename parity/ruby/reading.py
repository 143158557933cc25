"""Reads scenarios from YAML that is as near to what goes over the wire as can be.

A file has a list of scenarios. Each has a `name`, `options` of the executable where they are not the usual ones, and
`steps`:

    GET /x?a=1                                      a request of the code under test, without a body
    {call: POST /x, json: {a: 1}}                   one with a JSON body, and a Content-Type that says so
    {call: POST /x, headers: {X-A: b}, body: text}  one with a body as text; headers may also be a list of pairs
    {call: POST /x, chunks: [te, xt]}               one with a body in chunks
    {admin: GET /interactions, headers: {}}         the same as a request of administration, with X-Pact-Mock-Service
    {expect: {...}}, {expect all: [...]}            an interaction is registered; all are
    {request: {...}}, {response: {...}}             one is registered that has this request, this response
    verify, missing, clear, clear session           the requests of these meanings
    write, {write: {...}}                           POST /pact without a body, with one
    files                                           what is in the pact directory now
    {put: {c-p.json: {...}}}                        files are put there, as JSON or as text
    {stop: TERM}                                    the process gets a signal; its exit status

A step may also be written `{do: verify}`. It has `differs` where ours answers otherwise on purpose:
`{because: name, ...}`, with what ours answers (see `answer`) instead of what the Ruby service answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from parity.ruby.notation import load
from parity.ruby.scenario import ADMIN, Action, Difference, Files, Json, Put, Request, Scenario, Step, Stop

FOLDER = Path(__file__).parent / "scenarios"


def files() -> list[Path]:
    """Return the files of scenarios."""
    return sorted(FOLDER.glob("*.yaml"))


def scenarios(file: Path) -> list[Scenario]:
    """Read the scenarios of a file."""
    return [
        Scenario(document["name"], [_step(step) for step in document["steps"]], document.get("options", {}))
        for document in load(file)
    ]


def _step(written: str | dict[str, Json]) -> Step:
    if isinstance(written, str):
        return Step(written, _plain(written))
    rest = dict(written)
    differs = rest.pop("differs", None)
    name = rest["do"] if "do" in rest else json.dumps(rest, ensure_ascii=False)
    (kind,) = rest.keys() - {"headers", "json", "body", "chunks"}
    action = _ACTIONS[kind](rest.pop(kind), **rest)
    return Step(name, action, Difference(differs.pop("because"), differs) if differs else None)


def _plain(written: str) -> Action:
    return _PLAIN[written] if written in _PLAIN else _call(written)


def _call(line: str, **parts: Json) -> Request:
    method, _, target = line.partition(" ")
    given = parts.get("headers", {})
    headers = [(name, value) for name, value in (given.items() if isinstance(given, dict) else given)]
    body = parts.get("body")
    if "json" in parts:
        body = _compact(parts["json"])
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", "application/json"))
    chunks = [chunk.encode() for chunk in parts.get("chunks", ())]
    return Request(method, target, headers, None if body is None else body.encode(), chunks)


def _admin(line: str, **parts: Json) -> Request:
    given = parts.pop("headers", {})
    return _call(line, headers={ADMIN[0]: ADMIN[1], **given}, **parts)


def _expect(interaction: Json) -> Request:
    return _admin("POST /interactions", json=interaction)


def _interaction(*, request: Json = None, response: Json = None) -> Json:
    request = request or {"method": "GET", "path": "/x"}
    return {"description": "it", "request": request, "response": response or {"status": 200}}


def _put(contents: dict[str, Json]) -> Put:
    return Put({name: value if isinstance(value, str) else _compact(value) for name, value in contents.items()})


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_ACTIONS: dict[str, Callable[..., Action]] = {
    "do": _plain,
    "call": _call,
    "admin": _admin,
    "expect": _expect,
    "expect all": lambda interactions: _admin("PUT /interactions", json={"interactions": interactions}),
    "request": lambda request: _expect(_interaction(request=request)),
    "response": lambda response: _expect(_interaction(response=response)),
    "write": lambda members: _admin("POST /pact", json=members),
    "put": _put,
    "stop": Stop,
}
_PLAIN: dict[str, Action] = {
    "verify": _admin("GET /interactions/verification"),
    "missing": _admin("GET /interactions/missing"),
    "clear": _admin("DELETE /interactions"),
    "clear session": _admin("DELETE /session"),
    "write": _admin("POST /pact", body=""),
    "files": Files(),
}
