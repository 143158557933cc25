"""Classes of disagreements: what two have in common when names, values and numbers are taken out of their lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

Signature = tuple[str, ...]
"""The aspect that differs, and the lines of both sides without their particulars."""


def sign(aspect: str, theirs: Iterable[str], ours: Iterable[str]) -> Signature:
    """Make the signature of what only one side said; it is empty where there is nothing."""
    if not aspect:
        return ()
    lines = {f"reference: {_template(line)}" for line in theirs} | {f"pactmock: {_template(line)}" for line in ours}
    versions = {line for line in lines if line.endswith("written version")}
    return (aspect, *sorted(versions or lines))


def _template(line: str) -> str:
    kind = line.partition(" ")[0]
    if kind == "written":
        return _written_template(line)
    if kind in {"reply", "odd"}:
        return _reply_template(line)
    if '"mismatch": ' in line:
        return _mismatch_template(line)
    return kind if kind in {"request-mismatch", "request-not-found", "missing-request"} else plain(line)


def _reply_template(line: str) -> str:
    kind, _, said = line.partition(" ")
    status, x_pact, body = said.partition(": ")[2].split(" ", 2)
    if kind == "odd":
        return f"odd reply {status} {x_pact} {plain(body)}"
    return f"reply {x_pact or 'as in the pact'}"


def _mismatch_template(line: str) -> str:
    kind, _, fields = line.partition(" ")
    text = _REASON.sub(r"\1", str(json.loads(fields)["mismatch"]))
    return f"{kind} {plain(text)}"[:300]


# The reasons of parsers are many, but they differ for one reason.
_REASON = re.compile(r"(Failed to parse the \w+ body: '(?:Failed to parse bytes as XML)?).*", re.DOTALL)

_MEMBER = re.compile(
    r"request|response|body|content|contentType|encoded|headers?|query|matchingRules|generators|path|method|status"
    r"|providerStates?|params|comments|key|pending|transport|type|interactionMarkup|description"
    r"|matchers|combine|match|regex|min|max|format|value|rules|variants|index"
)
"""The steps that every pact has; others are names that somebody gave."""


def _written_template(line: str) -> str:
    path, equals, value = line.partition(" = ")
    if not equals:
        return "written version"
    steps = [step if _MEMBER.fullmatch(step) else "_" for step in path.split("/")[1:]]
    shown = "/".join(step for i, step in enumerate(steps) if step != "_" or steps[i - 1] != "_")
    return f"written {shown} = {type(json.loads(value)).__name__}"


_PARTICULARS = (
    (re.compile(r"[a-z*]+/[\w.+*-]+(?:;[\w.=-]+)*"), "type"),
    (re.compile(r"'(?:[^'\\]|\\.)*'"), "'_'"),
    (re.compile(r'"(?:[^"\\]|\\.)*"'), '"_"'),
    (re.compile(r"\{[^{}]*\}"), "_"),
    (re.compile(r"\[[^\[\]]*\]"), "_"),
    (re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"), "0"),
)


def plain(text: str) -> str:
    """Take names, values and numbers out of a text."""
    before = None
    while before != text:
        before = text
        for pattern, stand_in in _PARTICULARS:
            text = pattern.sub(stand_in, text)
    return text
