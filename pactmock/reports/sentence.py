"""An explanation in one sentence, for logs and for the `error` of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explanation import Difference, Explanation
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut
from pactmock.reports.plain import plain
from pactmock.reports.visible import visible

_LONGEST = 8_000
_MOST_REASONS, _MOST_OF_ONE_PLACE = 10, 3
_LONG_TEXT = 200


def sentence(explanation: Explanation) -> str:
    """Say in one sentence what happened and what came nearest, as one line."""
    return cut(visible(_sentence(explanation)), _LONGEST)


def _sentence(explanation: Explanation) -> str:
    target = " ".join(explanation.received or (explanation.method, explanation.path))
    if explanation.type == kinds.PLUGIN_MISMATCH:
        return f"{target} did not match: {explanation.error or reasons(explanation)}"
    if explanation.type == kinds.REFUSED:
        return f"{target} was refused: {explanation.error}"
    if explanation.type in _MESSAGES:
        text = _MESSAGES[explanation.type].format(name=f"'{explanation.path}'")
        why = explanation.error or reasons(explanation)
        return f"{text}: {why}" if why else text
    if explanation.interaction is None:
        return f"{target} was not expected: this pact has no HTTP interactions"
    text = _TEXTS[explanation.type].format(target=target, name=name(explanation.interaction))
    return f"{text}: {reasons(explanation)}" if explanation.near else text


_MESSAGES = {
    kinds.MISSING_MESSAGE: "the message {name} was never handled",
    kinds.MESSAGE_FAILED: "the message {name} was not handled",
    kinds.MESSAGE_MISMATCH: "the reply to the message {name} did not match",
}
_TEXTS = {
    kinds.MATCH: "{target} matched {name}",
    kinds.MISMATCH: "{target} does not match {name}",
    kinds.UNDECIDED: "{target} could not be decided against {name}",
    kinds.NOT_FOUND: "{target} was not expected; the nearest interaction is {name}",
    kinds.MISSING: "{target} was expected for {name} and never came",
}


def name(interaction: InteractionName) -> str:
    """Name an interaction inside a sentence: `'a request for a user' (given 'user 1 exists')`."""
    states = ", ".join(f"'{state_name(state)}'" for state in interaction.provider_states)
    return f"'{interaction.description}'" + (f" (given {states})" if states else "")


def state_name(state: object) -> str:
    """Name a provider state; where states were left out, what stands for them is a text."""
    return str(state["name"]) if isinstance(state, dict) and "name" in state else str(state)


def reasons(explanation: Explanation) -> str:
    """Say what differs. A place where much differs, as in a list, is not said once an item."""
    listed = list(explanation.differences)
    said = [text for group in by_place(listed) for text in few(list(map(describe, group)))][:_MOST_REASONS]
    more = len(listed) - len(said) + explanation.more
    return "; ".join([*said, f"and {more:,} more"] if more else said)


def by_place(differences: Iterable[Difference]) -> Iterable[list[Difference]]:
    """Group mismatches that are of the same place."""
    groups: dict[object, list[Difference]] = {}
    for item in differences:
        groups.setdefault((item.type, item.place) if item.place else id(item), []).append(item)
    return groups.values()


def few(texts: list[str]) -> list[str]:
    """Return the first texts of one place, and the last: of a list it is the one about the number of its items."""
    if len(texts) <= _MOST_OF_ONE_PLACE:
        return texts
    return [*texts[: _MOST_OF_ONE_PLACE - 1], texts[-1]]


def describe(difference: Difference) -> str:
    """Say in a few words what differs, with the place where it is not said anyway."""
    if difference.type == "BodyTypeMismatch":
        return f"Expected a body of '{difference.expected}' but the actual content type was '{difference.actual}'"
    if difference.type == "BodyMismatch" and difference.place and difference.place[1]:  # a plugin may name no place
        return f"{difference.place[1]} -> {what_differs(difference)}"
    return what_differs(difference)


def what_differs(difference: Difference) -> str:
    """Say what differs, without its place. Of two long texts, only the first lines in which they differ are said."""
    if difference.mismatch.startswith("Expected body '") and len(difference.mismatch) > _LONG_TEXT:
        return _first_difference(str(difference.expected), str(difference.actual))
    return plain(difference.mismatch) or f"expected {difference.expected} but was {difference.actual}"


def _first_difference(expected: str, actual: str) -> str:
    pairs = zip_longest(expected.splitlines(), actual.splitlines(), fillvalue="")
    number, (left, right) = next(
        (each for each in enumerate(pairs, 1) if each[1][0] != each[1][1]), (1, (expected, actual))
    )
    where = "" if expected.startswith("…") else f" from line {number} on"
    return f"The texts differ{where}: expected '{cut(left, _LONG_TEXT)}' but was '{cut(right, _LONG_TEXT)}'"
