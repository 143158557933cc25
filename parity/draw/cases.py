"""Whole cases: an expected request becomes an interaction, the interactions a pact, and requests are drawn near it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parity.case import VERSIONS, Case, Json, Wire
from parity.draw import values
from parity.draw.contracts import to_contract
from parity.draw.dice import Dice
from parity.draw.expected import Expected
from parity.draw.kinds import KINDS, Kind

REQUESTS = 3
"""How many requests that differ are drawn for an interaction."""


def draw_all(kind: str, count: int, seed: int) -> Iterator[Case]:
    """Draw the cases of a kind, the versions in turn. Each has dice of its own, so that it can be drawn alone."""
    versions = tuple(VERSIONS)
    for number in range(count):
        yield draw(kind, versions[number % len(versions)], f"{seed}/{kind}/{number}")


def draw(kind: str, version: str, name: str) -> Case:
    """Draw one case; the same name draws the same one."""
    dice = Dice(name)
    drawn = KINDS[kind]
    expected = _several(dice, drawn) if drawn.several else [drawn.expected(dice)]
    in_version: Callable[[str], str] = _in_contracts if drawn.is_contract else str
    version = in_version(version)
    if drawn.is_contract:
        interactions = [to_contract(dice, part, i) for i, part in enumerate(expected)]
    else:
        interactions = [_interaction(dice, part, i, version) for i, part in enumerate(expected)]
    then = [_near(dice, drawn, part) for part in expected for _ in range(REQUESTS if len(expected) == 1 else 2)]
    return Case(
        kind=kind,
        name=name,
        version=version,
        interactions=() if drawn.is_contract else tuple(interactions),
        contract=tuple(interactions) if drawn.is_contract else None,
        first=tuple(part.to_wire(dice) for part in expected),
        then=tuple(then),
        written_as=None if dice.chance(0.9) else in_version(dice.one(tuple(VERSIONS))),
    )


def _in_contracts(version: str) -> str:
    """V2 has no place for most of what the consumer-test form can say."""
    return "V4" if version == "V2" else version


def _several(dice: Dice, kind: Kind) -> list[Expected]:
    first = kind.expected(dice)
    return [first, *dice.times(1, 3, lambda: _edited(dice, kind, first))]


def _edited(dice: Dice, kind: Kind, part: Expected) -> Expected:
    for _ in range(1 if dice.chance(0.7) else 2):
        part = dice.one(kind.edits)(dice, part)
    return part


def _near(dice: Dice, kind: Kind, part: Expected) -> Wire:
    return _edited(dice, kind, part).to_wire(dice)


def _interaction(dice: Dice, part: Expected, index: int, version: str) -> Json:
    interaction: dict[str, Json] = {
        "description": f"request {index}",
        "request": part.to_json(version),
        "response": _response(dice, version),
    }
    if dice.chance(0.1):
        interaction |= _states(dice, version)
    if version == "V4":
        interaction = {"type": "Synchronous/HTTP", **interaction} | (_extras(dice) if dice.chance(0.1) else {})
    return interaction


def _states(dice: Dice, version: str) -> Json:
    name = values.text(dice)
    if version == "V2":
        return {"providerState": name}
    return {"providerStates": [{"name": name, "params": {values.key(dice): values.scalar(dice)}}, {"name": "second"}]}


def _extras(dice: Dice) -> Json:
    extras: dict[str, Json] = {
        "key": values.text(dice),
        "pending": dice.one((True, False, "yes")),
        "comments": {"testname": values.text(dice), "text": [], "references": {"a": {"b": 1}}},
        "interactionMarkup": {"markup": "# it", "markupType": "COMMON_MARK"},
    }
    return {name: extras[name] for name in dice.some(tuple(extras), 1, 4)}


def _response(dice: Dice, version: str) -> Json:
    response: dict[str, Json] = {"status": dice.one((200, 201, 204, 400, 404, 500)) if dice.chance(0.3) else 200}
    if dice.chance(0.3):
        content_type = dice.one(("application/json", "text/plain", "application/hal+json", "image/png"))
        response["headers"] = {"Content-Type": [content_type] if version == "V4" else content_type}
    if dice.chance(0.4):
        value = values.json_value(dice, 2) if dice.chance(0.7) else values.text(dice)
        response["body"] = {"content": value, "contentType": "application/json"} if version == "V4" else value
    return response
