"""Explanations as the JSON of the control API (docs/control-api.md), and back.

`read` gives back what `mismatch` wrote, so whoever has asked the API can make every report of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation, NearMiss, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.pact.json.values import Json
from pactmock.reports.sentence import sentence

OUTCOMES = {
    kinds.MATCH: "Request-Matched",
    kinds.MISMATCH: "Request-Mismatch",
    kinds.UNDECIDED: "Request-Undecided",
    kinds.NOT_FOUND: "Unexpected-Request",
}
"""What `X-Pact` says of a request that was received."""


def mismatch(explanation: Explanation) -> dict[str, Json]:
    """Return a MISMATCH."""
    shape: dict[str, Json] = {"type": explanation.type, "method": explanation.method, "path": explanation.path}
    if explanation.request is not None:
        shape["message" if explanation.type == kinds.MISSING_MESSAGE else "request"] = explanation.request
    if explanation.received is not None:
        shape["received"] = dict(zip(("method", "path"), explanation.received, strict=True))
    if explanation.type in _WITH_ERROR:
        shape["error"] = explanation.error
    if explanation.type == kinds.REFUSED:
        return shape
    if explanation.type not in _WITHOUT_DIFFERENCES:
        shape |= {"mismatches": differences(explanation), "more": explanation.more}
    if explanation.type != kinds.NOT_FOUND and explanation.interaction is not None:
        shape["interaction"] = interaction(explanation.interaction)
    return shape | ({"nearMisses": near_misses(explanation)} if explanation.received is not None else {})


_WITH_ERROR = frozenset({kinds.PLUGIN_MISMATCH, kinds.REFUSED, kinds.MESSAGE_FAILED})
_WITHOUT_DIFFERENCES = frozenset({kinds.NOT_FOUND, kinds.MISSING, kinds.MISSING_MESSAGE, kinds.MESSAGE_FAILED})


def answer(explanation: Explanation) -> dict[str, Json]:
    """Return the body of the 500 that the code under test gets."""
    return {
        "error": sentence(explanation),
        "advice": explanation.advice,
        "outcome": OUTCOMES[explanation.type],
        **verdict(explanation),
    }


def verdict(explanation: Explanation) -> dict[str, Json]:
    """Return what is said of a request wherever it stands: the interaction, what differs, what came near."""
    return {
        "interaction": interaction(explanation.interaction) if explanation.interaction else None,
        "mismatches": differences(explanation),
        "more": explanation.more,
        "nearMisses": near_misses(explanation),
    }


def interaction(name: InteractionName) -> dict[str, Json]:
    """Name an interaction."""
    return {
        "description": name.description,
        "key": name.key,
        "index": name.index,
        "providerStates": list(name.provider_states),
        **({"interactionMarkup": name.markup} if name.markup else {}),
    }


def differences(explanation: Explanation) -> list[Json]:
    """List what differs from the interaction that came nearest."""
    return [_difference(item) for item in explanation.differences]


def near_misses(explanation: Explanation) -> list[Json]:
    """List the interactions that came nearest, the best first; none for a request that matched."""
    return [
        {
            "interaction": interaction(near.interaction),
            "expected": {"method": near.method, "path": near.path},
            "score": near.score,
            "parts": [_part(item) for item in near.parts],
            "advice": near.advice,
        }
        for near in explanation.near
    ]


def _part(finding: PartFinding) -> dict[str, Json]:
    return {
        "part": finding.part,
        "matched": finding.matched,
        "mismatches": [_difference(item) | {"rule": item.rule} for item in finding.differences],
        "more": finding.more,
    }


def _difference(item: Difference) -> dict[str, Json]:
    return {
        "type": item.type,
        **(dict([item.place]) if item.place else {}),
        "expected": item.expected,
        "actual": item.actual,
        "mismatch": item.mismatch,
        **dict(item.details),
    }


def read(document: Mapping[str, Json]) -> Explanation:
    """Read a MISMATCH, also one of a service that knows more or fewer members."""
    near = tuple(map(_read_near_miss, document.get("nearMisses") or ()))
    named, received = document.get("interaction"), document.get("received")
    return Explanation(
        document["type"],
        document["method"],
        document["path"],
        interaction=read_interaction(named) if named else near[0].interaction if near else None,
        received=(received["method"], received["path"]) if received else None,
        request=document.get("request", document.get("message")),
        parts=near[0].parts if near else _read_findings(document),
        near=near,
        error=document.get("error") or "",
    )


def read_interaction(document: Mapping[str, Json]) -> InteractionName:
    """Read the name of an interaction."""
    return InteractionName(
        document["description"],
        document.get("key") or "",
        document.get("index") or 0,
        tuple(document.get("providerStates") or ()),
        document.get("interactionMarkup"),
    )


def _read_near_miss(document: Mapping[str, Json]) -> NearMiss:
    return NearMiss(
        read_interaction(document["interaction"]),
        document["expected"]["method"],
        document["expected"]["path"],
        document["score"],
        tuple(_read_part(item["part"], item["mismatches"], item.get("more")) for item in document["parts"]),
        document.get("advice"),
    )


def _read_part(part: str, mismatches: Iterable[Mapping[str, Json]], more: int | None) -> PartFinding:
    return PartFinding(part, tuple(map(_read_difference, mismatches)), more or 0)


def _read_findings(document: Mapping[str, Json]) -> tuple[PartFinding, ...]:
    """Read what a plugin found, or what differs in replies: they name no parts."""
    found = document.get("mismatches")
    return (_read_part("", found, document.get("more")),) if found else ()


_PLACES = ("path", "parameter", "key")
_COMMON = frozenset({"type", "expected", "actual", "mismatch", "rule", *_PLACES})


def _read_difference(document: Mapping[str, Json]) -> Difference:
    return Difference(
        document["type"],
        next(((name, document[name]) for name in _PLACES if name in document), None),
        document["expected"],
        document["actual"],
        document["mismatch"],
        document.get("rule"),
        tuple((name, value) for name, value in document.items() if name not in _COMMON),
    )
